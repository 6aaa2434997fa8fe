"""Files that are never edited, and never shown to a model: secrets and lock files."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SECRETS = (
    ".env",
    ".env.*",
    "*.env",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "*.keystore",
    "*.jks",
    "*.kdbx",
    "id_rsa*",
    "id_dsa*",
    "id_ecdsa*",
    "id_ed25519*",
    ".netrc",
    ".npmrc",
    ".pypirc",
    ".htpasswd",
    ".git-credentials",
    "secret.json",
    "secrets.json",
    "*.secrets.json",
    "credentials.json",
    "*-credentials.json",
    "service-account*.json",
)
LOCK_FILES = (
    "*.lock",
    "*.lock.json",
    "*-lock.json",
    "*.lockb",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
    "go.sum",
)


def denied(path: Path, more: Sequence[str] = ()) -> str | None:
    """Find the pattern of the deny-list that the name of a file matches, or None."""
    name = path.name.lower()
    patterns = (*SECRETS, *LOCK_FILES, *(pattern.lower() for pattern in more))
    return next((pattern for pattern in patterns if fnmatchcase(name, pattern)), None)
