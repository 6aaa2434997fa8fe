"""Settings in layers: defaults, the user's file, the project's file, the environment.

Flags come on top, where the command line is parsed. A command to run is no setting on purpose:
a file that arrives with a repository must not decide what is executed here. Nor may it decide
where text is sent: settings that do are ``own``, and refused in a project's file.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

import click

from instant_edit.errors import SettingsError
from instant_edit.interface import is_remote

PROJECT_FILE, TABLE = "instant-edit.toml", "instant-edit"
PREFIX = "INSTANT_EDIT_"
ProtocolName = Literal["infill", "chat", "fim", "edit"]  # of endpoints, see remote/
PROTOCOLS: tuple[ProtocolName, ...] = get_args(ProtocolName)
DEFAULT = "default"


@dataclass(frozen=True)
class Setting:
    """One setting: its key in files, the flag's parameter, what values it takes, its default.

    ``own`` ones stand only in the user's file or environment. Without a parameter there is no flag.
    """

    key: str
    parameter: str | None
    kind: click.ParamType[Any]
    types: tuple[type, ...]
    default: object = None
    many: bool = False
    own: bool = False

    @property
    def variable(self) -> str:
        """Its environment variable."""
        return PREFIX + self.key.replace("-", "_").upper()


SETTINGS = (
    Setting("model", "model", click.STRING, (str,), "embedded"),
    Setting("seed", "seed", click.IntRange(0, 2**63 - 1), (int,), 0),
    Setting("candidates", "candidates", click.IntRange(1, 64), (int,), 1),
    Setting("deadline-ms", "deadline_ms", click.IntRange(min=1), (int,)),
    Setting("batch", "batch", click.IntRange(1, 64), (int,), 1),
    Setting("min-confidence", "min_confidence", click.FloatRange(0, 1), (int, float), 0.0),
    Setting("max-changed-lines", "max_changed_lines", click.IntRange(min=1), (int,)),
    Setting(
        "verify-timeout",
        "verify_timeout",
        click.FloatRange(min=0, min_open=True),
        (int, float),
        120.0,
    ),
    Setting("jobs", "jobs", click.IntRange(min=1), (int,)),
    Setting("glob", "globs", click.STRING, (str,), (), many=True),
    Setting("deny", "deny", click.STRING, (str,), (), many=True),
    Setting("allow-dirty", "allow_dirty", click.BOOL, (bool,), False),
    Setting("pager", "pager", click.BOOL, (bool,), True),
    Setting("endpoint", None, click.STRING, (str,), own=True),
    Setting("protocol", None, click.Choice(PROTOCOLS), (str,), "infill", own=True),
    Setting("allow-plain-http", None, click.BOOL, (bool,), False, own=True),
    Setting("api-key-variable", None, click.STRING, (str,), "INSTANT_EDIT_API_KEY", own=True),
)
_BY_KEY = {setting.key: setting for setting in SETTINGS}


@dataclass(frozen=True)
class Settings:
    """The value of every setting by key, and the layer that it comes from."""

    values: Mapping[str, object]
    origins: Mapping[str, str] = field(default_factory=dict)

    def parameters(self) -> dict[str, object]:
        """The settings that are not defaults, by the parameters of the flags."""
        return {
            setting.parameter: self.values[setting.key]
            for setting in SETTINGS
            if setting.parameter is not None and self.origins[setting.key] != DEFAULT
        }


def load(
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    *,
    project: bool = True,
) -> Settings:
    """The settings in force in a folder (the current one), with or without the project's file.

    Raises:
        SettingsError: a file or variable has an unknown key or a bad value; it is named.
    """
    environment = os.environ if environment is None else environment
    values: dict[str, object] = {setting.key: setting.default for setting in SETTINGS}
    origins = dict.fromkeys(values, DEFAULT)
    layers = [
        *_files(folder or Path.cwd(), environment, project=project),
        *_variables(environment),
    ]
    for key, value, origin in layers:
        values[key], origins[key] = value, origin
    return Settings(values, origins)


def shown(settings: Settings, *, origin: bool, as_json: bool) -> str:
    """The settings as lines of TOML, with their origins as comments, or as one JSON object."""
    if as_json:
        document = {
            key: {"value": value, "origin": settings.origins[key]}
            for key, value in settings.values.items()
        }
        return json.dumps(document, indent=2)
    lines = []
    for key, value in settings.values.items():
        line = f"# {key} is not set" if value is None else f"{key} = {json.dumps(value)}"
        lines.append(f"{line}  # {settings.origins[key]}" if origin else line)
    return "\n".join(lines)


def _files(
    folder: Path, environment: Mapping[str, str], *, project: bool
) -> Iterator[tuple[str, object, str]]:
    ours = user_file(environment)
    theirs = _project_file(folder) if project else None
    for file in (ours if ours.is_file() else None, theirs):
        if file is None:
            continue
        for key, value in _table(file).items():
            setting = _BY_KEY.get(key)
            if setting is None:
                known = ", ".join(_BY_KEY)
                raise SettingsError(f"{file}: unknown key {key!r}; known are: {known}")
            if file is theirs:
                _refuse_own(setting, value, file)
            yield key, _checked(setting, value, f"{file}: {key}"), str(file)


def _variables(environment: Mapping[str, str]) -> Iterator[tuple[str, object, str]]:
    for setting in SETTINGS:
        text = environment.get(setting.variable)
        if text:
            value: object = text.split(os.pathsep) if setting.many else text
            yield setting.key, _converted(setting, value, setting.variable), setting.variable


def _refuse_own(setting: Setting, value: object, file: Path) -> None:
    """A file that came with a repository may not say where text is sent."""
    if setting.own or (setting.key == "model" and is_remote(str(value))):
        raise SettingsError(
            f"{file}: {setting.key} decides where text is sent, which only you may: take it out, "
            f"and set it in {user_file(os.environ)} or in {setting.variable} if you want it"
        )


def user_file(environment: Mapping[str, str]) -> Path:
    """Where the user's own settings stand, or would."""
    home = environment.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(home) / "instant-edit" / "config.toml"


