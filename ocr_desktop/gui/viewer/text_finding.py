"""Finds a text within a text, whatever the case. No Qt in here."""

import re

from ocr_desktop.gui.viewer.word_map import Span, in_units

_MOST = 10_000
"""Hits; beyond them nobody steps through."""


def find_all(text: str, needle: str) -> list[Span]:
    """Return where ``needle`` stands in ``text``, in UTF-16 code units; any white space matches any other."""
    words = in_units(needle).split()
    if not words:
        return []
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words), re.IGNORECASE)
    hits: list[Span] = []
    for found in pattern.finditer(in_units(text)):
        hits.append(found.span())
        if len(hits) == _MOST:
            break
    return hits
