"""One file for each format of rows: how a row becomes a case."""
