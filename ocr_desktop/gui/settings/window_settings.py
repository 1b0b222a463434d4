"""What the window remembers from one start to the next, in one file of the per-user folder."""

import logging
import uuid
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec

from ocr_desktop.domain.errors import OutputNotWritableError
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.services.atomic_files import publish, temporary_path, write_temporary
from ocr_desktop.services.folders import AppFolders, ensure_private

_log = logging.getLogger(__name__)

FILE_NAME = "window.json"
MAX_RECENT = 8
MAX_PRESETS = 100
_EDITED = ("options", "theme", "notify", "hover_preview", "presets", "preset")


class Theme(StrEnum):
    """Which colours the window has."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Preset(msgspec.Struct, frozen=True, kw_only=True):
    """Options that were given a name, to be chosen again."""

    name: Annotated[str, msgspec.Meta(min_length=1)]
    options: RunOptions


class WindowSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings. A file of an older version leaves some out; those get their defaults."""

    options: RunOptions = RunOptions()
    """How to run a batch."""
    thumbnail_edge: Annotated[int, msgspec.Meta(ge=48, le=1024)] = 160
    """Device-independent pixels."""
    recent_folders: tuple[str, ...] = ()
    """Last opened first."""
    geometry: str = ""
    """Place and size of the window, as Qt packs them, in base64."""
    theme: Theme = Theme.SYSTEM
    notify: bool = True
    """Whether the desktop tells of the end of a run while the window is not in front."""
    hover_preview: bool = True
    """Whether a thumbnail under the pointer is shown larger."""
    presets: tuple[Preset, ...] = ()
    """In the order of their names."""
    preset: str = ""
    """The preset that was chosen last; empty for none. The options may have been changed since."""
    show_folders: bool = True
    """Whether the tree of folders is shown where there are subfolders."""
    show_preview: bool = False
    """Whether the pane with the larger picture is shown."""
    folders_width: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 0
    """Of the tree of folders, in device-independent pixels; 0 for what it takes by itself."""
    preview_width: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 0
    """Of the pane with the larger picture; likewise."""
    doubtful_below: Annotated[float, msgspec.Meta(gt=0, le=1)] = 0.75
    """Confidence below which a word is doubtful."""
    order: str = "found"
    """By what the images are ordered: a value of the grid's ``Order``."""
    descending: bool = False

    def with_recent(self, folder: str) -> "WindowSettings":
        """Return the settings with ``folder`` as the one opened last."""
        others = (known for known in self.recent_folders if known != folder)
        return msgspec.structs.replace(self, recent_folders=(folder, *others)[:MAX_RECENT])

    def with_chosen(self, chosen: "WindowSettings") -> "WindowSettings":
        """Return the settings with what a person edits in a dialog; the rest may have changed meanwhile."""
        edited = {name: getattr(chosen, name) for name in _EDITED}
        return msgspec.structs.replace(self, **edited)


class WindowSettingsFile:
    """Loads and saves the settings. Neither ever raises: settings are a comfort, not a duty."""

    def __init__(self, folders: AppFolders) -> None:
        """Use the file in ``folders.home``."""
        self._path = folders.home / FILE_NAME

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._path

    def load(self) -> WindowSettings:
        """Return what was saved, with the default for each setting that is missing or cannot be used."""
        try:
            values = msgspec.json.decode(self._path.read_bytes(), type=dict[str, msgspec.Raw])
        except FileNotFoundError:
            return WindowSettings()
        except (OSError, msgspec.MsgspecError) as error:
            _log.warning("The window's settings could not be read, so it starts with the defaults: %s", error)
            return WindowSettings()
        return _settings_from(values)

    def save(self, settings: WindowSettings) -> None:
        """Replace the file, whole or not at all."""
        content = msgspec.json.format(msgspec.json.encode(settings))
        try:
            folder = ensure_private(self._path.parent)
            temporary = temporary_path(str(folder), f"window-{uuid.uuid4().hex}", "json")
            write_temporary(temporary, content, private=True)
            publish(temporary, str(self._path))
        except (OSError, OutputNotWritableError) as error:
            _log.warning("The window's settings could not be saved: %s", error)


def _settings_from(values: Mapping[str, msgspec.Raw]) -> WindowSettings:
    """Take each setting by itself: one that is damaged, or of a newer version, costs no other."""
    good: dict[str, object] = {}
    for field in msgspec.structs.fields(WindowSettings):
        if field.name not in values:
            continue
        try:
            if field.name == "presets":
                good["presets"] = tuple(_presets_from(values["presets"]))
            else:
                good[field.name] = msgspec.json.decode(values[field.name], type=field.type)
        except msgspec.MsgspecError as error:
            _log.warning("The setting %s could not be read, so it gets its default: %s", field.name, error)
    return msgspec.structs.replace(WindowSettings(), **good)


def _presets_from(content: msgspec.Raw) -> Iterator[Preset]:
    for entry in msgspec.json.decode(content, type=list[msgspec.Raw])[:MAX_PRESETS]:
        try:
            yield msgspec.json.decode(entry, type=Preset)
        except msgspec.MsgspecError as error:
            _log.warning("A preset could not be read and is left out: %s", error)
