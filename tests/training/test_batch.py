"""Masks of a batch: nothing sees what it is to find out, and training sees what editing sees."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from instant_edit.models.embedded import SUFFIX_GAP
from instant_edit.models.network import Network
from instant_edit.models.protocol import ContextIds
from instant_edit.training.batch import Batch, collate
from instant_edit.training.corruption import Corruptor, Shape
from instant_edit.training.objective import denoising_loss, encode_context
from tests import tiny
from tests.scripted import tokenizer
from tests.training.material import SHAPE, documents, make_batches, write_corpus

WORDS = tokenizer()
EXAMPLES = [
    Corruptor(WORDS, SHAPE).example(documents()[seed % 3], np.random.default_rng(seed))
    for seed in range(4)
]
HOLES = [(one, hole) for one in EXAMPLES for hole in range(SHAPE.holes)]
WINDOW, TAIL = 1 + SHAPE.window, SHAPE.tail


@pytest.fixture(scope="module")
def network() -> Network:
    return tiny.network(vocabulary=WORDS.vocabulary).eval().requires_grad_(False)


@pytest.fixture
def batch() -> Batch:
    return collate(EXAMPLES, SHAPE)


def hidden(network: Network, batch: Batch) -> Tensor:
    """Hidden states of the canvas rows, (N*C, Q, D)."""
    _, cache = encode_context(network, batch)
    rows: Tensor
    rows, _ = network(
        batch.canvas, batch.canvas_positions, past=cache, mask=batch.canvas_mask, adapted=0
    )
    return rows


def test_a_canvas_sees_the_window_before_its_hole_its_own_tail_and_itself(batch: Batch) -> None:
    for index, (one, hole) in enumerate(HOLES):
        mask = batch.canvas_mask[index, 0].numpy()
        window, tail, canvas = np.split(mask, [WINDOW, WINDOW + TAIL], axis=1)
        which = one.canvas[hole]
        for slot in np.flatnonzero(which >= 0):
            assert np.array_equal(np.flatnonzero(window[slot]), np.arange(one.hole_start[hole]))
            assert np.array_equal(np.flatnonzero(tail[slot]), np.arange(one.tail_length[hole]))
            assert np.array_equal(canvas[slot], which == which[slot])


def test_a_tail_sees_the_window_before_its_hole_and_itself_causally(batch: Batch) -> None:
    for index, (one, hole) in enumerate(HOLES):
        mask = batch.tail_mask[index, 0].numpy()
        window, tail = np.split(mask, [WINDOW], axis=1)
        assert np.array_equal(window, np.tile(np.arange(WINDOW) < one.hole_start[hole], (TAIL, 1)))
        assert np.array_equal(tail, np.tri(TAIL, dtype=bool))


def test_what_a_hole_hides_does_not_reach_its_canvas(network: Network, batch: Batch) -> None:
    """The leak test: another text in the hole and after it changes nothing in the canvas."""
    before = hidden(network, batch)
    for example in range(len(EXAMPLES)):
        for hole in range(SHAPE.holes):
            index = example * SHAPE.holes + hole
            kept, start = batch.window.clone(), int(EXAMPLES[example].hole_start[hole])
            batch.window[example, start:] = 999
            after = hidden(network, batch)[index]
            batch.window[example] = kept[example]
            used = torch.from_numpy(EXAMPLES[example].canvas[hole] >= 0)
            assert torch.allclose(after[used], before[index][used], atol=1e-5)


def test_canvases_of_one_hole_do_not_meet(network: Network, batch: Batch) -> None:
    before = hidden(network, batch)
    other = torch.from_numpy(np.stack([one.canvas[hole] for one, hole in HOLES])) > 0
    batch.canvas[other] = 999
    after = hidden(network, batch)
    first = torch.from_numpy(np.stack([one.canvas[hole] for one, hole in HOLES])) == 0
    assert torch.allclose(after[first], before[first], atol=1e-5)


def test_training_sees_what_editing_sees(network: Network, batch: Batch) -> None:
    """The first canvas of each hole is scored as the session of an edit would score it."""
    assert Shape().gap == SHAPE.gap == SUFFIX_GAP
    scores = network.logits(hidden(network, batch)).log_softmax(-1)
    denoiser = tiny.denoiser(network)
    for index, (one, hole) in enumerate(HOLES):
        start, end = int(one.hole_start[hole]), int(one.tail_length[hole])
        context = ContextIds(
            tuple(one.window[:start].tolist()), tuple(one.tails[hole][:end].tolist())
        )
        slots = one.canvas[hole] == 0
        canvas = [WORDS.special.mask] * int(slots.sum())
        (prediction,) = denoiser.encode([context]).forward([[]], [canvas])
        assert torch.allclose(prediction.canvas, scores[index, : len(canvas)], atol=1e-4)


def test_the_loss_is_finite_and_reaches_every_trained_tensor(batch: Batch) -> None:
    trained = tiny.network(vocabulary=WORDS.vocabulary)
    loss = denoising_loss(trained, batch)
    torch.autograd.backward(loss.value)
    assert loss.value.isfinite()
    assert 0 <= float(loss.accuracy) <= 1
    assert loss.supervised > 0
    assert all(p.grad is not None and p.grad.isfinite().all() for p in trained.trainable().values())


def test_batches_are_the_same_for_the_same_seed_and_number(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path)
    one, two = make_batches(folder), make_batches(folder)
    assert torch.equal(one.get(3).canvas, two.get(3).canvas)
    assert torch.equal(one.get(3).labels, two.get(3).labels)
    assert not torch.equal(one.get(3).window, one.get(4).window)
    assert not torch.equal(one.get(3).window, make_batches(folder, seed=1).get(3).window)


def test_what_is_held_out_is_never_trained_on(tmp_path: Path) -> None:
    batches = make_batches(write_corpus(tmp_path))
    apart = set(documents()[-1].tolist()) - set(np.concatenate(documents()[:-1]).tolist())
    assert apart
    for number in range(5):
        assert not apart & set(batches.get(number).window.flatten().tolist())
        assert apart & set(batches.get(number, held_out=True).window.flatten().tolist())
