"""A server that rests gives memory back, once, and not while it is used."""

from __future__ import annotations

import asyncio
import gc
import platform

import pytest

from instant_edit.lsp.denoising import Denoising
from instant_edit.lsp.resting import Resting, give_back, settle


async def test_it_rests_once_after_the_last_use() -> None:
    rested = asyncio.Event()
    times = 0

    def rest() -> None:
        nonlocal times
        times += 1
        rested.set()

    resting = Resting(rest, seconds=0)
    for _ in range(5):
        resting.begin()
    await rested.wait()
    assert times == 1


async def test_it_does_not_rest_once_it_is_used_or_ended() -> None:
    times = 0

    def rest() -> None:
        nonlocal times
        times += 1

    resting = Resting(rest, seconds=0)
    resting.begin()
    resting.end()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert times == 0


async def test_a_model_thread_that_is_closed_rests_no_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def never(_: str) -> object:
        raise AssertionError

    denoising = Denoising(never, "none", lambda _: None)  # type: ignore[arg-type]
    assert await denoising.call(lambda: 1) == 1
    denoising.close()
    await asyncio.sleep(0)
    assert caplog.records == []


def test_memory_is_given_back_where_the_c_library_can() -> None:
    assert give_back() == (platform.libc_ver()[0] == "glibc")


def test_what_is_there_when_the_model_is_loaded_is_not_looked_at_again() -> None:
    try:
        settle()
        assert gc.get_freeze_count() > 0
        assert gc.get_count()[2] == 0
    finally:
        gc.unfreeze()
