"""The text of an image, read from the result files that its outcome names. For threads in the background."""

from pathlib import Path

import msgspec
from PySide6.QtCore import QCoreApplication

from ocr_desktop.domain.errors import ItemError
from ocr_desktop.domain.items import ItemOutcome
from ocr_desktop.domain.results import ResultDocument, Word
from ocr_desktop.services.result_reader import read_result


class ResultText(msgspec.Struct, frozen=True):
    """What was read. Each part may be missing, and then ``problem`` may say why."""

    document: ResultDocument | None = None
    text: str = ""
    """The corrected text if there is one, else the engine's own."""
    json: str = ""
    """The result files, as they are on the disk."""
    txt: str = ""
    problem: str = ""
    """Why there is no text, a whole sentence; empty where none is known."""


def load_result_text(outcome: ItemOutcome | None) -> ResultText:
    """Read the result files of an outcome. Any thread; does not raise for bad files."""
    json, txt = result_file(outcome, ".json"), result_file(outcome, ".txt")
    if not json and not txt:
        return ResultText(problem=outcome.error or outcome.reason if outcome is not None else "")
    try:
        document = read_result(json) if json else None
        json_content, txt_content = _content(json), _content(txt)
    except FileNotFoundError as error:
        problem = QCoreApplication.translate(
            "Viewer",
            "The result file “{file}” is not there any more. Read the image again to get its text.",
        )
        return ResultText(problem=problem.format(file=Path(str(error.filename)).name))
    except (ItemError, OSError) as error:
        return ResultText(problem=str(error))
    text = document.best_text if document is not None else txt_content
    return ResultText(document, text, json_content, txt_content)


def result_file(outcome: ItemOutcome | None, extension: str) -> str:
    """Return the first of the result files of this kind, empty if there is none; never guessed."""
    files = outcome.result_files if outcome is not None else ()
    return next((file for file in files if file.endswith(extension)), "")


def all_words(document: ResultDocument | None) -> list[Word]:
    """Return the words of all pages; they are numbered as in this list."""
    return [word for page in document.pages for word in page.words] if document is not None else []


def _content(file: str) -> str:
    return Path(file).read_bytes().decode("utf-8", "replace") if file else ""
