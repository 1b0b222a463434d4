"""XML text: what was read off a page, written so that any parser gives back the same characters."""

from ocr_desktop.services.exporters.page_texts import clean

_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)


def xml_text(text: str) -> str:
    """Return text as the content of an element; what XML cannot hold becomes U+FFFD."""
    return clean(text).translate(_TEXT)


def xml_attribute(text: str) -> str:
    """Return text as the value of an attribute in double quotes."""
    return clean(text).translate(_ATTRIBUTE)
