"""The server's settings: ``initializationOptions`` and ``workspace/didChangeConfiguration``.

``docs/settings.schema.json`` describes them for editors; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args

import attrs

from instant_edit.lsp.protocol import MAX_CANDIDATES
from instant_edit.lsp.shapes import UINTEGER_MAX
from instant_edit.reading import FieldError, Fields, flag, kind_of, text, within

SECTION = "instantEdit"
LogLevel = Literal["off", "error", "warning", "info", "debug"]
ActionName = Literal["fill", "rewrite", "kinds", "quickfix"]
ACTIONS: tuple[ActionName, ...] = get_args(ActionName)


@attrs.frozen
class Settings:
    """What a user can choose.

    Args:
        model: name of the model, path of a folder or a ``.gguf`` file, or an endpoint as
            ``remote:URL``; null is the one that the server was started with.
        preload: load the model when the first document that can be edited is opened, instead
            of at the first edit.
        status: send ``instantEdit/statusChanged``.
        candidates: drafts to choose from, where a request does not say.
        deadline_ms: milliseconds to denoise at most, where a request does not say.
        related: tell the model of definitions in other open documents.
        code_actions: which code actions are offered.
        rewrite_command: a command of the client that asks for an instruction and then sends
            ``instantEdit/edit``; without it there is no code action "Rewrite…".
        log_level: what is sent as ``window/logMessage``.
        warnings: what was wrong with the settings given; not a setting.
    """

    model: str | None = None
    preload: bool = True
    status: bool = False
    candidates: int = 1
    deadline_ms: int | None = None
    related: bool = True
    code_actions: tuple[ActionName, ...] = ACTIONS
    rewrite_command: str | None = None
    log_level: LogLevel = "warning"
    warnings: tuple[str, ...] = attrs.field(default=(), eq=False)

    @classmethod
    def parse(cls, raw: object, path: str, base: Settings | None = None) -> Settings:
        """Read settings, over ``base``; what is wrong becomes a warning and is left out."""
        base = attrs.evolve(base or cls(), warnings=())
        if raw is None:
            return base
        try:
            fields = Fields(raw, path)
        except FieldError as error:
            return attrs.evolve(base, warnings=(f"{error}; ignored",))
        warnings: list[str] = []
        values: dict[str, Any] = {}
        for key, (name, read) in _READERS.items():
            try:
                value = fields.optional(key, read)
            except FieldError as error:
                warnings.append(f"{error}; ignored")
            else:
                values |= {} if value is None else {name: value}
        known = ", ".join(_READERS)
        warnings += [
            f"{path}.{key}: unknown key, ignored; known keys: {known}" for key in fields.strangers()
        ]
        return attrs.evolve(base, **values, warnings=tuple(warnings))


def section_of(raw: object) -> tuple[object, str]:
    """Our own part of ``didChangeConfiguration``'s settings, and its path for messages.

    Clients send ``{"instantEdit": {...}}``, the section alone, or what is meant for others:
    then it is None.
    """
    if isinstance(raw, Mapping):
        if SECTION in raw:
            return raw[SECTION], f"settings.{SECTION}"
        if any(key in _READERS for key in raw):
            return raw, "settings"
    return None, "settings"


def _log_level(raw: object, path: str) -> str:
    if raw not in get_args(LogLevel):
        raise FieldError(f"{path}: expected one of {', '.join(get_args(LogLevel))}, got {raw!r}")
    return str(raw)


def _actions(raw: object, path: str) -> tuple[str, ...]:
    if not isinstance(raw, list):
        raise FieldError(f"{path}: expected an array, got {kind_of(raw)}")
    for index, name in enumerate(raw):
        if name not in ACTIONS:
            raise FieldError(f"{path}[{index}]: expected one of {', '.join(ACTIONS)}, got {name!r}")
    return tuple(raw)


_READERS: dict[str, tuple[str, Callable[[object, str], Any]]] = {
    "model": ("model", text),
    "preload": ("preload", flag),
    "status": ("status", flag),
    "candidates": ("candidates", within(1, MAX_CANDIDATES)),
    "deadlineMs": ("deadline_ms", within(1, UINTEGER_MAX)),
    "related": ("related", flag),
    "codeActions": ("code_actions", _actions),
    "rewriteCommand": ("rewrite_command", text),
    "logLevel": ("log_level", _log_level),
}
