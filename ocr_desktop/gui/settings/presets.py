"""Named presets: options that are kept under a name. Plain functions over the settings of the window."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QCoreApplication

from ocr_desktop.domain.options import RunOptions
from ocr_desktop.gui.settings.window_settings import MAX_PRESETS, Preset, WindowSettings

MAX_NAME = 40
"""Letters of a name; it has to fit beside the summary."""


def find_preset(presets: Sequence[Preset], name: str) -> Preset | None:
    """Return the preset of this name, if there is one."""
    return next((preset for preset in presets if preset.name == name), None)


def name_problem(presets: Sequence[Preset], name: str, *, old: str = "") -> str:
    """Return why a preset cannot be called so, as a sentence; empty if it can.

    Args:
        presets: Those that there are.
        name: The wanted name.
        old: Its present name, if it is to be renamed.
    """
    name = name.strip()
    folded = {preset.name.casefold() for preset in presets if preset.name != old}
    if not name:
        return QCoreApplication.translate("Presets", "Give the preset a name.")
    if len(name) > MAX_NAME:
        return QCoreApplication.translate("Presets", "Use at most {count} letters.").format(count=MAX_NAME)
    if name.casefold() in folded:
        return QCoreApplication.translate("Presets", "There is a preset “{name}” already.").format(name=name)
    if not old and len(presets) >= MAX_PRESETS:
        return QCoreApplication.translate("Presets", "There are too many presets; delete one first.")
    return ""


def with_preset(presets: Sequence[Preset], preset: Preset) -> tuple[Preset, ...]:
    """Return the presets with this one added, or in the place of the one of the same name."""
    others = [known for known in presets if known.name != preset.name]
    return tuple(sorted([*others, preset], key=lambda known: known.name.casefold()))


def without_preset(presets: Sequence[Preset], name: str) -> tuple[Preset, ...]:
    """Return the presets without the one of this name."""
    return tuple(preset for preset in presets if preset.name != name)


def renamed_preset(presets: Sequence[Preset], old: str, new: str) -> tuple[Preset, ...]:
    """Return the presets with one of them renamed."""
    preset = find_preset(presets, old)
    if preset is None:
        return tuple(presets)
    return with_preset(without_preset(presets, old), Preset(name=new, options=preset.options))


def choose_preset(settings: WindowSettings, name: str) -> WindowSettings:
    """Return the settings with the options of a preset; unchanged if there is none of that name."""
    preset = find_preset(settings.presets, name)
    if preset is None:
        return settings
    return msgspec.structs.replace(settings, options=preset.options, preset=name)


def preset_words(presets: Sequence[Preset], name: str, options: RunOptions | None) -> str:
    """Return the name of the chosen preset, with a word if the options are not its own any more."""
    preset = find_preset(presets, name)
    if preset is None:
        return ""
    if preset.options == options:
        return name
    return QCoreApplication.translate("Presets", "{preset} (changed)").format(preset=name)
