"""What the window remembers from one start to the next, in one file of the per-user folder."""

import logging
import uuid
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

    def with_recent(self, folder: str) -> "WindowSettings":
        """Return the settings with ``folder`` as the one opened last."""
        others = (known for known in self.recent_folders if known != folder)
        return msgspec.structs.replace(self, recent_folders=(folder, *others)[:MAX_RECENT])


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
        """Return what was saved, or the defaults."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=WindowSettings)
        except FileNotFoundError:
            return WindowSettings()
        except (OSError, msgspec.MsgspecError) as error:
            _log.warning("The window's settings could not be read, so it starts with the defaults: %s", error)
            return WindowSettings()

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
