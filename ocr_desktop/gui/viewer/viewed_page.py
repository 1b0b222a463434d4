"""What the viewer shows of one image, loaded in the background: first the text, then the picture."""

from collections.abc import Iterator, Sequence

import msgspec
from PIL import Image
from PySide6.QtCore import QCoreApplication

from ocr_desktop.domain.errors import ItemError
from ocr_desktop.domain.items import ItemOutcome
from ocr_desktop.domain.results import Page, ResultDocument
from ocr_desktop.gui.viewer.page_pyramid import PagePyramid, turned
from ocr_desktop.gui.viewer.result_text import ResultText, all_words, load_result_text
from ocr_desktop.gui.viewer.word_index import WordIndex
from ocr_desktop.gui.viewer.word_map import Span, match_words
from ocr_desktop.services.image_loader import load_upright

MAX_PIXELS = 200_000_000
"""Larger images are not shown, to protect memory."""


class ViewRequest(msgspec.Struct, frozen=True):
    """What to load."""

    path: str
    """The image."""
    outcome: ItemOutcome | None
    """How it was read, if it was; its result files say where the text is."""
    rotation: int = 0
    """Degrees clockwise by which the user has the upright image turned; a result knows better."""
    page: int = 0
    """Which page, from 0."""
    parts: frozenset[str] = frozenset({"text", "picture"})
    """What of it is wanted."""


class ViewedText(msgspec.Struct, frozen=True):
    """The text side."""

    request: ViewRequest
    result: ResultText
    spans: Sequence[Span | None] = ()
    """Where in the text the words of all pages stand."""


class ViewedPicture(msgspec.Struct, frozen=True):
    """The picture side."""

    request: ViewRequest
    pyramid: PagePyramid | None = None
    index: WordIndex | None = None
    problem: str = ""
    """Why there is no picture, a whole sentence."""


def load_view(request: ViewRequest) -> Iterator[ViewedText | ViewedPicture]:
    """Load an image and its result. Any thread; does not raise for bad files."""
    if "text" in request.parts:
        text = _load_text(request)
        yield text
        document = text.result.document
    else:
        document = load_result_text(request.outcome).document
    if "picture" in request.parts:
        yield _load_picture(request, document)


def _load_text(request: ViewRequest) -> ViewedText:
    result = load_result_text(request.outcome)
    words = [word.text for word in all_words(result.document)]
    spans = match_words(words, result.text) if result.document is not None else ()
    return ViewedText(request, result, spans)


def _load_picture(request: ViewRequest, document: ResultDocument | None) -> ViewedPicture:
    if request.page > 0:
        problem = QCoreApplication.translate(
            "Viewer",
            "So far only the first page of this file can be shown as an image; its text is beside it.",
        )
        return ViewedPicture(request, problem=problem)
    page = _page(document, request.page)
    try:
        loaded = load_upright(request.path, max_pixels=MAX_PIXELS)
        degrees = request.rotation if page is None else page.rotation - loaded.rotation
        image = _as_read(turned(loaded.image, degrees), page)
        pyramid = PagePyramid(image)
    except ItemError as error:
        return ViewedPicture(request, problem=str(error))
    except MemoryError:
        problem = QCoreApplication.translate("Viewer", "There is not enough memory to show this image.")
        return ViewedPicture(request, problem=problem)
    boxes = [word.box for word in page.words] if page is not None else []
    return ViewedPicture(request, pyramid, WordIndex(boxes, pyramid.width, pyramid.height))


def _page(document: ResultDocument | None, number: int) -> Page | None:
    pages = document.pages if document is not None else ()
    return pages[number] if number < len(pages) else None


def _as_read(image: Image.Image, page: Page | None) -> Image.Image:
    """Return the image in the size that the boxes count in, should the file have been replaced since."""
    if page is None or image.size == (page.width, page.height):
        return image
    return image.resize((page.width, page.height))
