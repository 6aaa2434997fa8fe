"""What a run prints: one file for each format, all made of the same entries."""
