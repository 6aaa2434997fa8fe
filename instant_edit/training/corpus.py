"""Build the training corpus of pinned releases, less what the filters keep out.

Writes ``tokens.bin`` (uint16), ``documents.npz`` (offset, length, held-out flag) and
``manifest.json`` (every source with version, licence, hash, yield, and what was skipped for which
reason) to a folder that is never committed.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from instant_edit.tokenizer import Tokenizer
from instant_edit.training.filtering import Near, Skipped, clean, evaluation_shingles, shingles
from instant_edit.training.releases import fetch, licence, members

BYTES_PER_SOURCE = 1_500_000
HELD_OUT_PERCENT = 2


def build(out: Path, downloads: Path, tokenizer: Tokenizer, exclude: list[Path]) -> None:
    """Write the corpus to ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    leaks, near = evaluation_shingles(exclude), Near()
    manifest: list[dict[str, Any]] = []
    texts: list[str] = []
    skipped = Counter[str]()
    for source in fetch(downloads):
        path, here = Path(source.pop("path")), Counter[str]()
        new = list(texts_of(path, leaks, near, here))
        size = sum(map(len, new))
        leaked = here.pop("leaked", 0)
        found = {"licence": licence(path), "files": len(new), "characters": size, "leaked": leaked}
        manifest.append({**source, **found, "skipped": dict(sorted(here.items()))})
        print(f"corpus: {source['pin']}: {len(new)} files, {size:,} characters", file=sys.stderr)
        texts += new
        skipped += here
    if not texts:
        raise SystemExit(f"corpus: no file is worth learning from; skipped: {dict(skipped)}")
    totals = _write(out, texts, tokenizer)
    totals["skipped"] = dict(sorted(skipped.items()))
    report = {"totals": totals, "excluded": [p.name for p in exclude], "sources": manifest}
    (out / "manifest.json").write_text(json.dumps(report, indent=1))
    print(f"corpus: {totals}", file=sys.stderr)


def texts_of(path: Path, leaks: set[int], near: Near, skipped: Counter[str]) -> Iterator[str]:
    """The texts of one release worth learning from, in an order of their names' hashes.

    Args:
        path: the archive.
        leaks: shingles of the evaluation sets.
        near: the lines of what was kept before.
        skipped: is told how many files were left out, by reason.
    """
    size = 0
    for name, data in sorted(members(path), key=lambda m: hashlib.sha1(m[0].encode()).digest()):
        try:
            if data is None:
                raise Skipped("damaged")
            text = clean(name, data)
            if near.duplicate(text):
                raise Skipped("duplicate")
            if leaks and not leaks.isdisjoint(shingles(text)):
                raise Skipped("leaked")
        except Skipped as reason:
            skipped[str(reason)] += 1
            continue
        yield text
        size += len(text)
        if size > BYTES_PER_SOURCE:
            return


def _write(out: Path, texts: list[str], tokenizer: Tokenizer) -> dict[str, Any]:
    """Write tokens and index; the totals."""
    held = [hashlib.sha1(t.encode()).digest()[0] * 100 < HELD_OUT_PERCENT * 256 for t in texts]
    ids = [np.array(row, np.uint16) for row in tokenizer.encode_batch(texts)]
    lengths = np.array([len(row) for row in ids])
    np.concatenate(ids).tofile(out / "tokens.bin")
    offsets = np.concatenate([[0], lengths.cumsum()[:-1]])
    np.savez(out / "documents.npz", offset=offsets, length=lengths, held_out=np.array(held))
    return {"documents": len(ids), "tokens": int(lengths.sum()), "held_out": int(sum(held))}


class Corpus:
    """The documents of a built corpus, read through a memory map."""

    def __init__(self, folder: Path, minimum: int) -> None:
        self.tokens = np.memmap(folder / "tokens.bin", np.uint16, "r")
        index = np.load(folder / "documents.npz")
        enough = index["length"] >= minimum
        self.offset, self.length = index["offset"][enough], index["length"][enough]
        self.held_out = index["held_out"][enough]

    def draw(self, rng: np.random.Generator, *, held_out: bool) -> np.ndarray[Any, Any]:
        """A document, the longer the likelier, from one side of the split."""
        side = np.flatnonzero(self.held_out == held_out)
        weight = np.minimum(self.length[side], 8192).astype(float)
        at = int(rng.choice(side, p=weight / weight.sum()))
        start = int(self.offset[at])
        return np.array(self.tokens[start : start + int(self.length[at])], np.int64)
