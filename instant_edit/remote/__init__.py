"""Engines behind an HTTP endpoint that the user has named, gated here like any other.

Only this room opens connections for edits. An endpoint answers with replacement texts; where they
go, and whether they may, is decided on this machine. torch is never needed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instant_edit.remote.editor import RemoteEditor


def open_remote(name: str, environment: Mapping[str, str] | None = None) -> RemoteEditor:
    """The editor behind a model's name that begins with ``remote``; nothing is sent yet.

    Raises:
        ModelError: no endpoint is named, it may not be used, or its client is not installed.
        SettingsError: a setting is wrong.
    """
    from instant_edit.remote.editor import RemoteEditor
    from instant_edit.remote.endpoint import Endpoint
    from instant_edit.remote.http import Http
    from instant_edit.remote.keys import find_key
    from instant_edit.settings import load

    settings = load(environment=environment, project=False)
    endpoint = Endpoint.named(name, settings.values)
    key = find_key(endpoint, str(settings.values["api-key-variable"]), environment)
    return RemoteEditor(endpoint, Http(endpoint, key))
