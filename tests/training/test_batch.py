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
from instant_edit.training.corruption import Corruptor
from instant_edit.training.objective import denoising_loss, encode_context
from instant_edit.training.shape import Shape
from tests import tiny
from tests.scripted import tokenizer
from tests.training.material import documents, make_batches, write_corpus

WORDS = tokenizer()
SHAPE = Shape(window=96, holes=4, tail=96, slots=24, longest=20, rewrite_share=0.8)
EXAMPLES = [
    Corruptor(WORDS, SHAPE).example(documents()[seed % 3], np.random.default_rng(seed))
    for seed in range(4)
]
EDITS = sum(int((one.written > 0).sum()) for one in EXAMPLES)
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


def test_there_are_edits_among_the_examples() -> None:
    assert 2 < EDITS < len(HOLES) - 2


def test_a_canvas_sees_what_stands_before_it_its_own_tail_and_itself(batch: Batch) -> None:
    for index, (one, hole) in enumerate(HOLES):
        mask = batch.canvas_mask[index, 0].numpy()
        window, tail, canvas = np.split(mask, [WINDOW, WINDOW + TAIL], axis=1)
        which, start, written = one.canvas[hole], one.hole_start[hole], one.written[hole]
        for slot in np.flatnonzero(which >= 0):
            at = one.at[hole][slot]
            seen = start if written else start + at
            told = one.asked[hole] + at if written else 0
            behind = [*range(told), *range(written, one.tail_length[hole])]
            assert np.flatnonzero(window[slot]).tolist() == list(range(seen))
            assert np.flatnonzero(tail[slot]).tolist() == behind
            assert np.array_equal(canvas[slot], which == which[slot])


def test_a_tail_sees_what_stands_before_its_hole_and_itself_but_not_what_is_written(
    batch: Batch,
) -> None:
    for index, (one, hole) in enumerate(HOLES):
        mask = batch.tail_mask[index, 0].numpy()
        window, tail = np.split(mask, [WINDOW], axis=1)
        causal = np.tri(TAIL, dtype=bool)
        causal[one.written[hole] :, one.asked[hole] : one.written[hole]] = False
        assert np.array_equal(window, np.tile(np.arange(WINDOW) < one.hole_start[hole], (TAIL, 1)))
        assert np.array_equal(tail, causal)


def test_what_is_yet_to_be_written_does_not_reach_its_canvas(
    network: Network, batch: Batch
) -> None:
    """The leak test: another text behind a canvas's place changes nothing in the canvas."""
    before = hidden(network, batch)
    for index, (one, hole) in enumerate(HOLES[: 2 * SHAPE.holes]):
        example, start = index // SHAPE.holes, int(one.hole_start[hole])
        for number in range(one.canvas[hole].max() + 1):
            used = torch.from_numpy(one.canvas[hole] == number)
            at, written = int(one.at[hole][used.numpy()][0]), int(one.written[hole])
            window, tail = batch.window[example].clone(), batch.tail[index].clone()
            batch.window[example, start if written else start + at :] = 999
            batch.tail[index, int(one.asked[hole]) + at : written] = 999
            after = hidden(network, batch)[index]
            batch.window[example], batch.tail[index] = window, tail
            assert torch.allclose(after[used], before[index][used], atol=1e-5)


def test_canvases_of_one_hole_do_not_meet(network: Network, batch: Batch) -> None:
    before = hidden(network, batch)
    other = torch.from_numpy(np.stack([one.canvas[hole] for one, hole in HOLES])) > 0
    batch.canvas[other] = 999
    after = hidden(network, batch)
    first = torch.from_numpy(np.stack([one.canvas[hole] for one, hole in HOLES])) == 0
    assert torch.allclose(after[first], before[first], atol=1e-5)


def test_training_sees_what_editing_sees(network: Network, batch: Batch) -> None:
    """Canvases that hide all are scored as the session of an edit would score them."""
    assert Shape().gap == SHAPE.gap == SUFFIX_GAP
    scores = network.logits(hidden(network, batch)).log_softmax(-1)
    denoiser = tiny.denoiser(network)
    for index, (one, hole) in enumerate(HOLES):
        start, asked = int(one.hole_start[hole]), int(one.asked[hole])
        written, tail = int(one.written[hole]), one.tails[hole][: one.tail_length[hole]]
        prefix = np.concatenate([one.window[:start], tail[:asked]])
        context = ContextIds(tuple(prefix.tolist()), tuple(tail[written:].tolist()))
        text = tail[asked:written] if written else one.window[start:]
        for number in range(one.canvas[hole].max() + 1):
            slots = np.flatnonzero(one.canvas[hole] == number)
            if (one.inputs[hole][slots[1:]] == WORDS.special.mask).all():
                draft = text[: one.at[hole][slots[0]]].tolist()
                canvas = [WORDS.special.mask] * len(slots)
                (prediction,) = denoiser.encode([context]).forward([draft], [canvas])
                assert torch.allclose(prediction.canvas, scores[index, slots], atol=1e-4)


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
