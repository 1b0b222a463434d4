"""What an OCR engine is. Finding out whether one is usable (probing) is apart from using it."""

from collections.abc import Callable
from typing import Protocol

import msgspec
from PIL import Image

from ocr_desktop.domain.results import EngineStamp, Recognition


class EngineConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How to open an engine. Small and picklable: it travels to the worker processes."""

    languages: tuple[str, ...]
    page_segmentation: int
    """Tesseract's page segmentation mode, 1..13."""


class EngineStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What probing an engine found."""

    name: str
    available: bool
    version: str = ""
    languages: tuple[str, ...] = ()
    """Sorted Tesseract language codes, ``osd`` left out."""
    location: str = ""
    """Where the engine, or its language data, is."""
    problem: str = ""
    """Why it is not available, a whole sentence; empty if it is."""
    remedy: str = ""
    """What to do about the problem, or how to get more languages; a whole sentence."""


class OcrEngine(Protocol):
    """An open engine: one handle, used by one thread, kept warm between images."""

    @property
    def stamp(self) -> EngineStamp:
        """Name, version and languages, as they are recorded in a result."""
        ...

    def recognize(self, image: Image.Image, dpi: int | None) -> Recognition:
        """Read an upright image in one go.

        Args:
            image: Mode ``L`` or ``RGB``.
            dpi: Resolution if it is known, in dots per inch; else None, and the engine estimates it.

        Raises:
            RecognitionError: If the engine gives up on this image. The engine stays usable.
        """
        ...

    def close(self) -> None:
        """Free what the engine holds. Closing twice does no harm."""
        ...


class EngineSpec(msgspec.Struct, frozen=True, kw_only=True):
    """An engine that can be chosen. Its functions are module-level, so that they reach a worker process."""

    name: str
    probe: Callable[[], EngineStatus]
    """Finds out what is there. Never raises: what is wrong is in the status."""
    open: Callable[[EngineConfig], OcrEngine]
    """Opens a handle. Raises ``EngineMissingError`` or ``LanguageMissingError``."""
