"""What is known about one result, as names and values for people."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, Qt

from ocr_desktop.domain.items import ItemOutcome
from ocr_desktop.domain.naming import printable
from ocr_desktop.domain.options import describe_settings
from ocr_desktop.domain.results import Page, ResultDocument
from ocr_desktop.gui.look.appearance import state_word

translate = QCoreApplication.translate


_SAID_ELSEWHERE = frozenset({"engine", "languages", "rotation"})
"""Settings that the result itself tells more about."""


class Field(NamedTuple):
    """One row."""

    name: str
    value: str


def describe_image(path: str, outcome: ItemOutcome | None, document: ResultDocument | None) -> list[Field]:
    """Return what is known about an image and its result."""
    file = printable(path).replace("\\", "/")
    fields = [
        Field(translate("Fields", "File"), file.rpartition("/")[2]),
        Field(translate("Fields", "Folder"), file.rpartition("/")[0]),
    ]
    fields.append(
        Field(translate("Fields", "State"), state_word(outcome.state if outcome is not None else None))
    )
    if outcome is not None and (outcome.error or outcome.reason):
        fields.append(Field(translate("Fields", "Reason"), outcome.error or outcome.reason))
    if document is not None:
        fields += _of_result(document)
    if outcome is not None and outcome.result_files:
        files = "\n".join(printable(file) for file in outcome.result_files)
        fields.append(Field(translate("Fields", "Result files"), files))
    return fields


def _of_result(document: ResultDocument) -> list[Field]:
    words = [word for page in document.pages for word in page.words]
    source, engine = document.source, document.engine
    return [
        Field(
            translate("Fields", "Confidence"),
            translate("Fields", "{percent} %").format(percent=_number(100 * document.confidence, 1)),
        ),
        Field(translate("Fields", "Corrected"), describe_correction(document)),
        Field(translate("Fields", "Engine"), f"{engine.name} {engine.version}"),
        Field(translate("Fields", "Languages"), ", ".join(engine.languages)),
        Field(translate("Fields", "Words"), QLocale().toString(len(words))),
        Field(translate("Fields", "Characters"), QLocale().toString(len(document.text.strip()))),
        *_of_pages(document.pages),
        Field(translate("Fields", "File size"), QLocale().formattedDataSize(source.size)),
        Field(translate("Fields", "File changed"), _time(source.modified)),
        Field(translate("Fields", "Read"), _time(document.saved_at)),
        Field(
            translate("Fields", "Time needed"),
            translate("Fields", "{seconds} s").format(seconds=_number(document.processing_time_ms / 1000, 2)),
        ),
        *_of_settings(document.settings.values),
        Field(translate("Fields", "SHA-256 of the image"), source.sha256),
    ]


def _of_pages(pages: Sequence[Page]) -> list[Field]:
    fields = [Field(translate("Fields", "Pages"), QLocale().toString(len(pages)))] if len(pages) != 1 else []
    for page in pages:
        prefix = "" if len(pages) == 1 else translate("Fields", "Page {number}: ").format(number=page.number)
        megapixels = _number(page.width * page.height / 1e6, 1)
        size = translate("Fields", "{width} by {height} pixels ({megapixels} megapixels)")
        size = size.format(width=page.width, height=page.height, megapixels=megapixels)
        turned = (
            translate("Fields", "Turned by {degrees}°").format(degrees=page.rotation)
            if page.rotation
            else translate("Fields", "None")
        )
        fields += [
            Field(prefix + translate("Fields", "Resolution"), size),
            Field(prefix + translate("Fields", "Rotation"), turned),
        ]
    return fields


def _of_settings(values: dict[str, str | int | float | bool]) -> list[Field]:
    labels = {_camel(name): setting.label for name, setting in describe_settings().items()}
    others = ((name, value) for name, value in values.items() if name not in _SAID_ELSEWHERE)
    return [Field(labels.get(name, name), _value(value)) for name, value in others]


def describe_correction(document: ResultDocument) -> str:
    """Return in words whether a text is corrected."""
    if document.correction is None:
        return translate("Fields", "No")
    when = _time(document.correction.saved_at)
    if document.is_correction_current:
        return translate("Fields", "Corrected on {when}").format(when=when)
    return translate("Fields", "Corrected on {when}; the image has been read again since").format(when=when)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return translate("Fields", "Yes") if value else translate("Fields", "No")
    return str(value)


def _number(value: float, digits: int) -> str:
    return QLocale().toString(float(value), "f", digits)


def _time(iso: str) -> str:
    """Return a moment as people here write it, in their own time zone."""
    moment = QDateTime.fromString(iso, Qt.DateFormat.ISODateWithMs)
    return (
        QLocale().toString(moment.toLocalTime(), QLocale.FormatType.ShortFormat) if moment.isValid() else iso
    )


def _camel(name: str) -> str:
    """Return the name of a setting as result files spell it."""
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)
