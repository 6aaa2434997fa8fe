"""Every kind of edit for JavaScript and TypeScript."""

from __future__ import annotations

from functools import partial

from instant_edit.edit_kinds.checking import same_tokens
from instant_edit.edit_kinds.javascript import declaring, expressing, flowing
from instant_edit.edit_kinds.kind import EditKind

LANGUAGES = frozenset({"javascript", "typescript", "tsx"})
_kind = partial(EditKind, languages=LANGUAGES)

KINDS = (
    _kind(
        "const",
        "Use const or let instead of var",
        ("use const or let", "replace var with const or let", "do not use var"),
        places=declaring.var_declarations,
        rewrites=declaring.declarations,
    ),
    _kind(
        "arrow-function",
        "Use an arrow function",
        ("use an arrow function", "convert to an arrow function", "make it an arrow function"),
        places=declaring.function_expressions,
        rewrites=declaring.arrows,
    ),
    _kind(
        "strict-equality",
        "Use strict equality",
        ("use strict equality", "use ===", "compare strictly"),
        places=expressing.loose_equalities,
        rewrites=expressing.equalities,
    ),
    _kind(
        "template-literal",
        "Use a template literal",
        ("use a template literal", "use a template string", "convert to a template literal"),
        places=expressing.joined_strings,
        rewrites=expressing.templates,
    ),
    _kind(
        "optional-chaining",
        "Use optional chaining",
        ("use optional chaining", "use ?.", "simplify with optional chaining"),
        places=expressing.guarded_members,
        rewrites=expressing.chains,
    ),
    _kind(
        "fix-sign",
        "Fix a wrong operator (JavaScript)",
        ("fix the wrong operator", "fix the operator", "fix the bug"),
        places=expressing.signs,
        rewrites=expressing.wrong_signs,
        vanishes=False,
    ),
    _kind(
        "await",
        "Use await instead of then",
        ("use await", "use await instead of then", "convert to async/await"),
        places=flowing.thens,
        rewrites=flowing.awaits,
    ),
    _kind(
        "no-console",
        "Remove console.log",
        ("remove console.log", "remove the debug output", "delete the logging"),
        places=flowing.logged,
        rewrites=flowing.silenced,
    ),
    _kind(
        "semicolon",
        "Add a missing semicolon",
        ("add the missing semicolon", "add a semicolon"),
        places=flowing.unended,
        rewrites=flowing.semicolons,
        right=same_tokens,
    ),
    _kind(
        "close-bracket",
        "Add a missing bracket (JavaScript)",
        ("add the missing bracket", "fix the syntax error", "make it parse"),
        places=flowing.broken,
        rewrites=flowing.missing_brackets,
    ),
)
