"""Loads one image and its result in the background: only the one that was asked for last."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
from PIL import Image
from PySide6.QtCore import QObject

from ocr_desktop.domain.errors import ItemError
from ocr_desktop.domain.items import ItemOutcome
from ocr_desktop.domain.results import ResultDocument
from ocr_desktop.gui.background.latest_loader import LatestLoader
from ocr_desktop.services.image_loader import load_upright
from ocr_desktop.services.result_reader import read_result
from ocr_desktop.services.thumbnails import Bitmap, to_bitmap

_MAX_PIXELS = 200_000_000


class PageRequest(msgspec.Struct, frozen=True):
    """What to load."""

    path: str
    """The image."""
    outcome: ItemOutcome | None
    """How it was read, if it was; its result files say where the text is."""
    max_edge: int
    """Device pixels that the longest edge may have; larger images are scaled down."""
    rotation: int = 0
    """Degrees clockwise by which the user has the upright image turned."""


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
        image = load_upright(request.path, max_pixels=_MAX_PIXELS, rotation=request.rotation).image
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
            return msgspec.structs.replace(page, document=document, text=document.best_text)
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


class PageLoader(LatestLoader):
    """One background thread that loads the page that was asked for last.

    Signals:
        loaded: A :class:`LoadedPage`, never of a request that has been replaced by another.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        """Prepare; the thread starts with the first request."""
        super().__init__("page-loader", _load, _apologize, parent)


def _load(request: PageRequest) -> Iterator[LoadedPage]:
    yield load_page(request)


def _apologize(request: PageRequest, error: Exception) -> LoadedPage:
    return LoadedPage(request, image_problem=str(error))
