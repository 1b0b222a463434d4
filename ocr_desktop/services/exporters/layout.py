"""Layout: the words of a page, put together to lines, paragraphs and blocks as the engine found them.

The words stay in their order; where two words of a line are not neighbours, the line comes twice. Boxes are
in pixels of the upright image.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

import msgspec

from ocr_desktop.domain.results import Block, Box, Line, Page, Word


class LayoutLine(msgspec.Struct, frozen=True):
    """A line and its words."""

    box: Box
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words, with spaces between them."""
        return " ".join(word.text for word in self.words)


class LayoutParagraph(msgspec.Struct, frozen=True):
    """A paragraph and its lines; never empty."""

    box: Box
    lines: tuple[LayoutLine, ...]


class LayoutBlock(msgspec.Struct, frozen=True):
    """A block and its paragraphs; never empty."""

    box: Box
    paragraphs: tuple[LayoutParagraph, ...]


def layout_of(page: Page) -> list[LayoutBlock]:
    """Return the blocks of a page, with all its words."""
    return [
        LayoutBlock(_box(page.blocks, number, words), _paragraphs(page, words))
        for number, words in _grouped(page.words, [word.block for word in page.words])
    ]


def union(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around some boxes, of which there is at least one."""
    corners = [(x, y, x + width, y + height) for x, y, width, height in boxes]
    left, top = min(corner[0] for corner in corners), min(corner[1] for corner in corners)
    right, bottom = max(corner[2] for corner in corners), max(corner[3] for corner in corners)
    return left, top, right - left, bottom - top


def _paragraphs(page: Page, words: Sequence[Word]) -> tuple[LayoutParagraph, ...]:
    numbers = [page.lines[word.line].paragraph if 0 <= word.line < len(page.lines) else 0 for word in words]
    paragraphs = []
    for _, members in _grouped(words, numbers):
        lines = tuple(
            LayoutLine(_box(page.lines, number, line), line)
            for number, line in _grouped(members, [word.line for word in members])
        )
        paragraphs.append(LayoutParagraph(union(line.box for line in lines), lines))
    return tuple(paragraphs)


def _grouped(words: Sequence[Word], numbers: Sequence[int]) -> list[tuple[int, tuple[Word, ...]]]:
    """Put neighbours of the same number together."""
    pairs = groupby(zip(numbers, words, strict=True), key=lambda pair: pair[0])
    return [(number, tuple(word for _, word in group)) for number, group in pairs]


def _box(parts: Sequence[Line] | Sequence[Block], number: int, words: Sequence[Word]) -> Box:
    """Return the box that the engine gave, or one around the words where it gave none."""
    if 0 <= number < len(parts):
        return parts[number].box
    return union(word.box for word in words)
