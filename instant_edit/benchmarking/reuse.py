"""What the cache of contexts saves: the same edit again, edits while typing, large files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import mean, median

from instant_edit.benchmarking.bench import Bench, forget
from instant_edit.benchmarking.inputs import Fill
from instant_edit.benchmarking.table import Row, Table
from instant_edit.engine import Editor
from instant_edit.request import EditRequest, Span, Stats

SIZES = (512, 8000)  # tokens of the file
KEYS = (1, 8, 32)  # characters typed since the last edit

Before = Callable[[EditRequest], EditRequest | None]  # what was edited earlier


def cache(bench: Bench) -> Table:
    """Context time and hit rate after different histories."""
    editor, todo = Editor(bench.denoiser), bench.fills(context=2000)
    editor.edit(todo[0].request)
    histories: dict[str, Before] = {
        "nothing": lambda request: None,
        "the same edit": lambda request: request,
        **{f"{keys} keys typed before the span": _untyped(keys) for keys in KEYS},
    }
    rows = [
        {"edited before": told, **_costs(_edits(bench, editor, todo, before))}
        for told, before in histories.items()
    ]
    rows += [_in_a_file(bench, editor, size) for size in SIZES]
    note = (
        "Prefixes of 384 tokens and more. What is reused has the same bits as if it were read "
        "anew; a prefix is reused in blocks of 256 tokens. The last rows are warm edits in files "
        "of two sizes, nothing known of them."
    )
    return Table("cache", "Contexts reused", note, tuple(rows))


def _untyped(keys: int) -> Before:
    """The request as it was before the last ``keys`` characters in front of its span came."""

    def before(request: EditRequest) -> EditRequest:
        (span,) = request.spans
        source = request.source[: span.start - keys] + request.source[span.start :]
        moved = Span(span.start - keys, span.end - keys)
        return replace(request, source=source, spans=(moved,))

    return before


def _edits(bench: Bench, editor: Editor, todo: Sequence[Fill], before: Before) -> list[Stats]:
    out = []
    for fill in todo:
        for _ in range(bench.repeats):
            forget(bench.denoiser)
            earlier = before(fill.request)
            if earlier is not None:
                editor.edit(earlier)
            out.append(editor.edit(fill.request).stats)
    return out


def _in_a_file(bench: Bench, editor: Editor, tokens: int) -> Row:
    told = f"nothing, in a file of {tokens} tokens"
    todo = bench.fills(context=tokens)
    return {"edited before": told, **_costs(_edits(bench, editor, todo, lambda request: None))}


def _costs(stats: Sequence[Stats]) -> Row:
    return {
        "hit rate": mean(one.context_hit_rate for one in stats),
        "context tokens": mean(one.context_tokens for one in stats),
        "context ms": median(one.context_milliseconds for one in stats),
        "p50 ms": median(one.milliseconds for one in stats),
    }
