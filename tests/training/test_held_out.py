"""Held-out documents become files of the language that they are in."""

from __future__ import annotations

from pathlib import Path

from instant_edit.training.corpus import Corpus
from instant_edit.training.held_out import write_files
from tests.scripted import tokenizer
from tests.training.material import documents, write_corpus


def test_only_held_out_documents_are_written_and_whole(tmp_path: Path) -> None:
    corpus = Corpus(write_corpus(tmp_path / "corpus"), 1)
    write_files(corpus, tokenizer(), tmp_path / "out")
    files = sorted((tmp_path / "out").iterdir())
    assert len(files) == 1
    assert files[0].suffix == ".py"
    assert files[0].read_text("utf-8") == tokenizer().decode(documents()[-1].tolist())
