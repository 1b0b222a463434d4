"""The folders of the program's own files: per user, made when first needed, readable by nobody else."""

import os
from pathlib import Path

import msgspec
import platformdirs

from ocr_desktop.domain.errors import OutputNotWritableError

HOME_VARIABLE = "OCR_DESKTOP_HOME"
"""Environment variable that replaces the per-user folder, for portable installations and tests."""

_PRIVATE = 0o700
"""For this user only: thumbnails and logs show what was scanned. (In a Windows profile that is so anyway.)"""


class AppFolders(msgspec.Struct, frozen=True):
    """Where the program's own files are. Having one of these makes no folder; :func:`ensure_private` does."""

    home: Path
    """Absolute; everything else is inside it."""

    @classmethod
    def locate(cls, home: Path | None = None) -> "AppFolders":
        """Find them: under ``home`` if given, else ``OCR_DESKTOP_HOME``, else the platform's per-user folder.

        A relative path counts from the current folder at the time of this call.
        """
        if home is None:
            chosen = os.environ.get(HOME_VARIABLE, "").strip()
            home = Path(chosen) if chosen else platformdirs.user_data_path("ocr-desktop", appauthor=False)
        return cls(home=Path(os.path.abspath(home.expanduser())))

    @property
    def cache(self) -> Path:
        """What can be deleted at any time and is made again."""
        return self.home / "cache"

    @property
    def thumbnails(self) -> Path:
        """Small pictures of the images seen before."""
        return self.cache / "thumbnails"

    @property
    def logs(self) -> Path:
        """Log files."""
        return self.home / "logs"


def ensure_private(folder: Path) -> Path:
    """Make the folder and whatever is missing above it, with access for this user only; return it.

    Folders that exist already keep the access they have. Safe to call from any thread, and from several
    processes at once.

    Raises:
        OutputNotWritableError: If it cannot be made.
    """
    try:
        _make(folder)
    except OSError as error:
        raise OutputNotWritableError(
            f"The folder {folder} for the program's own files could not be made ({error.strerror or error}).",
            remedy=f"Make it writable, or set {HOME_VARIABLE} to a folder that is.",
        ) from error
    return folder


def _make(folder: Path) -> None:
    # Not mkdir(parents=True): that gives the mode to the last folder only.
    if folder.is_dir():
        return
    _make(folder.parent)
    folder.mkdir(mode=_PRIVATE, exist_ok=True)
