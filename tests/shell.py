"""Scripts of CI files, run as the services run them."""

from __future__ import annotations

import os
import subprocess


def bash(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script as GitHub and GitLab do: with bash, ending at the first failure."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
