"""A checkpoint's tokenizer as the engine knows one.

The engine keeps its control tokens below all others (``SpecialIds``) and asks for the bytes of
every id. Here the text tokens of any checkpoint are numbered anew behind those control ids, so
that the engine, the canvas and the gate need to know nothing of a family: a token which is no text
has no number, and can neither be read from a source nor be written into one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from instant_edit.errors import ModelError
from instant_edit.models.catalogue import Token
from instant_edit.models.families.checkpoint import Checkpoint
from instant_edit.tokenizer import SpecialIds, Tokenizer, byte_alphabet

if TYPE_CHECKING:
    from tokenizers import Tokenizer as BpeTokenizer
    from torch import Tensor

FIRST = SpecialIds().first_text_id
EXPAND = 10  # an engine id for "this slot wants to be two"; free among the control ids
ALPHABET = byte_alphabet()
BYTE = re.compile(r"<0x([0-9A-F]{2})>")
BRACKETED = re.compile(r"\A\|?<.*>\|?\Z|\A\[[A-Z_]+\]\Z", re.DOTALL)
COMPOSING = ("NFC", "NFD", "NFKC", "NFKD")


class Vocabulary(Tokenizer):
    """The tokenizer of a checkpoint, its text tokens numbered for the engine.

    Raises:
        ModelError: ``tokenizer.json`` is missing or of an unknown kind.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        from tokenizers import Tokenizer as BpeTokenizer

        document = checkpoint.document("tokenizer.json")
        self.checkpoint = checkpoint
        try:
            self._whole: BpeTokenizer = BpeTokenizer.from_str(json.dumps(document))
            super().__init__(BpeTokenizer.from_str(json.dumps(_without_controls(document))))
        except Exception as error:
            path = checkpoint.folder / "tokenizer.json"
            raise ModelError(f"{path} cannot be read: {error}") from error
        self._bytewise = "ByteLevel" in json.dumps(document.get("decoder"))
        added = {one["id"]: one for one in document.get("added_tokens") or ()}
        self.controls = {i: one["content"] for i, one in added.items() if _is_control(one)}
        sizes = range(self._whole.get_vocab_size(with_added_tokens=True))
        self.text_ids = [
            i for i in sizes if i not in self.controls and self._whole.id_to_token(i) is not None
        ]
        self._numbers = {token: FIRST + n for n, token in enumerate(self.text_ids)}

    @property
    def vocabulary(self) -> int:
        """Number of engine ids."""
        return FIRST + len(self.text_ids)

    def encode(self, text: str) -> list[int]:
        """Engine ids of a text."""
        return self._numbered(self._bpe.encode(text, add_special_tokens=False).ids)

    def encode_batch(self, texts: Sequence[str]) -> list[list[int]]:
        """Engine ids of many texts, in parallel."""
        found = self._bpe.encode_batch(list(texts), add_special_tokens=False)
        return [self._numbered(one.ids) for one in found]

    def _numbered(self, ids: Iterable[int]) -> list[int]:
        return [self._numbers[i] for i in ids if i in self._numbers]

    def model_ids(self, ids: Iterable[int]) -> list[int]:
        """The checkpoint's ids of engine ids that are text."""
        return [self.text_ids[i - FIRST] for i in ids]

    @property
    def stops(self) -> list[int]:
        """The checkpoint's control tokens: any of them ends a text."""
        return sorted(self.controls)

    def scores(
        self, logits: Tensor, *, ends: Sequence[int] = (), expand: int | None = None
    ) -> Tensor:
        """Logits (G, checkpoint's ids) as log-probabilities (G, V) of engine ids.

        END is as likely as all ``ends`` together; what has no number is left out.
        """
        import torch

        logits = logits.float().cpu()
        out = torch.full((len(logits), self.vocabulary), -torch.inf)
        out[:, FIRST:] = logits[:, self.text_ids]
        if ends:
            out[:, self.special.end] = logits[:, list(ends)].logsumexp(-1)
        if expand is not None:
            out[:, EXPAND] = logits[:, expand]
        return out.log_softmax(-1)

    def engine_id(self, token: int) -> int:
        """The engine's id of one of the checkpoint's text tokens."""
        return self._numbers[token]

    def trusted(self, text: str) -> list[int]:
        """The checkpoint's ids of a text in which control tokens stand for themselves."""
        return self._whole.encode(text, add_special_tokens=False).ids

    @cached_property
    def control_texts(self) -> tuple[str, ...]:
        """How the control tokens are written; an edit that spells one is not an edit."""
        return tuple(text for text in self.controls.values() if text.startswith("<|"))

    @cached_property
    def token_bytes(self) -> tuple[bytes, ...]:
        """The bytes of every engine id; those of control ids are empty."""
        spell = _alphabetic if self._bytewise else _literal
        added = {one: t.content for one, t in self._whole.get_added_tokens_decoder().items()}
        pieces = (
            added[i].encode() if i in added else spell(self._whole.id_to_token(i) or "")
            for i in self.text_ids
        )
        return (b"",) * FIRST + tuple(pieces)

    def control(self, token: Token | None) -> int | None:
        """The checkpoint's id of a control token, given by id, by text or by role.

        None where a begin or end token is asked for by role and the tokenizer has none.

        Raises:
            ModelError: no such token.
        """
        if token is None or isinstance(token, int):
            return token
        settings = self.checkpoint.optional("tokenizer_config.json")
        text = settings.get(token) if token.endswith("_token") else token
        if isinstance(text, dict):
            text = text.get("content")
        if text is None and token in ("bos_token", "eos_token"):
            return None
        found = self._whole.token_to_id(text) if text else None
        if found is None:
            raise ModelError(f"{self.checkpoint.folder}: its tokenizer has no {text or token}")
        return found


def _is_control(token: dict[str, Any]) -> bool:
    """Whether an added token is no text: special, or bracketed like one."""
    return bool(token.get("special") or BRACKETED.match(token["content"]))


def _without_controls(document: dict[str, Any]) -> dict[str, Any]:
    """A tokenizer that reads the texts of control tokens as any other text.

    Nor does it cut, pad, or compose characters: the bytes that come out are those that went in.
    """
    kept = [one for one in document.get("added_tokens") or () if not _is_control(one)]
    plain = {**document, "added_tokens": kept}
    plain |= dict.fromkeys(("post_processor", "truncation", "padding"))
    if (document.get("normalizer") or {}).get("type") in COMPOSING:
        plain["normalizer"] = None
    return plain


def _alphabetic(piece: str) -> bytes:
    """Bytes of a byte-level piece."""
    return bytes(ALPHABET[c] for c in piece if c in ALPHABET)


def _literal(piece: str) -> bytes:
    """Bytes of a piece with visible blanks and single bytes spelled out (SentencePiece)."""
    single = BYTE.fullmatch(piece)
    return bytes([int(single[1], 16)]) if single else piece.replace("▁", " ").encode()
