"""``models use``: the model in the user's settings; the rest of the file stays as it is."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from instant_edit.errors import SettingsError
from instant_edit.models.catalogue import catalogue
from instant_edit.models.naming import parse
from instant_edit.settings import user_file

_FAMILY = re.compile(r"[\w.-]+(?=:)")
_LINE = re.compile(r"^[ \t]*model[ \t]*=.*$", re.MULTILINE)


def use(model: str, environment: Mapping[str, str] | None = None) -> Path:
    """Make a model the default of this user; the file that says so.

    Raises:
        SettingsError: the file cannot be read, or written so that only the model changes.
    """
    file = user_file(os.environ if environment is None else environment)
    try:
        old = file.read_text("utf-8") if file.is_file() else ""
        before = tomllib.loads(old)
        line = f"model = {json.dumps(model)}"
        new = _LINE.sub(lambda _: line, old, count=1) if "model" in before else f"{line}\n{old}"
        if tomllib.loads(new) != {**before, "model": model}:
            raise SettingsError(f"{file}: write {line} into it by hand; its layout is not plain")
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(file.name + ".new")
        draft.write_text(new, encoding="utf-8")
        draft.replace(file)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file} cannot be changed: {error}") from error
    return file


def lasting(model: str) -> str:
    """A model's name as it means the same in every folder: paths become absolute."""
    family = _FAMILY.match(model)
    prefix = f"{family.group()}:" if family else ""
    named = parse(model.removeprefix(prefix))
    path = Path(named.base).expanduser()
    if not path.exists() or (not prefix and named.base in catalogue().models):
        return model
    return f"{prefix}{path.resolve()}{model.removeprefix(prefix).removeprefix(named.base)}"
