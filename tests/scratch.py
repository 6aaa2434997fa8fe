"""A git repository of a test's own, with commits at days that the test says."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

WHO = {"NAME": "a", "EMAIL": "a@example.com"}


class Scratch:
    """A repository, and the text of the file ``shop.py`` in it."""

    def __init__(self, folder: Path, start: str) -> None:
        self.folder, self.text = folder, start
        folder.mkdir()
        self.git("init", "-q", "-b", "main")
        self.commit("Add the shop", start)

    def git(self, *arguments: str, day: str = "2024-01-01", authored: str = "") -> str:
        settings = {
            f"GIT_{role}_{k}": v for role in ("AUTHOR", "COMMITTER") for k, v in WHO.items()
        }
        days = {"GIT_AUTHOR_DATE": authored or day, "GIT_COMMITTER_DATE": day}
        times = {name: f"{value}T12:00:00Z" for name, value in days.items()}
        alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            ["git", "-C", str(self.folder), *arguments],
            env={**os.environ, **settings, **times, **alone},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)

    def commit(self, subject: str, text: str, day: str = "2024-01-01", authored: str = "") -> None:
        self.write("shop.py", text)
        self.text = text
        self.git("add", "-A")
        self.git("commit", "-q", "-m", subject, day=day, authored=authored)

    def change(self, subject: str, old: str, new: str, day: str = "2024-01-01") -> None:
        assert old in self.text
        self.commit(subject, self.text.replace(old, new), day)
