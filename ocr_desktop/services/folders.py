"""The folders of the program's own files: per user, made when first needed, readable by nobody else."""

import contextlib
import os
import stat
from pathlib import Path

import msgspec
import platformdirs

from ocr_desktop.domain.errors import OutputNotWritableError

HOME_VARIABLE = "OCR_DESKTOP_HOME"
"""Environment variable that replaces the per-user folder, for portable installations and tests."""

_PRIVATE_FILE = 0o600
_OTHERS = 0o077
"""What others may be allowed to do."""
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

    @property
    def receipts(self) -> Path:
        """What became of each image of the jobs that have ended."""
        return self.home / "receipts"

    @property
    def pasted(self) -> Path:
        """Pictures off the clipboard; the user's own, so nothing deletes them."""
        return self.home / "pasted"


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


def private_opener(path: str, flags: int) -> int:
    """Open a file such that a new one is for this user only. An ``opener`` for :func:`open`."""
    return os.open(path, flags, _PRIVATE_FILE)


def ensure_private_file(path: Path) -> None:
    """Make an empty file for this user only where there is none; keep others out of one that is there.

    For files that a library makes: they are there before it asks. What cannot be made or changed is left to
    the library to meet.
    """
    with contextlib.suppress(OSError):
        # Never one that is there already: closing a file gives up all locks on it that this process has.
        os.close(private_opener(str(path), os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    _keep_others_out(path, _PRIVATE_FILE)


def keep_others_out(folders: AppFolders) -> None:
    """Close the program's own files and folders to other users, however they have come to be open.

    The home folder itself stays as it is: who names one that was there before may share other things in it.
    """
    own = (
        folders.cache,
        folders.thumbnails,
        folders.logs,
        folders.home / "locks",
        folders.receipts,
        folders.pasted,
    )
    for folder in own:
        _keep_others_out(folder, _PRIVATE)
    for pattern in ("*.db", "*.db-wal", "*.db-shm", "window.json", "logs/*.log*"):
        for file in folders.home.glob(pattern):
            _keep_others_out(file, _PRIVATE_FILE)


def _keep_others_out(path: Path, mode: int) -> None:
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):  # not there, not ours, or on a drive that knows no such thing
        about = path.lstat()
        if not stat.S_ISLNK(about.st_mode) and about.st_uid == os.getuid() and about.st_mode & _OTHERS:
            path.chmod(mode)
