"""The kinds of edits that mend Python: bugs of one line, and syntax errors."""

from __future__ import annotations

from functools import partial

from instant_edit.edit_kinds.kind import EditKind
from instant_edit.edit_kinds.python import broken, bugs

_kind = partial(EditKind, languages=frozenset({"python"}))

BUGS = (
    _kind(
        "fix-operator",
        "Fix a wrong operator",
        ("fix the wrong operator", "fix the operator", "fix the bug"),
        places=bugs.lines_with_operators,
        rewrites=bugs.wrong_operators,
        vanishes=False,
    ),
    _kind(
        "fix-off-by-one",
        "Fix an off-by-one error",
        ("fix the off-by-one error", "fix off by one", "fix the bug"),
        places=bugs.lines_with_limits,
        rewrites=bugs.off_by_one,
        vanishes=False,
    ),
    _kind(
        "fix-variable",
        "Fix a wrong variable",
        ("fix the wrong variable", "use the right variable", "fix the bug"),
        places=bugs.lines_with_names,
        rewrites=bugs.wrong_variables,
        vanishes=False,
    ),
    _kind(
        "fix-return",
        "Add a missing return",
        ("add the missing return", "return the value", "fix the bug"),
        places=bugs.last_expressions,
        rewrites=bugs.missing_returns,
    ),
    _kind(
        "fix-arguments",
        "Fix swapped arguments",
        ("fix the swapped arguments", "fix the order of the arguments", "fix the bug"),
        places=bugs.lines_with_arguments,
        rewrites=bugs.swapped_arguments,
        vanishes=False,
    ),
)
_SYNTAX = ("fix the syntax error", "fix the syntax", "make it parse")
BROKEN = (
    _kind(
        "missing-colon",
        "Add a missing colon",
        ("add the missing colon", *_SYNTAX),
        places=broken.without_colon,
        rewrites=broken.missing_colons,
    ),
    _kind(
        "missing-bracket",
        "Add a missing bracket",
        ("add the missing bracket", *_SYNTAX),
        places=broken.without_bracket,
        rewrites=broken.missing_brackets,
    ),
    _kind(
        "missing-quote",
        "Add a missing quote",
        ("add the missing quote", *_SYNTAX),
        places=broken.without_quote,
        rewrites=broken.missing_quotes,
    ),
    _kind(
        "indentation",
        "Fix the indentation",
        ("fix the indentation", "indent this correctly", *_SYNTAX),
        places=broken.wrongly_indented,
        rewrites=broken.indentations,
    ),
)
