"""What is learned from, what it is measured on, and that the two have nothing in common."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from instant_edit.errors import InputError
from instant_edit.training.shape import Shape
from instant_edit.tuning import rows
from instant_edit.tuning.examples import RepositoryHoles, batches, cut_around
from instant_edit.tuning.material import Material, gather, joined
from instant_edit.tuning.repository import Repository
from tests.scratch import Scratch
from tests.scripted import tokenizer
from tests.tuning.project import START, project

SHAPE = Shape(window=40, holes=3, tail=96, slots=24, longest=24)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    return project(tmp_path_factory.mktemp("project") / "shop")


@pytest.fixture(scope="module")
def repository(scratch: Scratch) -> Repository:
    return Repository.split_at(scratch.folder, 3)


@pytest.fixture(scope="module")
def material(repository: Repository) -> Material:
    return gather(repository, tokenizer(), SHAPE.window)


def test_text_and_edits_are_those_before_the_split(material: Material) -> None:
    everything = "".join(material.texts)
    assert "amount = 0" in everything
    assert "item.quantity" not in everything, "it comes with a held-out commit"
    asked = [edit.instruction for edit in material.edits]
    assert asked == ["rename count of items to amount", "skip rows without names"]


def test_short_texts_are_put_together_and_none_is_lost() -> None:
    lengths = [1, 9, 2, 3, 1, 20, 1]
    texts = [letter * 3 for letter in "abcdefg"]
    out = joined(texts, lengths, 5)
    assert sorted("".join(out).replace("\n", "")) == sorted("".join(texts))
    assert all(any(long in text for long in ("b", "f")) or "\n\n" in text for text in out)


def test_a_repository_without_code_is_refused(tmp_path: Path) -> None:
    made = Scratch(tmp_path / "empty", START)
    made.git("rm", "-q", "shop.py")
    for number in range(6):
        made.write("notes.txt", f"note {number}\n")
        made.git("add", "-A")
        made.git("commit", "-qm", f"Write note {number}")
    with pytest.raises(InputError, match="tracks no file in a language that is known"):
        gather(Repository.split_at(made.folder), tokenizer(), 64)
    made.commit("Bring the shop back", START)
    made.commit("Go on", START + "# end\n")
    with pytest.raises(InputError, match=r"has \d+ tokens of source code .* 2000 are needed"):
        gather(Repository.split_at(made.folder, 1), tokenizer(), 64)


def test_rows_are_what_the_held_out_commits_put_in(
    repository: Repository, material: Material
) -> None:
    found = rows.held_out(repository, material.texts, seed=0)
    assert [row.reference for row in found.fills] == [
        "return sorted(row.title() or row.name for row in rows if row.name]",
        "return round(count, 2)",
        "count += item.price * item.quantity",
    ]
    for row in found.fills:
        assert row.source[row.span.start : row.span.end] == row.reference
        assert row.solved == row.source
    assert len({row.group for row in found.fills}) == 3
    (rewrite, *_) = found.rewrites
    assert rewrite.instruction == "return the total rounded to cents"
    assert rewrite.solved is not None
    assert "round(count, 2)" in rewrite.solved
    assert "round(count, 2)" not in rewrite.source


def test_what_was_learned_from_is_no_row(repository: Repository, material: Material) -> None:
    with pytest.raises(InputError, match=r"the newest 3 commits of .* --held-out"):
        rows.held_out(repository, [*material.texts, *_answers(repository)], seed=0)


def _answers(repository: Repository) -> list[str]:
    found = rows.held_out(repository, [], seed=0)
    return [str(row.reference) for row in (*found.fills, *found.rewrites)]


def test_too_many_rows_are_drawn_from_and_counted(repository: Repository) -> None:
    one, again, other = (rows.held_out(repository, [], seed, most=1) for seed in (0, 0, 1))
    assert (len(one.fills), one.all_fills) == (1, 3)
    assert one == again
    assert one.fills != other.fills


def test_rewrites_are_the_repositorys_own(material: Material) -> None:
    edit = material.edits[0]
    document = cut_around(edit, tokenizer(), SHAPE)
    assert edit.new in tokenizer().decode(document.tolist())
    holes = RepositoryHoles(tokenizer(), SHAPE, material.edits)
    rng = np.random.default_rng(0)
    drawn = [holes.draw(document[:40], document[40:], rng) for _ in range(20)]
    words = tokenizer()
    asked = {words.decode(hole.asked.tolist()) for hole in drawn if len(hole.asked)}
    assert any(edit.instruction in text and edit.old in text for text in asked)
    spelled = {words.decode(hole.target.tolist()).strip() for hole in drawn if len(hole.asked)}
    assert edit.new.strip() in spelled


def test_the_same_seed_gives_the_same_batches(material: Material) -> None:
    made = [batches(material, [], tokenizer(), SHAPE, 2, 7) for _ in range(2)]
    one, other = (batch.get(3) for batch in made)
    assert all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ("canvas", "tail")
    )
    assert not np.array_equal(one.canvas, made[0].get(4).canvas)
