"""``python -m instant_edit`` is the same as ``instant-edit``."""

from __future__ import annotations

import sys

from instant_edit.cli import main

if __name__ == "__main__":
    sys.exit(main())
