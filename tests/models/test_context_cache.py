"""Contexts are kept up to a number of bytes and give the same numbers as when they were new."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from instant_edit.models.context_cache import BLOCK, ContextCache, Encoded
from instant_edit.models.network import KeyValues
from instant_edit.models.protocol import ContextIds
from tests import tiny


def context(*prefix: int) -> ContextIds:
    return ContextIds((0, *prefix), (6, 20, 21))


def encoded(rows: int) -> Encoded:
    cache = KeyValues.empty(1, 1, 1, rows, 8, torch.float32)
    return Encoded(cache, rows, torch.zeros(4))


def test_the_least_recently_used_goes_first() -> None:
    cache = ContextCache(limit=2 * encoded(10).size)
    cache.put(context(1), encoded(10))
    cache.put(context(2), encoded(10))
    assert cache.get(context(1)) is not None
    cache.put(context(3), encoded(10))
    assert cache.get(context(2)) is None
    assert cache.get(context(1)) is not None
    assert cache.get(context(3)) is not None


def test_it_never_holds_more_bytes_than_it_may() -> None:
    cache = ContextCache(limit=3 * encoded(10).size)
    for number in range(20):
        cache.put(context(number), encoded(1 + number))
        assert cache.size <= cache.limit
    cache.put(context(99), encoded(1000))
    assert cache.get(context(99)) is None


def test_a_kept_context_gives_the_same_bits_and_is_encoded_once() -> None:
    denoiser = tiny.denoiser()
    one = denoiser.encode([context(30, 31, 32)])
    first = one.forward([[33, 34]], [[4, 4]])[0]
    one.accept([2])
    one.forward([[35]], [[4, 4]])  # writes into the session, not into what is kept
    again = denoiser.encode([context(30, 31, 32)]).forward([[33, 34]], [[4, 4]])[0]
    assert first.causal is not None
    assert again.causal is not None
    assert torch.equal(first.causal, again.causal)
    assert torch.equal(first.canvas, again.canvas)
    assert (denoiser.contexts.hits, denoiser.contexts.misses) == (1, 1)


def test_the_same_context_twice_side_by_side_is_encoded_once() -> None:
    denoiser = tiny.denoiser()
    denoiser.encode([context(30), context(30)])
    assert denoiser.contexts.misses == 1


def test_what_stands_before_the_typed_part_of_a_long_prefix_is_not_read_again() -> None:
    denoiser = tiny.denoiser()
    before = tuple(17 + n % 40 for n in range(BLOCK + 40))
    denoiser.encode([context(*before)])
    session = denoiser.encode([context(*before, 50, 51)])
    assert session.context_rows == len(before) + 6
    assert session.reused_rows == BLOCK
    assert denoiser.encode([context(*before)]).reused_rows == len(before) + 4


@given(st.integers(1, 3 * BLOCK), st.integers(0, 40), st.lists(st.integers(17, 60), max_size=4))
@settings(max_examples=20, deadline=None)
def test_a_context_has_the_same_bits_whatever_was_read_before_it(
    shared: int, more: int, typed: list[int]
) -> None:
    before = [17 + n * n % 40 for n in range(shared + more)]
    wanted = context(*before[:shared], *typed)
    used, fresh = tiny.denoiser(), tiny.denoiser()
    used.encode([context(*before)])
    one, other = (d.encode([wanted]).forward([[30]], [[4, 4]])[0] for d in (used, fresh))
    assert one.causal is not None
    assert other.causal is not None
    assert torch.equal(one.causal, other.causal)
    assert torch.equal(one.canvas, other.canvas)


def test_clearing_forgets_all() -> None:
    cache = ContextCache()
    cache.put(context(1), encoded(10))
    cache.clear()
    assert cache.get(context(1)) is None
    assert cache.size == 0
