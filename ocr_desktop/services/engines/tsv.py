"""Tesseract's TSV output, read into words, lines and blocks.

Tesseract lists the layout from the outside in: a row for each page, block, paragraph and line, followed by
the rows of what is in it, down to the words. The columns are ``level, page_num, block_num, par_num, line_num,
word_num, left, top, width, height, conf, text``; the command line tool puts a header above them, the library
does not.
"""

from collections.abc import Iterator
from enum import IntEnum

import msgspec

from ocr_desktop.domain.results import Block, Box, Line, Recognition, Word

_COLUMNS = 12


class _Level(IntEnum):
    """First column of a row: what the row is about."""

    PAGE = 1
    BLOCK = 2
    PARAGRAPH = 3
    LINE = 4
    WORD = 5


class _Row(msgspec.Struct, frozen=True):
    level: int
    box: Box
    confidence: float
    """0..100, or -1 where it makes no sense."""
    text: str


def read_tsv(tsv: str, text: str, *, width: int, height: int) -> Recognition:
    """Build a recognition from Tesseract's TSV and plain text of one page.

    Words without text (Tesseract reports pictures so) or without a confidence are left out, and so are lines
    and blocks that hold no word. Indices of lines and blocks are dense, in reading order. The box of a line
    or block is made to enclose its words, which is not always so in Tesseract's own rows.

    Args:
        tsv: Rows of one page, with or without the header.
        text: The plain text of the page, taken over as it is.
        width: Width of the image in pixels; boxes are clipped to it.
        height: Height of the image in pixels; boxes are clipped to it.
    """
    layout = _Layout(width, height)
    for row in _rows(tsv):
        layout.add(row)
    return layout.recognition(text)


def clip_box(box: Box, *, width: int, height: int) -> Box:
    """Return the part of a box that lies inside an image of ``width`` x ``height`` pixels."""
    left, top, box_width, box_height = box
    x0, x1 = (min(max(x, 0), width) for x in (left, left + max(box_width, 0)))
    y0, y1 = (min(max(y, 0), height) for y in (top, top + max(box_height, 0)))
    return x0, y0, x1 - x0, y1 - y0


def union_box(first: Box, second: Box) -> Box:
    """Return the smallest box that holds both."""
    left, top = min(first[0], second[0]), min(first[1], second[1])
    right = max(first[0] + first[2], second[0] + second[2])
    bottom = max(first[1] + first[3], second[1] + second[3])
    return left, top, right - left, bottom - top


class _Layout:
    """Gathers the rows of a page. A line or block is only numbered once a word turns up in it."""

    def __init__(self, width: int, height: int) -> None:
        self.words: list[Word] = []
        self.lines: list[Line] = []
        self.blocks: list[Block] = []
        self._width = width
        self._height = height
        self._paragraphs = 0
        """Numbered paragraphs of the block in hand."""
        self._block_row: _Row | None = None
        """The block, paragraph and line in hand, until a word is found in them."""
        self._paragraph_row: _Row | None = None
        self._line_row: _Row | None = None

    def add(self, row: _Row) -> None:
        if row.level == _Level.BLOCK:
            self._block_row, self._paragraph_row, self._line_row = row, None, None
        elif row.level == _Level.PARAGRAPH:
            self._paragraph_row, self._line_row = row, None
        elif row.level == _Level.LINE:
            self._line_row = row
        elif row.level == _Level.WORD and row.confidence >= 0 and row.text.strip():
            self._add_word(row)

    def recognition(self, text: str) -> Recognition:
        return Recognition(
            text=text, words=tuple(self.words), lines=tuple(self.lines), blocks=tuple(self.blocks)
        )

    def _add_word(self, row: _Row) -> None:
        box = self._clip(row)
        starts_block = self._block_row is not None or not self.blocks
        starts_paragraph = self._paragraph_row is not None or starts_block
        starts_line = self._line_row is not None or starts_paragraph
        if starts_block:
            self.blocks.append(Block(box=self._clip(self._block_row or row)))
            self._paragraphs = 0
        if starts_paragraph:
            self._paragraphs += 1
        if starts_line:
            line_box = self._clip(self._line_row or row)
            self.lines.append(Line(box=line_box, block=len(self.blocks) - 1, paragraph=self._paragraphs - 1))
        self._block_row = self._paragraph_row = self._line_row = None
        self._grow(box)
        self.words.append(
            Word(
                text=row.text.strip(),
                confidence=round(min(row.confidence, 100.0) / 100.0, 4),
                box=box,
                line=len(self.lines) - 1,
                block=len(self.blocks) - 1,
            )
        )

    def _grow(self, box: Box) -> None:
        """Make the line and the block in hand enclose a word, and the block its line."""
        line, block = self.lines[-1], self.blocks[-1]
        line_box = union_box(line.box, box)
        if line_box != line.box:
            self.lines[-1] = msgspec.structs.replace(line, box=line_box)
        block_box = union_box(block.box, line_box)
        if block_box != block.box:
            self.blocks[-1] = msgspec.structs.replace(block, box=block_box)

    def _clip(self, row: _Row) -> Box:
        return clip_box(row.box, width=self._width, height=self._height)


def _rows(tsv: str) -> Iterator[_Row]:
    # Not splitlines(): a word may hold one of the rarer line separators of Unicode.
    for line in tsv.split("\n"):
        cells = line.removesuffix("\r").split("\t", _COLUMNS - 1)
        if len(cells) != _COLUMNS or not cells[0].isdecimal():
            continue  # the header, or the empty end
        left, top, width, height = (int(cell) for cell in cells[6:10])
        yield _Row(
            level=int(cells[0]),
            box=(left, top, width, height),
            confidence=float(cells[10]),
            text=cells[11],
        )
