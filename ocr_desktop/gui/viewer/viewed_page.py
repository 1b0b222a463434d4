"""What the viewer shows of one image, loaded in the background: first the text, then the picture."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from PIL import Image

from ocr_desktop.domain.errors import ItemError
from ocr_desktop.domain.items import ItemOutcome
from ocr_desktop.domain.results import Page, ResultDocument, Word
from ocr_desktop.gui.viewer.page_pyramid import PagePyramid, turned
from ocr_desktop.gui.viewer.word_index import WordIndex
from ocr_desktop.gui.viewer.word_map import Span, match_words
from ocr_desktop.services.image_loader import load_upright
from ocr_desktop.services.result_reader import read_result

_MAX_PIXELS = 200_000_000


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
    document: ResultDocument | None = None
    text: str = ""
    """The corrected text if there is one, else the engine's own."""
    problem: str = ""
    """Why there is no text, a whole sentence; empty where none is known."""
    spans: Sequence[Span | None] = ()
    """Where in the text the words of all pages stand."""
    json: str = ""
    """The result files, as they are on the disk."""
    txt: str = ""


class ViewedPicture(msgspec.Struct, frozen=True):
    """The picture side."""

    request: ViewRequest
    pyramid: PagePyramid | None = None
    index: WordIndex | None = None
    problem: str = ""
    """Why there is no picture, a whole sentence."""


def load_view(request: ViewRequest) -> Iterator[ViewedText | ViewedPicture]:
    """Load an image and its result. Any thread; does not raise for bad files."""
    text = _load_text(request)
    if "text" in request.parts:
        yield text
    if "picture" in request.parts:
        yield _load_picture(request, text.document)


def result_file(outcome: ItemOutcome | None, extension: str) -> str | None:
    """Return the first of the result files of this kind (never guessed from the image's name)."""
    files = outcome.result_files if outcome is not None else ()
    return next((file for file in files if file.endswith(extension)), None)


def all_words(document: ResultDocument | None) -> list[Word]:
    """Return the words of all pages; they are numbered as in this list."""
    return [word for page in document.pages for word in page.words] if document is not None else []


def _load_text(request: ViewRequest) -> ViewedText:
    view = ViewedText(request)
    json, txt = result_file(request.outcome, ".json"), result_file(request.outcome, ".txt")
    try:
        if json is not None:
            view = _with_document(view, json)
        if txt is not None:
            content = Path(txt).read_bytes().decode("utf-8", "replace")
            view = msgspec.structs.replace(view, txt=content, text=content if json is None else view.text)
    except FileNotFoundError as error:
        problem = f"The result file “{Path(str(error.filename)).name}” is not there any more."
        return msgspec.structs.replace(view, problem=f"{problem} Read the image again to get its text.")
    except (ItemError, OSError) as error:
        return msgspec.structs.replace(view, problem=str(error))
    outcome = request.outcome
    if json is None and txt is None and outcome is not None:
        return msgspec.structs.replace(view, problem=outcome.error or outcome.reason)
    return view


def _with_document(view: ViewedText, path: str) -> ViewedText:
    document = read_result(path)
    return msgspec.structs.replace(
        view,
        document=document,
        text=document.best_text,
        spans=match_words([word.text for word in all_words(document)], document.best_text),
        json=Path(path).read_bytes().decode("utf-8", "replace"),
    )


def _load_picture(request: ViewRequest, document: ResultDocument | None) -> ViewedPicture:
    if request.page > 0:
        problem = "So far only the first page of this file can be shown as an image; its text is beside it."
        return ViewedPicture(request, problem=problem)
    page = _page(document, request.page)
    try:
        loaded = load_upright(request.path, max_pixels=_MAX_PIXELS)
        degrees = request.rotation if page is None else page.rotation - loaded.rotation
        image = _as_read(turned(loaded.image, degrees), page)
        pyramid = PagePyramid(image)
    except ItemError as error:
        return ViewedPicture(request, problem=str(error))
    except MemoryError:
        return ViewedPicture(request, problem="There is not enough memory to show this image.")
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
