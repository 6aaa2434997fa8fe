"""The kinds of edits for Python, one file for each family."""
