"""What the viewer says about the image that it shows."""

from PySide6.QtCore import QCoreApplication

from ocr_desktop.domain.naming import printable
from ocr_desktop.gui.viewer.corrector import Corrector
from ocr_desktop.gui.viewer.entries import ViewerEntry
from ocr_desktop.gui.viewer.fields import describe_correction

translate = QCoreApplication.translate


def name_of(entry: ViewerEntry) -> str:
    """Return the file name of an image, fit to be shown."""
    return printable(entry.path).replace("\\", "/").rpartition("/")[2]


def describe_place(entry: ViewerEntry, position: int, total: int) -> str:
    """Return where in the list an image is, and how sure the engine was of it."""
    place = translate("Viewer", "{position} of {total}").format(position=position + 1, total=total)
    if entry.outcome is None or entry.outcome.confidence is None:
        return place
    percent = translate("Viewer", "{percent} % confidence")
    return f"{percent.format(percent=round(100 * entry.outcome.confidence))} · {place}"


def describe_text(corrector: Corrector) -> str:
    """Return whether the text is as it was read, changed, or corrected."""
    document = corrector.document
    if document is None:
        return (
            translate("Viewer", "Only a text with a JSON result can be corrected.")
            if corrector.has_text
            else ""
        )
    if corrector.is_saving:
        return translate("Viewer", "Saving …")
    if corrector.is_dirty:
        return translate("Viewer", "Changes not saved")
    if corrector.is_corrected:
        return describe_correction(document)
    return translate("Viewer", "As the OCR read it")
