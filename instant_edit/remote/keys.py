"""The key of an endpoint: from the environment or the keyring of the operating system.

No file of ours, no flag and no URL ever holds one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from instant_edit.errors import ModelError
from instant_edit.remote.endpoint import Endpoint

SERVICE = "instant-edit"


def find_key(
    endpoint: Endpoint, variable: str, environment: Mapping[str, str] | None = None
) -> str | None:
    """The key for an endpoint, or None where it may well need none.

    The keyring is asked for the entry ``instant-edit`` of the endpoint's host, if the package
    ``keyring`` is installed and the endpoint is not on this machine.

    Raises:
        ModelError: what stands there cannot be a key; it is not repeated.
    """
    found = (os.environ if environment is None else environment).get(variable)
    where = f"the environment variable {variable}"
    if not found and not endpoint.loopback:
        found, where = _from_keyring(endpoint.host), "the keyring"
    if not found:
        return None
    if not all("!" <= char <= "~" for char in found):
        raise ModelError(f"the key in {where} has a blank, a line ending or a letter beyond ASCII")
    return found


def _from_keyring(host: str) -> str | None:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        return keyring.get_password(SERVICE, host)
    except KeyringError:  # there is none on this machine, or it stays locked
        return None
