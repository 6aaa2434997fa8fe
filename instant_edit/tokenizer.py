"""Text to token ids and back, with the ids that only the canvas knows.

A byte-level BPE, so ``decode(encode(s)) == s`` for every string, but for six control characters
and the empty planes of Unicode, whose bytes the vocabulary lacks: they are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer as BpeTokenizer


@dataclass(frozen=True, slots=True)
class SpecialIds:
    """Ids of control tokens the base model left unused, given a meaning here."""

    begin: int = 3  # stands before the first token of a text
    mask: int = 4  # a canvas slot not yet denoised
    end: int = 5  # the span ends before this slot
    suffix: int = 6  # opens the suffix
    instruction: int = 7  # opens the instruction
    old: int = 8  # opens the old text of the span
    pad: int = 9  # never looked at

    @property
    def first_text_id(self) -> int:
        """Ids below this one are control tokens and may never be written."""
        return 17


class Tokenizer:
    """The embedded model's tokenizer.

    ``encode`` never yields a control token, whatever the text says, and ``decode`` of
    arbitrary ids never raises.
    """

    special = SpecialIds()

    def __init__(self, bpe: BpeTokenizer) -> None:
        self._bpe = bpe
        self._spelling: dict[bytes, list[int]] = {}

    @classmethod
    def from_file(cls, path: Path) -> Tokenizer:
        """Load a ``tokenizer.json``."""
        from tokenizers import Tokenizer as BpeTokenizer

        return cls(BpeTokenizer.from_file(str(path)))

    @property
    def vocabulary(self) -> int:
        """Number of ids."""
        return self._bpe.get_vocab_size()

    def encode(self, text: str) -> list[int]:
        """Token ids of a text."""
        return self._bpe.encode(text, add_special_tokens=False).ids

    def encode_batch(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of many texts, in parallel."""
        return [e.ids for e in self._bpe.encode_batch(list(texts), add_special_tokens=False)]

    def offsets(self, text: str) -> list[tuple[int, int]]:
        """Code-point range of every token of ``text``."""
        return self._bpe.encode(text, add_special_tokens=False).offsets

    def decode_bytes(self, ids: Sequence[int]) -> bytes:
        """The exact bytes that ids stand for; control tokens stand for none."""
        return b"".join(self.token_bytes[i] for i in ids)

    def spelling(self, known: bytes) -> list[int]:
        """Ids that may be written where the bytes ``known`` must come first, control ids never."""
        if known not in self._spelling:
            self._spelling[known] = [
                index
                for index, piece in enumerate(self.token_bytes)
                if piece and (piece.startswith(known) or known.startswith(piece))
            ]
        return self._spelling[known]

    @cached_property
    def control_texts(self) -> tuple[str, ...]:
        """How the control tokens are written; an edit that spells one is not an edit."""
        pieces = (self._bpe.id_to_token(i) for i in range(self.special.first_text_id))
        return tuple(piece for piece in pieces if piece and piece.startswith("<|"))

    def decode(self, ids: Sequence[int]) -> str:
        """Text of ids; bytes that are no UTF-8 become U+FFFD."""
        return self.decode_bytes(ids).decode("utf-8", errors="replace")

    @cached_property
    def token_bytes(self) -> tuple[bytes, ...]:
        """The bytes of every id, by id; control tokens are empty."""
        table = byte_alphabet()
        first = self.special.first_text_id
        out = []
        for index in range(self.vocabulary):
            piece = self._bpe.id_to_token(index) if index >= first else ""
            out.append(bytes(table[c] for c in piece or ""))
        return tuple(out)


def byte_alphabet() -> dict[str, int]:
    """GPT-2's printable stand-ins for the 256 bytes (Radford et al. 2019), by character."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table = {chr(b): b for b in printable}
    hidden = (b for b in range(256) if b not in set(printable))
    table.update({chr(256 + n): b for n, b in enumerate(hidden)})
    return table
