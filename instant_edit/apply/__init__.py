"""The headless command: selection, diff, report, atomic write."""