def _project_file(folder: Path) -> Path | None:
    """The nearest file with settings, up to the root of the repository."""
    for above in (folder, *folder.parents):
        if (above / PROJECT_FILE).is_file():
            return above / PROJECT_FILE
        pyproject = above / "pyproject.toml"
        if pyproject.is_file() and _table(pyproject):
            return pyproject
        if (above / ".git").exists():
            return None
    return None


def _table(file: Path) -> dict[str, Any]:
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file} cannot be read: {error}") from error
    if file.name != "pyproject.toml":
        return document
    table = document.get("tool", {}).get(TABLE, {})
    if not isinstance(table, dict):
        raise SettingsError(f"{file}: [tool.{TABLE}] is not a table")
    return table


def _checked(setting: Setting, value: object, where: str) -> object:
    """A value of a file, which must be of the right type and not only look like it."""
    parts = value if setting.many and isinstance(value, list) else [value]
    right = isinstance(value, list) == setting.many and all(
        isinstance(part, setting.types) and (bool in setting.types or not isinstance(part, bool))
        for part in parts
    )
    if not right:
        names = " or ".join(one.__name__ for one in setting.types)
        wanted = f"a list of {names}" if setting.many else names
        raise SettingsError(f"{where} must be {wanted}, not {value!r}")
    return _converted(setting, value, where)


def _converted(setting: Setting, value: object, where: str) -> object:
    try:
        if isinstance(value, list):
            return tuple(setting.kind.convert(part, None, None) for part in value)
        return setting.kind.convert(value, None, None)
    except click.BadParameter as error:
        raise SettingsError(f"{where}: {error.message}") from None
