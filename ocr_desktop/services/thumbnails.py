"""Thumbnails: small, upright previews of image files, kept in a bounded cache on disk.

Everything here may be called from any thread. Nothing raises for a bad image: a file that cannot be shown is
an answer of its own (:class:`Unshowable`), because a folder of scans always has one.
"""

import contextlib
import hashlib
import logging
import os
import stat
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

import msgspec
from PIL import Image, ImageOps

from ocr_desktop.domain.errors import OutputNotWritableError
from ocr_desktop.services.folders import ensure_private
from ocr_desktop.services.image_formats import formats_for, peek
from ocr_desktop.services.image_modes import to_grey_or_rgb
from ocr_desktop.services.pillow_guard import pillow_guard

_log = logging.getLogger(__name__)

STORED_EDGES = (256, 512, 1024)
"""Longest edges, in pixels, that are kept on disk; a request is served from the next larger one."""
_MAX_BYTES = 256 * 1024 * 1024
_MAX_SOURCE_PIXELS = 200_000_000
_MAX_DECODED_PIXELS = 100_000_000
"""What one preview may decode. JPEGs are decoded at a fraction of their size, so larger ones still pass."""
_SCALABLE_MODES = frozenset({"L", "LA", "RGB", "RGBA", "CMYK"})
"""Modes that are scaled down as they are; the others are made grey or colour first."""
_ORIENTATION = 0x0112
"""The EXIF tag."""
_ABANDONED = 24 * 3600.0
"""Seconds after which nobody writes to a temporary file any more."""
_FRESH_FOR = 24 * 3600.0
"""Seconds after which a hit marks a cached file as used again; not each time, to spare the disk."""


class Bitmap(msgspec.Struct, frozen=True):
    """Pixels that need no decoding any more: four bytes each (blue, green, red, 255), rows from the top."""

    width: int
    height: int
    pixels: bytes


class Unshowable(msgspec.Struct, frozen=True):
    """The answer for a file of which no preview can be made."""

    reason: str
    """Why, in a whole sentence for the user."""


def to_bitmap(image: Image.Image) -> Bitmap:
    """Return the pixels of an image of mode ``L`` or ``RGB``."""
    return Bitmap(image.width, image.height, image.convert("RGBA").tobytes("raw", "BGRA"))


