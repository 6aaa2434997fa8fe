"""What the kinds of tree-sitter nodes mean to the gate, for all grammars at once.

Most nodes are *transparent*: ``a + b`` may become ``a + b * c``, and a call may become a
chain of calls, without anything around it changing. A node that is not has a *family*:
statements, blocks, definitions and clauses, whose place in the text must not move.
"""

from __future__ import annotations

import re
from functools import lru_cache

BRACKETS = {
    "(": ")",
    "[": "]",
    "{": "}",
    "((": "))",
    "[[": "]]",
    "${": "}",
    "$(": ")",
    "$((": "))",
    "<(": ")",
    ">(": ")",
}

_STRUCTURE = re.compile(
    r".*_statement|(.*_)?declaration|.*_definition|.*_item|(.*_)?block|.*_body|.*element"
    r"|(else|elif|except|finally|catch|case|seh_except|seh_finally)_clause"
    r"|(unset|test|declaration)_command|command|do_group|rule_set|for_range_loop"
    r"|switch_(case|default|rule|block_statement_group)|match_arm|static_initializer"
    r"|(expression|type|default|communication)_case|preproc_(if|ifdef|else|elif|elifdef)"
    r"|linkage_specification|internal_module"
)
_TRANSPARENT = re.compile(
    r"(decorated|namespace_alias)_definition"
    r"|(export|labeled|attributed|init|redirected)_statement"
    r"|(ambient|template|.*parameter)_declaration"
    r"|with_item|record_pattern_body|heredoc_body|(async|unsafe|const|gen|try)_block"
    r"|literal_element|keyed_element|array_element|jsx_(opening|closing|self_closing)_element"
)
_TRANSPARENT_IN = {
    "rust": frozenset({"expression_statement"}),  # a block's value is one without it
    "css": frozenset({"block"}),  # an empty rule set is as good as another
}
_FAMILIES = (
    ("clause", r"(else|elif|except|finally|catch|seh_except|seh_finally)_clause"),
    ("preprocessor", r"preproc_.*"),
    ("loop", r"(enhanced_|c_style_)?for_.*|while_statement|do_statement"),
    ("branch", r"(if|try|try_with_resources|with|match|.*switch|case|select)_statement"),
    ("case", r".*_case|switch_default|switch_rule|switch_block_.*|case_(clause|item)|match_arm"),
    ("function", r".*(function|method|constructor).*"),
    ("type", r".*(class|struct|union|enum|trait|impl|interface|namespace|module|mod|record)_.*"),
    ("block", r"(.*_)?block|.*_body|compound_statement|do_group|static_initializer"),
    ("element", r".*element|rule_set"),
    ("declaration", r"(.*_)?(declaration|definition|item)"),
)
_KEEPS_KIND = frozenset({"clause", "branch"})


@lru_cache(maxsize=4096)
def family(kind: str, language: str) -> str | None:
    """The family of a structural kind of node; None for one that is transparent."""
    if not _STRUCTURE.fullmatch(kind) or _TRANSPARENT.fullmatch(kind):
        return None
    if kind in _TRANSPARENT_IN.get(language, ()):
        return None
    for name, pattern in _FAMILIES:
        if re.fullmatch(pattern, kind):
            return kind if name in _KEEPS_KIND else name
    return "statement"


@lru_cache(maxsize=4096)
def token_class(kind: str, named: bool) -> str:
    """What is compared of a token that did not change its text.

    An identifier is a type here and a value there, and a keyword may be soft: such words
    are all one class. A word that becomes the inside of a string is not.
    """
    if named:
        return "text" if re.search("string|template|text|content|heredoc", kind) else "word"
    return "word" if kind.isidentifier() else kind


def is_comment(kind: str) -> bool:
    """Whether a node is a comment, whose place in a tree is never stable."""
    return "comment" in kind
