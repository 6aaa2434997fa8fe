"""A checkpoint's tokenizer, numbered for the engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers

from instant_edit.errors import ModelError
from instant_edit.models.families.checkpoint import Checkpoint
from instant_edit.models.families.vocabulary import EXPAND, FIRST, Vocabulary
from tests.families import checkpoints


def bare(folder: Path) -> Checkpoint:
    """A folder that has a tokenizer to look at, and no more."""
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").touch()
    return Checkpoint(folder)


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    folder = tmp_path_factory.mktemp("tokenizer")
    checkpoints.save_tokenizer(folder)
    return Vocabulary(bare(folder))


@given(st.text())
def test_every_text_comes_back(vocabulary: Vocabulary, text: str) -> None:
    ids = vocabulary.encode(text)
    assert all(token >= FIRST for token in ids)
    assert vocabulary.decode_bytes(ids) == text.encode()


def test_characters_are_not_composed(tmp_path: Path) -> None:
    checkpoints.save_tokenizer(tmp_path)
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "normalizer": {"type": "NFC"}}))
    found = Vocabulary(bare(tmp_path))
    text = "e\u0301"
    assert found.decode_bytes(found.encode(text)) == text.encode()


def test_a_control_token_in_a_source_is_text(vocabulary: Vocabulary) -> None:
    text = f"s = '{checkpoints.MASK}{checkpoints.END}'"
    ids = vocabulary.encode(text)
    assert vocabulary.decode(ids) == text
    own = vocabulary.model_ids(ids)
    assert not set(own) & set(vocabulary.controls)
    assert set(vocabulary.trusted(text)) & set(vocabulary.controls)


def test_controls_are_found_by_id_text_and_role(vocabulary: Vocabulary) -> None:
    mask = vocabulary.control(checkpoints.MASK)
    assert mask == vocabulary.control("mask_token") == vocabulary.control(mask)
    assert vocabulary.control(None) is None
    with pytest.raises(ModelError, match="its tokenizer has no <nothing>"):
        vocabulary.control("<nothing>")


def test_a_model_without_a_begin_token_has_none(tmp_path: Path) -> None:
    checkpoints.save_tokenizer(tmp_path)
    (tmp_path / "tokenizer_config.json").write_text("{}")
    found = Vocabulary(bare(tmp_path))
    assert found.control("bos_token") is None
    with pytest.raises(ModelError, match="its tokenizer has no mask_token"):
        found.control("mask_token")


def test_scores_are_of_text_and_of_the_ends(vocabulary: Vocabulary) -> None:
    logits = torch.zeros(1, checkpoints.VOCABULARY)
    ends = [vocabulary.control(one) or 0 for one in (checkpoints.END, "<|im_end|>")]
    scores = vocabulary.scores(logits, ends=ends, expand=vocabulary.control(checkpoints.EXPAND))
    assert torch.isclose(scores.exp().sum(), torch.tensor(1.0))
    text = scores[0, FIRST]
    assert torch.isclose(scores[0, vocabulary.special.end].exp(), 2 * text.exp())
    assert torch.isclose(scores[0, EXPAND], text)
    control = [i for i in range(FIRST) if i not in (vocabulary.special.end, EXPAND)]
    assert torch.isinf(scores[0, control]).all()


def test_a_tokenizer_with_visible_blanks_gives_bytes(tmp_path: Path) -> None:
    pieces = ["▁", "a", "▁a", "<0xC3>", "<0xA9>", "\n", "<bos>"]
    bpe = Tokenizer(
        models.BPE({p: i for i, p in enumerate(pieces)}, [("▁", "a")], byte_fallback=True)
    )
    bpe.normalizer = normalizers.Replace(" ", "▁")
    bpe.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    bpe.add_special_tokens([AddedToken("<bos>", special=True)])
    bpe.add_tokens([AddedToken("\n", special=False)])
    bpe.save(str(tmp_path / "tokenizer.json"))
    found = Vocabulary(bare(tmp_path))
    text = "a a\né"
    assert found.decode_bytes(found.encode(text)) == text.encode()
    assert found.stops == [6]


def test_a_tokenizer_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"tokenizer\.json is missing"):
        Vocabulary(bare(tmp_path))
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelError, match=r"tokenizer\.json cannot be read"):
        Vocabulary(bare(tmp_path))
