"""Findings of other tools (SARIF, or ruff's JSON) as places to edit."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlparse

from instant_edit.apply.selection.rows import Row, read_text
from instant_edit.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def read_diagnostics(file: Path) -> tuple[Row, ...]:
    """Read ``--diagnostics FILE``: each finding's lines, to be edited so that it goes.

    Findings that share lines become one row with both messages.

    Raises:
        InputError: the file is neither a SARIF log nor ruff's JSON.
    """
    text = read_text(file, "--diagnostics")
    try:
        document = json.loads(text)
        if isinstance(document, list):
            found = list(_ruff(document))
        else:
            found = [row for run in document["runs"] for row in _sarif(run)]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise InputError(
            f"--diagnostics {file} is neither SARIF 2.1.0 nor the JSON of "
            f"`ruff check --output-format json` ({type(error).__name__}: {error})"
        ) from None
    return tuple(_merged(found))


def _ruff(document: list[dict[str, Any]]) -> Iterator[Row]:
    for one in document:
        first = int(one["location"]["row"])
        end = one.get("end_location") or one["location"]
        last = max(first, int(end["row"]) - (int(end["column"]) <= 1 and int(end["row"]) > first))
        yield _row(str(one["filename"]), first, last, one.get("code"), str(one["message"]))


def _sarif(run: dict[str, Any]) -> Iterator[Row]:
    bases = run.get("originalUriBaseIds") or {}
    for result in run.get("results") or []:
        if result.get("kind", "fail") != "fail" or result.get("suppressions"):
            continue
        for location in (result.get("locations") or [])[:1]:
            physical = location["physicalLocation"]
            region = physical["region"]
            first = int(region["startLine"])
            last = int(region.get("endLine", first))
            if last > first and region.get("endColumn") == 1:
                last -= 1
            path = _path(physical["artifactLocation"], bases)
            yield _row(path, first, last, result.get("ruleId"), str(result["message"]["text"]))


def _path(artifact: dict[str, Any], bases: dict[str, Any]) -> str:
    uri = str(artifact["uri"])
    base = bases.get(artifact.get("uriBaseId", ""), {}).get("uri", "")
    whole = urlparse(urljoin(base, uri))
    if whole.scheme not in ("", "file"):
        raise InputError(f"--diagnostics: {uri!r} does not name a file")
    return unquote(whole.path)


def _row(path: str, first: int, last: int, code: object, message: str) -> Row:
    said = " ".join(message.split())
    instruction = f"fix {code}: {said}" if code else f"fix: {said}"
    origin = f"the finding {code or said!r} in line {first}"
    lines = (first, max(first, last))
    return Row(path, origin, lines=lines, instruction=instruction, reported=True)


def _merged(rows: Iterable[Row]) -> Iterator[Row]:
    last: Row | None = None
    for row in sorted(rows, key=lambda row: (row.path, row.lines or (0, 0))):
        if last and last.path == row.path and _first(row) <= _last(last):
            last = _both(last, row)
            continue
        if last:
            yield last
        last = row
    if last:
        yield last


def _both(left: Row, right: Row) -> Row:
    said = [left.instruction or ""]
    if right.instruction and right.instruction not in said[0]:
        said.append(right.instruction)
    lines = (_first(left), max(_last(left), _last(right)))
    return replace(left, lines=lines, instruction="; ".join(said))


def _first(row: Row) -> int:
    return row.lines[0] if row.lines else 0


def _last(row: Row) -> int:
    return row.lines[1] if row.lines else 0
