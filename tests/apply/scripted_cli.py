"""The whole command line with a scripted model: each return statement comes to return 2."""

from __future__ import annotations

import sys

from instant_edit import cli
from tests.apply.scripting import AnsweringEditor, old_texts


def main() -> int:
    editor = AnsweringEditor(
        lambda request: [text.replace("return 1", "return 2") for text in old_texts(request)]
    )
    cli.open_editor = lambda model: editor
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
