"""The kinds of edits for JavaScript and TypeScript, one file for each family."""
