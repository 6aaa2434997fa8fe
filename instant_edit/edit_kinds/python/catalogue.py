"""Every kind of edit for Python: its name, what asks for it, and where all of that is found."""

from __future__ import annotations

from functools import partial

from instant_edit.edit_kinds import outcomes
from instant_edit.edit_kinds.checking import same_tokens
from instant_edit.edit_kinds.kind import EditKind
from instant_edit.edit_kinds.python import (
    annotating,
    calls,
    conditions,
    handling,
    imports,
    leftovers,
    loops,
    mending,
    naming,
    strings,
)

_kind = partial(EditKind, languages=frozenset({"python"}))

ANNOTATING = (
    _kind(
        "docstring",
        "Add a missing docstring",
        ("add a docstring", "write a docstring", "document this", "add docs"),
        places=annotating.undocumented,
        rewrites=annotating.docstrings,
        right=outcomes.documented,
    ),
    _kind(
        "return-type",
        "Add a missing return type",
        ("add the return type", "add a return type", "annotate what it returns"),
        places=annotating.untyped_results,
        rewrites=annotating.return_types,
        right=outcomes.hinted,
    ),
    _kind(
        "type-hints",
        "Add type hints to the parameters",
        ("add type hints", "annotate the parameters", "add types"),
        places=annotating.untyped_parameters,
        rewrites=annotating.parameter_types,
        right=outcomes.hinted,
    ),
    _kind(
        "no-type-hints",
        "Remove the type hints of a signature",
        ("remove the type hints", "remove type annotations", "drop the types"),
        places=annotating.typed_signatures,
        rewrites=annotating.signature_types,
    ),
)
NAMING = (
    _kind(
        "rename-variable",
        "Rename a variable",
        ("give the variable a better name", "use a telling name"),
        places=naming.short_names,
        rewrites=naming.renames,
    ),
    _kind(
        "rename-parameter",
        "Rename a parameter",
        ("give the parameter a better name", "use a telling name for the parameter"),
        places=naming.parameters_of_one_letter,
        rewrites=naming.parameter_renames,
    ),
    _kind(
        "constant",
        "Extract a constant",
        ("extract a constant", "give the number a name"),
        places=naming.literals,
        rewrites=naming.constants,
        right=outcomes.extracted,
    ),
)
STRINGS = (
    _kind(
        "f-string",
        "Use an f-string",
        ("use an f-string", "convert to an f-string", "make it an f-string"),
        places=strings.old_strings,
        rewrites=strings.to_f_strings,
    ),
    _kind(
        "format-call",
        "Use str.format",
        ("use str.format", "use format instead of an f-string", "convert to .format()"),
        places=strings.statements_with_f_strings,
        rewrites=strings.to_formats,
    ),
    _kind(
        "percent-format",
        "Use % formatting",
        ("use % formatting", "use percent formatting", "convert to % formatting"),
        places=strings.statements_with_f_strings,
        rewrites=strings.to_percents,
    ),
)
CONDITIONS = (
    _kind(
        "invert-if",
        "Invert the condition",
        ("invert the condition", "swap the branches", "negate the if"),
        places=conditions.two_ways,
        rewrites=conditions.inverted,
        vanishes=False,
    ),
    _kind(
        "early-return",
        "Return early",
        ("return early", "use an early return", "reduce the nesting"),
        places=conditions.last_conditions,
        rewrites=conditions.early_returns,
    ),
    _kind(
        "guard-none",
        "Guard against None",
        ("guard against None", "check for None first"),
        places=conditions.unguarded,
        rewrites=conditions.guards,
        right=outcomes.guarded,
    ),
    _kind(
        "is-none",
        "Compare with None by `is`",
        ("use is None", "compare with None using is", "fix the comparison with None"),
        places=conditions.compared_with_none,
        rewrites=conditions.none_comparisons,
        said_of=conditions.said_of_none,
    ),
    _kind(
        "not-in",
        "Use `not in` and `is not`",
        ("use not in", "use the not in operator", "simplify the negation"),
        places=conditions.denied_memberships,
        rewrites=conditions.memberships,
        said_of=conditions.said_of_denial,
        right=same_tokens,
    ),
)
STATEMENTS = (
    _kind(
        "comprehension",
        "Use a comprehension",
        ("use a list comprehension", "convert the loop to a comprehension", "make it one line"),
        places=loops.filling_loops,
        rewrites=loops.to_comprehension,
    ),
    _kind(
        "loop",
        "Use a loop",
        ("use a for loop", "convert the comprehension to a loop", "write it as a loop"),
        places=loops.comprehended_lists,
        rewrites=loops.to_loop,
    ),
    _kind(
        "logging",
        "Log instead of printing",
        ("use logging instead of print", "replace print with logging", "log this"),
        places=handling.prints,
        rewrites=handling.loggings,
        right=outcomes.logged,
    ),
    _kind(
        "try-except",
        "Wrap in try/except",
        ("wrap in try/except", "handle the exception"),
        places=handling.risky_statements,
        rewrites=handling.wrappings,
        right=outcomes.caught,
    ),
    _kind(
        "bare-except",
        "Name the exception of a bare except",
        ("catch a named exception", "name the exception", "do not use a bare except"),
        places=handling.bare_excepts,
        rewrites=handling.named_excepts,
        right=outcomes.named,
    ),
    _kind(
        "with-open",
        "Open the file in a with statement",
        ("use a with statement", "open the file with a context manager", "close the file safely"),
        places=handling.open_and_close,
        rewrites=handling.with_statements,
    ),
    _kind(
        "pathlib",
        "Use pathlib",
        ("use pathlib", "use Path instead of os.path", "convert to pathlib"),
        places=calls.os_paths,
        rewrites=calls.pathlibs,
    ),
    _kind(
        "dict-get",
        "Read the mapping with get",
        ("use get", "use dict.get", "read the key with .get()"),
        places=calls.subscripts,
        rewrites=calls.gets,
    ),
    _kind(
        "add-parameter",
        "Add a parameter with a default",
        ("add a parameter with a default", "add an optional parameter"),
        places=calls.signatures,
        rewrites=calls.more_parameters,
        vanishes=False,
    ),
    _kind(
        "sort-imports",
        "Sort the imports",
        ("sort the imports", "sort imports", "put the imports in order"),
        places=imports.unsorted_runs,
        rewrites=imports.sorted_again,
    ),
    _kind(
        "dedupe-imports",
        "Remove repeated imports",
        ("remove the duplicate import", "remove duplicate imports", "dedupe the imports"),
        places=imports.repeated,
        rewrites=imports.without_repeats,
    ),
    _kind(
        "dead-code",
        "Remove unreachable code",
        ("remove the dead code", "remove unreachable code", "delete what is never reached"),
        places=leftovers.unreachable,
        rewrites=leftovers.reachable,
    ),
    _kind(
        "todo",
        "Do what a TODO says",
        ("complete the TODO", "do the TODO", "implement this"),
        places=leftovers.todos,
        rewrites=leftovers.completions,
    ),
)
KINDS = (*ANNOTATING, *NAMING, *STRINGS, *CONDITIONS, *STATEMENTS, *mending.BUGS, *mending.BROKEN)