class ThumbnailStore:
    """Makes thumbnails and remembers them on disk by path, size and time of modification.

    Args:
        folder: Where the files are kept; made on first use.
        max_bytes: Disk space that they may take; the least recently used ones go first.
        max_source_pixels: Images of more pixels than this are not opened at all.
    """

    def __init__(
        self, folder: Path, *, max_bytes: int = _MAX_BYTES, max_source_pixels: int = _MAX_SOURCE_PIXELS
    ) -> None:
        """Set up the store. Nothing is read or written yet."""
        self._folder = folder
        self._max_bytes = max_bytes
        self._max_source_pixels = max_source_pixels
        self._lock = threading.Lock()
        self._unchecked_bytes = max_bytes  # the first write looks at what earlier runs left behind

    def get(self, path: str, edge: int) -> Bitmap | Unshowable:
        """Return an upright preview of the image at ``path``, at most ``edge`` pixels wide and high."""
        try:
            about = os.stat(path)
            if not stat.S_ISREG(about.st_mode):
                return Unshowable("This is not a regular file.")
            stored_edge = next((size for size in STORED_EDGES if size >= edge), STORED_EDGES[-1])
            cached = self._file_of(path, about, stored_edge)
            image = self._read(cached) or self._make(path, stored_edge, cached)
        except FileNotFoundError:
            return Unshowable("The file is not there any more.")
        except PermissionError:
            return Unshowable("The file may not be read.")
        except (_TooLargeError, Image.DecompressionBombError):
            return Unshowable("The image has too many pixels for a preview.")
        except Exception as error:  # noqa: BLE001 - Pillow's decoders raise nearly anything on damaged files
            _log.debug("No thumbnail of an image: %s", type(error).__name__)
            return Unshowable("The file is damaged or is not an image.")
        image.thumbnail((edge, edge), Image.Resampling.BILINEAR)
        return to_bitmap(image)

    def prune(self) -> None:
        """Delete the least recently used files until the store fits into its space with a fifth to spare.

        What killed programs left half-written goes too, once nobody can be at work with it.
        """
        self._sweep()
        files = sorted(self._stored_files(), key=lambda file: file.modified)
        total = sum(file.size for file in files)
        for file in files if total > self._max_bytes else ():
            if total <= self._max_bytes * 0.8:
                break
            with contextlib.suppress(OSError):
                file.path.unlink()
                total -= file.size

    def forget(self, paths: Iterable[str]) -> int:
        """Delete all thumbnails of the images at ``paths``, also of what was there before; return how many.

        What cannot be deleted stays.
        """
        wanted: defaultdict[Path, set[str]] = defaultdict(set)
        for path in paths:
            folder, beginning = self._place_of(path)
            wanted[folder].add(beginning)
        deleted = 0
        for folder, beginnings in wanted.items():
            for file in _files_named(folder, beginnings):
                with contextlib.suppress(OSError):
                    os.unlink(file)
                    deleted += 1
        return deleted

    def _file_of(self, path: str, about: os.stat_result, edge: int) -> Path:
        folder, beginning = self._place_of(path)
        version = _digest(f"{about.st_size}\0{about.st_mtime_ns}\0{edge}")
        return folder / f"{beginning}-{version[:16]}.jpg"

    def _place_of(self, path: str) -> tuple[Path, str]:
        """Return the folder of an image's thumbnails and what their names begin with; told by its path."""
        image = _digest(os.path.abspath(path))
        return self._folder / image[:2], image[2:32]

    @staticmethod
    def _read(cached: Path) -> Image.Image | None:
        try:
            with Image.open(cached, formats=["JPEG"]) as image:
                image.load()
            if time.time() - cached.stat().st_mtime > _FRESH_FOR:
                os.utime(cached)
        except FileNotFoundError:
            return None
        except (OSError, SyntaxError, ValueError):
            return None  # cut off by a crash or a full disk: it is made again and replaced
        return image

    def _make(self, path: str, edge: int, cached: Path) -> Image.Image:
        image = self._decode(path, edge)
        try:
            size = _write_atomically(image, cached)
        except (OSError, OutputNotWritableError) as error:
            # A full disk costs speed, nothing else.
            _log.info("A thumbnail could not be kept: %s", type(error).__name__)
            return image
        with self._lock:
            self._unchecked_bytes += size
            is_due = self._unchecked_bytes > self._max_bytes // 8
            if is_due:
                self._unchecked_bytes = 0
        if is_due:
            self.prune()
        return image

    def _decode(self, path: str, edge: int) -> Image.Image:
        # A stream, not a path: Pillow would map some files into memory, and die if they shrink meanwhile.
        with (
            pillow_guard(self._max_source_pixels),
            open(path, "rb") as stream,
            Image.open(stream, formats=formats_for(peek(stream))) as image,
        ):
            if image.width * image.height > self._max_source_pixels:
                raise _TooLargeError
            # Decode at the smallest fraction that is still sharp. Pillow's own choice inside thumbnail()
            # looks at the shorter edge, and decodes four times the pixels that a long receipt needs.
            share = 1.5 * edge / max(image.size)
            image.draft(None, (max(1, int(image.width * share)), max(1, int(image.height * share))))
            if image.width * image.height > _MAX_DECODED_PIXELS:
                raise _TooLargeError
            small = image if image.mode in _SCALABLE_MODES else to_grey_or_rgb(image)
            small.thumbnail((edge, edge), Image.Resampling.BILINEAR, reducing_gap=2.0)
            if small is not image:
                small.getexif()[_ORIENTATION] = image.getexif().get(_ORIENTATION, 1)
            return to_grey_or_rgb(ImageOps.exif_transpose(small))

    def _sweep(self) -> None:
        long_ago = time.time() - _ABANDONED
        for path in self._folder.glob("*/*.tmp"):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < long_ago:
                    path.unlink()

    def _stored_files(self) -> Iterator["_StoredFile"]:
        for path in self._folder.glob("*/*.jpg"):
            with contextlib.suppress(OSError):
                about = path.stat()
                yield _StoredFile(path, about.st_size, about.st_mtime)


def _files_named(folder: Path, beginnings: Container[str]) -> list[str]:
    """Return the files whose names have one of ``beginnings`` before the first dash."""
    try:
        with os.scandir(folder) as entries:
            return [entry.path for entry in entries if entry.name.partition("-")[0] in beginnings]
    except OSError:  # the usual case: nothing in it was ever shown
        return []


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


class _StoredFile(msgspec.Struct, frozen=True):
    path: Path
    size: int
    modified: float


class _TooLargeError(Exception):
    """More pixels than a preview is worth."""


def _write_atomically(image: Image.Image, target: Path) -> int:
    """Write a JPEG that is either whole or not there; return its size in bytes.

    It is not synced to the disk: losing a preview in a crash costs nothing, and a damaged one is made again.
    """
    ensure_private(target.parent)
    # Its name begins like the target's, so that what a killed program leaves is forgotten with the image.
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f"{target.stem}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            image.save(stream, "JPEG", quality=85)
            size = stream.tell()
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    return size
