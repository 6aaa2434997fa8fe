"""Everything instant-edit raises on purpose, as one tree.

InstantEditError
├── InputError            what the caller gave cannot be edited (file, span, language, encoding)
│   ├── SpanError         a span outside the text, inverted, or overlapping another
│   └── LanguageError     no grammar is registered for the language or the file name
├── ModelError            the model is missing, corrupt, or unknown
│   └── RemoteError       an endpoint cannot be reached, or its answer cannot be used
├── SettingsError         a setting has a bad key or value
└── EditCancelled         the caller asked to stop between two denoising steps

A rejected edit is not an error: it is an ``EditResult`` whose verdict says why.
"""

from __future__ import annotations


class InstantEditError(Exception):
    """Base of every error raised on purpose; its text says what, where and what to do."""


class InputError(InstantEditError):
    """The text, file, span or language given cannot be edited."""


class SpanError(InputError):
    """A span lies outside its text, is inverted, or overlaps another span."""


class LanguageError(InputError):
    """No grammar is registered for this language or file name."""


class ModelError(InstantEditError):
    """The model is missing, corrupt, or unknown."""


class RemoteError(ModelError):
    """An endpoint cannot be reached, refuses, or answers with what cannot be used."""


class SettingsError(InstantEditError):
    """A setting has an unknown key or a bad value."""


class EditCancelled(InstantEditError):  # noqa: N818 - the field's word for it
    """The caller asked to stop; raised between two denoising steps."""
