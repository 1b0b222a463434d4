"""The options of ``run``, built from the one options model: ranges, defaults and help come from there."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from ocr_desktop.domain.options import RunOptions, SettingInfo, describe_settings

_Command = TypeVar("_Command", bound=Callable[..., Any])

_SPELLINGS: Final = {
    "languages": ("--lang", "-l"),
    "page_segmentation": ("--psm",),
    "formats": ("--format", "-f"),
    "output_dir": ("--output-dir", "-o"),
    "jobs": ("--jobs", "-j"),
    "recursive": ("--recursive/--no-recursive",),
}
"""Settings whose option is not spelled like the setting."""

_LISTS: Final = {"languages": "+", "formats": ","}
"""Settings that hold several values -> what separates these."""


def run_options(command: _Command) -> _Command:
    """Decorate a click command with one option for each setting."""
    for setting in reversed(describe_settings().values()):
        command = _option(setting)(command)
    return command


def read_options(values: dict[str, object]) -> RunOptions:
    """Build the options from what click parsed.

    Raises:
        UsageError: If a value is out of its range.
    """
    return RunOptions.from_values({name: _split(name, value) for name, value in values.items()})


def _option(setting: SettingInfo) -> Callable[[_Command], _Command]:
    spellings = _SPELLINGS.get(setting.name, (f"--{setting.name.replace('_', '-')}",))
    return click.option(
        *spellings,
        setting.name,
        default=_join(setting),
        show_default=setting.default is not None,
        type=_type_of(setting),
        metavar=_metavar_of(setting),
        help=setting.help,
    )


def _type_of(setting: SettingInfo) -> click.ParamType[Any] | type | None:
    if setting.name in _LISTS:
        return str
    if setting.choices:
        return click.Choice([str(choice) for choice in setting.choices])
    if setting.name == "output_dir":
        return click.Path(file_okay=False)
    if isinstance(setting.default, float):
        return float
    if isinstance(setting.default, int) or setting.minimum is not None:
        return bool if isinstance(setting.default, bool) else int
    return None


def _metavar_of(setting: SettingInfo) -> str | None:
    return {
        "languages": "LANG[+LANG...]",
        "formats": "FORMAT[,FORMAT...]",
        "output_dir": "DIR",
        "timeout": "SECONDS",
        "jobs": "N",
    }.get(setting.name)


def _join(setting: SettingInfo) -> object:
    if setting.name in _LISTS and isinstance(setting.default, tuple):
        return _LISTS[setting.name].join(setting.default)
    return str(setting.default) if setting.choices else setting.default


def _split(name: str, value: object) -> object:
    if name in _LISTS and isinstance(value, str):
        return [part.strip() for part in value.split(_LISTS[name]) if part.strip()]
    return value
