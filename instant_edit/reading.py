"""Strict reading of JSON objects: whatever is wrong is named by its key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

T = TypeVar("T")


class FieldError(ValueError):
    """A field is missing, has the wrong type, or is not known; the text names it."""


class Fields:
    """The fields of one JSON object, taken one by one and then checked for strangers."""

    def __init__(self, raw: object, path: str) -> None:
        if not isinstance(raw, Mapping):
            raise FieldError(f"{path or 'params'}: expected an object, got {kind_of(raw)}")
        self._raw = raw
        self._path = path
        self._known: list[str] = []

    def required(self, key: str, read: Callable[[object, str], T]) -> T:
        """The value of ``key``; an error when it is missing or null."""
        value = self.optional(key, read)
        if value is None:
            raise FieldError(f"{self._name(key)}: missing")
        return value

    def optional(self, key: str, read: Callable[[object, str], T]) -> T | None:
        """The value of ``key``, or None when it is missing or null."""
        self._known.append(key)
        raw = self._raw.get(key)
        return None if raw is None else read(raw, self._name(key))

    def finish(self) -> None:
        """Raise for the first key which nobody took."""
        strangers = self.strangers()
        if strangers:
            known = ", ".join(self._known)
            raise FieldError(f"{self._name(strangers[0])}: unknown key; known keys: {known}")

    def strangers(self) -> list[str]:
        """The keys which nobody took."""
        return [str(key) for key in self._raw if key not in self._known]

    def _name(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key


def text(raw: object, path: str) -> str:
    """A string."""
    if not isinstance(raw, str):
        raise FieldError(f"{path}: expected a string, got {kind_of(raw)}")
    return raw


def number(raw: object, path: str) -> float:
    """A number, whole or not; ``true`` is none."""
    if not isinstance(raw, int | float) or isinstance(raw, bool):
        raise FieldError(f"{path}: expected a number, got {kind_of(raw)}")
    return float(raw)


def each(read: Callable[[object, str], T]) -> Callable[[object, str], tuple[T, ...]]:
    """A reader of arrays whose parts ``read`` reads."""

    def read_all(raw: object, path: str) -> tuple[T, ...]:
        if not isinstance(raw, list):
            raise FieldError(f"{path}: expected an array, got {kind_of(raw)}")
        return tuple(read(part, f"{path}[{index}]") for index, part in enumerate(raw))

    return read_all


def one_of(*names: str) -> Callable[[object, str], str]:
    """A reader of one of these strings."""

    def read(raw: object, path: str) -> str:
        value = text(raw, path)
        if value not in names:
            raise FieldError(f"{path}: expected one of {', '.join(names)}, got {value!r}")
        return value

    return read


def flag(raw: object, path: str) -> bool:
    """A boolean."""
    if not isinstance(raw, bool):
        raise FieldError(f"{path}: expected true or false, got {kind_of(raw)}")
    return raw


def integer(raw: object, path: str) -> int:
    """An integer; ``true`` and ``1.0`` are not integers."""
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise FieldError(f"{path}: expected an integer, got {kind_of(raw)}")
    return raw


def within(low: int, high: int) -> Callable[[object, str], int]:
    """A reader of integers from ``low`` to ``high``, both included."""

    def read(raw: object, path: str) -> int:
        value = integer(raw, path)
        if not low <= value <= high:
            raise FieldError(f"{path}: expected an integer from {low} to {high}, got {value}")
        return value

    return read


def kind_of(raw: object) -> str:
    """The JSON name of a value's type, for error messages."""
    if raw is None:
        return "null"
    names: tuple[tuple[type, str], ...] = (
        (bool, "a boolean"),
        (str, "a string"),
        (int, "an integer"),
        (float, "a number"),
        (list, "an array"),
        (Mapping, "an object"),
    )
    return next((name for type_, name in names if isinstance(raw, type_)), type(raw).__name__)
