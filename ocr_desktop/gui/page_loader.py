"""Loads one image and its result in the background: only the one that was asked for last."""

import logging
import threading
from pathlib import Path

import msgspec
from PIL import Image
from PySide6.QtCore import QObject, Signal, Slot

from ocr_desktop.domain.errors import ItemError
from ocr_desktop.domain.items import ItemOutcome
from ocr_desktop.domain.results import ResultDocument
from ocr_desktop.services.image_loader import load_upright
from ocr_desktop.services.result_reader import read_result
from ocr_desktop.services.thumbnails import Bitmap, to_bitmap

_log = logging.getLogger(__name__)

_MAX_PIXELS = 200_000_000


class PageRequest(msgspec.Struct, frozen=True):
    """What to load."""

    path: str
    """The image."""
    outcome: ItemOutcome | None
    """How it was read, if it was; its result files say where the text is."""
    max_edge: int
    """Device pixels that the longest edge may have; larger images are scaled down."""


class LoadedPage(msgspec.Struct, frozen=True):
    """What was loaded. Each part may be missing, and then something says why."""

    request: PageRequest
    bitmap: Bitmap | None = None
    width: int = 0
    """Pixels of the upright image, before scaling: what the boxes of words count in."""
    height: int = 0
    document: ResultDocument | None = None
    text: str = ""
    image_problem: str = ""
    """Why there is no bitmap, a whole sentence."""
    text_problem: str = ""
    """Why there is no text, a whole sentence."""


def load_page(request: PageRequest) -> LoadedPage:
    """Load an image and its result. Any thread; does not raise for bad files."""
    page = LoadedPage(request)
    try:
        image = load_upright(request.path, max_pixels=_MAX_PIXELS).image
    except ItemError as error:
        page = msgspec.structs.replace(page, image_problem=str(error))
    else:
        width, height = image.size
        image.thumbnail((request.max_edge, request.max_edge), Image.Resampling.BILINEAR, reducing_gap=2.0)
        page = msgspec.structs.replace(page, bitmap=to_bitmap(image), width=width, height=height)
    return _with_text(page)


def _with_text(page: LoadedPage) -> LoadedPage:
    """Add the text, from the result files that the outcome names (never guessed from the image's name)."""
    outcome = page.request.outcome
    files = outcome.result_files if outcome is not None else ()
    by_extension = {Path(file).suffix: file for file in reversed(files)}
    try:
        if ".json" in by_extension:
            document = read_result(by_extension[".json"])
            return msgspec.structs.replace(page, document=document, text=document.text)
        if ".txt" in by_extension:
            text = Path(by_extension[".txt"]).read_text(encoding="utf-8", errors="replace")
            return msgspec.structs.replace(page, text=text)
    except FileNotFoundError as error:
        problem = f"The result file {error.filename} is not there any more."
        return msgspec.structs.replace(page, text_problem=problem)
    except (ItemError, OSError) as error:
        return msgspec.structs.replace(page, text_problem=str(error))
    if outcome is not None and (outcome.error or outcome.reason):
        return msgspec.structs.replace(page, text_problem=outcome.error or outcome.reason)
    return page


class PageLoader(QObject):
    """One background thread that loads what was asked for last. Its methods belong to the GUI thread.

    Signals:
        loaded: A :class:`LoadedPage`, never of a request that has been replaced by another.
    """

    loaded = Signal(object)
    _made = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        """Start the thread; it waits until something is asked for."""
        super().__init__(parent)
        self._condition = threading.Condition()
        self._next: PageRequest | None = None
        self._current: PageRequest | None = None
        self._is_stopping = False
        self._made.connect(self._deliver)
        self._thread = threading.Thread(target=self._work, name="page-loader", daemon=True)
        self._thread.start()

    def load(self, request: PageRequest | None) -> None:
        """Load this instead of whatever was asked for before; None only drops that."""
        with self._condition:
            self._current = self._next = request
            self._condition.notify()

    def stop(self) -> None:
        """End the thread. What it is loading is finished and dropped."""
        self._current = None
        with self._condition:
            self._is_stopping = True
            self._condition.notify()
        self._thread.join()

    def _work(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._next is not None or self._is_stopping)
                if self._is_stopping or self._next is None:
                    return
                request, self._next = self._next, None
            try:
                page = load_page(request)
            except Exception as error:  # noqa: BLE001 - one page must not cost the thread
                _log.exception("%r could not be loaded", request.path)
                page = LoadedPage(request, image_problem=str(error))
            self._made.emit(page)

    @Slot(object)
    def _deliver(self, page: LoadedPage) -> None:
        if page.request is self._current:
            self.loaded.emit(page)
