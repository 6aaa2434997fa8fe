"""The report for readers, made of nothing but the object that ``report.json`` holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WAYS = {
    ("fill", "diffusion"): "fill, diffusion",
    ("fill", "ar"): "fill, left to right",
    ("rewrite", "diffusion"): "rewrite, diffusion",
}
_COLUMNS = (
    "",
    "pass@1 (95 % interval)",
    "exact",
    "drafts that parse, before the gate",
    "returned edits that parse",
    "no edit",
    "unchanged",
    "passes an edit",
    "tokens a pass",
    "ms p50 / p95",
)
_NOTES = """\
Intervals of rates are Wilson's and take the rows for independent, which rows about the same
program are not; those of differences are a paired bootstrap over programs. An edit that the gate
rejects has not passed. Where the length is told, it is that of the text before, in tokens; such
figures say what could be, not what a user gets. Rows are edited one after the other, all ways of
decoding side by side, and these take turns at being first. Times are those of the machine as it
was: they mean something only where nothing else ran."""


def markdown(document: dict[str, Any]) -> str:
    """The whole report."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: dict[str, Any]) -> Iterator[str]:
    model, machine = document["model"], document["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in document["versions"].items())
    yield "# Evaluation"
    yield ""
    yield f"    {document['command']}"
    yield ""
    yield f"Model {model['id']}, `{model['digest']}`, {model['dtype']}, {model['threads']} threads;"
    yield f"{machine['cores']} cores ({machine['processor']}); {versions}."
    yield ""
    if not document["complete"]:
        yield "**This run is not through: the same command goes on where it stopped.**"
        yield ""
    yield _NOTES
    for one in document["sets"]:
        yield ""
        yield from _set(one, document["data"][one["name"]])


def _set(one: dict[str, Any], data: dict[str, str]) -> Iterator[str]:
    yield f"## {one['title']}"
    yield ""
    yield f"`{data['file']}` (SHA-256 `{data['sha256'][:16]}…`): {one['drawn']} rows"
    yield f"of {one['usable']}, drawn by the seed. {one['judged']}"
    if one["left_out"]:
        yield f"Rows that cannot be used: {_some(one['left_out'])}."
    if one["broken"]:
        yield f"Left out, for their own solution does not pass here: {_some(one['broken'])}."
    for length, heading in (("own", "Own length"), ("oracle", "Oracle length (told to the model)")):
        variants = [v for v in one["variants"] if v["length"] == length]
        if variants:
            yield ""
            yield f"**{heading}**"
            yield ""
            yield from _table(variants)
            yield from (_pair(pair) for pair in one["pairs"] if pair["length"] == length)


def _table(variants: Sequence[dict[str, Any]]) -> Iterator[str]:
    yield f"| {' | '.join(_COLUMNS)} |".replace("|  |", "| |")
    yield "|---" * len(_COLUMNS) + "|"
    for one in variants:
        way = _WAYS[one["mode"], one["decoding"]]
        times = one["milliseconds"]
        cells = (
            way,
            _bounded(one["pass_at_1"]),
            _share(one["exact_match"]),
            _share(one["drafts_that_parse"]),
            _share(one["edits_that_parse"]),
            _share(one["no_edit"]),
            _share(one["unchanged"]),
            f"{one['forward_passes_per_edit']:.1f}",
            f"{one['tokens_per_forward']:.2f}",
            # an oracle length comes second: its context has been read already
            f"{times['p50']:.0f} / {times['p95']:.0f}" if one["length"] == "own" else "–",
        )
        yield f"| {' | '.join(cells)} |"


def _pair(one: dict[str, Any]) -> str:
    ratio = "" if one["ratio"] is None else f", ratio {one['ratio']:.2f}"
    return (
        f"\nDiffusion less left to right, {one['rows']} pairs: "
        f"{100 * one['difference']:+.1f} points (95 % interval "
        f"{100 * one['low']:+.1f} to {100 * one['high']:+.1f}){ratio}; "
        f"both pass {one['both']}, only diffusion {one['only_first']}, only left to right "
        f"{one['only_second']}, neither {one['neither']} (McNemar p = {one['p']:.2g})."
    )


def _bounded(rate: dict[str, float]) -> str:
    if not rate["of"]:
        return "not judged"
    low, high = 100 * rate["low"], 100 * rate["high"]
    return f"{100 * rate['rate']:.1f} % ({low:.1f}–{high:.1f}), {rate['count']} of {rate['of']}"


def _share(rate: dict[str, float]) -> str:
    return f"{100 * rate['rate']:.1f} % of {rate['of']}" if rate["of"] else "–"


def _some(names: Sequence[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return "; ".join(names[:most]) + more
