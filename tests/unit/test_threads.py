"""Waiting threads sleep: OpenMP is told so before anything can load torch."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SAID = "import instant_edit, os, sys; print(os.environ['GOMP_SPINCOUNT'], 'torch' in sys.modules)"


@pytest.mark.parametrize(("given", "expected"), [(None, "1000 False"), ("7", "7 False")])
def test_threads_sleep_unless_the_user_says_otherwise(given: str | None, expected: str) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "GOMP_SPINCOUNT"}
    if given is not None:
        environment["GOMP_SPINCOUNT"] = given
    done = subprocess.run(
        [sys.executable, "-c", SAID], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == expected
