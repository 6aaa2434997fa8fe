"""The tables that ``bench`` knows; here, so that ``--help`` need load nothing."""

TABLES = (
    "line",
    "contexts",
    "spans",
    "difficulty",
    "candidates",
    "cache",
    "start",
    "infilling",
)
