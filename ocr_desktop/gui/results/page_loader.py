"""Loads one image and its result in the background: only the one that was asked for last."""

from collections.abc import Iterator

import msgspec
from PIL import Image
from PySide6.QtCore import QObject

from ocr_desktop.domain.errors import ItemError
from ocr_desktop.domain.items import ItemOutcome
from ocr_desktop.gui.background.latest_loader import LatestLoader
from ocr_desktop.gui.viewer.result_text import load_result_text
from ocr_desktop.gui.viewer.viewed_page import MAX_PIXELS
from ocr_desktop.services.image_loader import load_upright
from ocr_desktop.services.thumbnails import Bitmap, to_bitmap


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
    text: str = ""
    image_problem: str = ""
    """Why there is no bitmap, a whole sentence."""
    text_problem: str = ""
    """Why there is no text, a whole sentence."""


def load_page(request: PageRequest) -> LoadedPage:
    """Load an image and its result. Any thread; does not raise for bad files."""
    page = LoadedPage(request)
    try:
        image = load_upright(request.path, max_pixels=MAX_PIXELS, rotation=request.rotation).image
    except ItemError as error:
        page = msgspec.structs.replace(page, image_problem=str(error))
    else:
        width, height = image.size
        image.thumbnail((request.max_edge, request.max_edge), Image.Resampling.BILINEAR, reducing_gap=2.0)
        page = msgspec.structs.replace(page, bitmap=to_bitmap(image), width=width, height=height)
    result = load_result_text(request.outcome)
    return msgspec.structs.replace(page, text=result.text, text_problem=result.problem)


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
