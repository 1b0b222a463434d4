"""Searchable PDF: each page is the image, with the words, corrected ones too, as invisible text on them."""

from typing import BinaryIO, Final

from ocr_desktop import __version__
from ocr_desktop.domain.naming import display_name
from ocr_desktop.domain.results import Page, Word
from ocr_desktop.services.exporters.corrected_pages import corrected_pages
from ocr_desktop.services.exporters.formats import ExportOptions, StoredResult
from ocr_desktop.services.exporters.layout import layout_of
from ocr_desktop.services.exporters.page_texts import clean
from ocr_desktop.services.exporters.pdf_file import PdfFile, pdf_text, real
from ocr_desktop.services.exporters.pdf_font import WIDTH, InvisibleFont
from ocr_desktop.services.exporters.pdf_images import PdfImage, pdf_image
from ocr_desktop.services.exporters.text_direction import runs_right_to_left

_POINTS: Final = 72.0
"""In an inch."""
_LONG_SIDE: Final = 842.0
"""Points of the longer side of a page whose image does not say how large it is: that of A4."""
_SHORTEST: Final = 3.0
_LONGEST: Final = 14_400.0
"""Points that a page may be long."""
_BRANCH: Final = 64
"""Pages under one node of the tree of pages."""


class PdfWriter:
    """Writes a PDF."""

    def __init__(self, file: BinaryIO, options: ExportOptions) -> None:
        """Begin the file."""
        self._options = options
        self._pdf = PdfFile(file)
        self._font = InvisibleFont(self._pdf)
        self._root = self._pdf.reserve()
        self._nodes: list[int] = []
        self._pages: list[int] = []
        self._bookmarks: list[tuple[str, int]] = []

    def add(self, result: StoredResult) -> None:
        """Write the pages of one result; if one of them fails, none of them is in the file."""
        mark = self._pdf.mark()
        nodes, pages = len(self._nodes), len(self._pages)
        try:
            for page in corrected_pages(result.document):
                self._add_page(page, pdf_image(result, page))
        except BaseException:
            self._pdf.go_back(mark)
            del self._nodes[nodes:], self._pages[pages:]
            raise
        if len(self._pages) > pages:
            self._bookmarks.append((display_name(result.image_path), self._pages[pages]))

    def finish(self) -> None:
        """Write the font, the tree of pages and the bookmarks."""
        self._font.write()
        for index, node in enumerate(self._nodes):
            kids = self._pages[index * _BRANCH : (index + 1) * _BRANCH]
            self._pdf.write(
                f"<< /Type /Pages /Parent {self._root} 0 R /Count {len(kids)} /Kids [{_references(kids)}] >>",
                node,
            )
        branches = _references(self._nodes)
        self._pdf.write(f"<< /Type /Pages /Count {len(self._pages)} /Kids [{branches}] >>", self._root)
        outline = self._write_bookmarks() if self._options.combined else ""
        catalog = self._pdf.write(f"<< /Type /Catalog /Pages {self._root} 0 R {outline}>>")
        info = self._pdf.write(
            f"<< /Title {pdf_text(self._options.title)} /Producer {pdf_text(f'OCR Desktop {__version__}')} >>"
        )
        self._pdf.finish(catalog, info)

    def close(self) -> None:
        """There is nothing to let go of."""

    def _add_page(self, page: Page, image: PdfImage) -> None:
        if len(self._pages) % _BRANCH == 0:
            self._nodes.append(self._pdf.reserve())
        across, down = scales(page, image.dpi)
        width, height = page.width * across, page.height * down
        picture = self._pdf.write_stream(
            image.data,
            f"/Type /XObject /Subtype /Image /Width {image.width} /Height {image.height} {image.entries}",
            compress=False,
        )
        matrix = " ".join(real(number) for number in placement(image, width, height))
        content = f"q {matrix} cm /Im Do Q\n{self._words(page, across, down)}"
        text = self._pdf.write_stream(content.encode("ascii"))
        number = self._pdf.write(
            f"<< /Type /Page /Parent {self._nodes[-1]} 0 R /MediaBox [0 0 {real(width)} {real(height)}] "
            f"/Resources << /XObject << /Im {picture} 0 R >> /Font << /F {self._font.number} 0 R >> >> "
            f"/Contents {text} 0 R >>"
        )
        self._pages.append(number)

    def _words(self, page: Page, across: float, down: float) -> str:
        """Return the operators that draw the words; each fills its box exactly."""
        parts = ["BT 3 Tr\n"]
        for block in layout_of(page):
            for paragraph in block.paragraphs:
                for line in paragraph.lines:
                    for word, follower in zip(line.words, (*line.words[1:], None), strict=True):
                        parts.append(self._word(page, word, across, down, space=_is_apart(word, follower)))
        parts.append("ET\n")
        return "".join(parts)

    def _word(self, page: Page, word: Word, across: float, down: float, *, space: bool) -> str:
        text = clean(word.text)
        if not text.strip():
            return ""
        x, y, pixels_wide, pixels_high = word.box
        width, height = max(pixels_wide, 1) * across, max(pixels_high, 1) * down
        left, bottom = x * across, (page.height - y) * down - height
        stretch = 100 * width / (len(text) * WIDTH * height)
        # Text that runs to the left is drawn to the left, in the order in which it is read.
        place = (1, left) if not runs_right_to_left(text) else (-1, left + width)
        codes = self._font.encode(text + " " if space else text)
        return (
            f"/F {real(height)} Tf {real(stretch)} Tz {place[0]} 0 0 1 {real(place[1])} {real(bottom)} Tm "
            f"{codes} Tj\n"
        )

    def _write_bookmarks(self) -> str:
        """Write one bookmark for each result; return the entries that the catalog needs for them."""
        if not self._bookmarks:
            return ""
        outlines = self._pdf.reserve()
        numbers = [self._pdf.reserve() for _ in self._bookmarks]
        for index, (title, page) in enumerate(self._bookmarks):
            before = f"/Prev {numbers[index - 1]} 0 R " if index else ""
            after = f"/Next {numbers[index + 1]} 0 R " if index + 1 < len(numbers) else ""
            self._pdf.write(
                f"<< /Title {pdf_text(title)} /Parent {outlines} 0 R {before}{after}"
                f"/Dest [{page} 0 R /Fit] >>",
                numbers[index],
            )
        self._pdf.write(
            f"<< /Type /Outlines /First {numbers[0]} 0 R /Last {numbers[-1]} 0 R /Count {len(numbers)} >>",
            outlines,
        )
        return f"/Outlines {outlines} 0 R /PageMode /UseOutlines "


def scales(page: Page, dpi: tuple[int, int] | None) -> tuple[float, float]:
    """Return the points that a pixel is wide and high; pages are kept within what PDF allows."""
    across, down = dpi or (longest := max(page.width, page.height) * _POINTS / _LONG_SIDE, longest)
    scale = (_POINTS / across, _POINTS / down)
    sides = (page.width * scale[0], page.height * scale[1])
    factor = min(max(1.0, _SHORTEST / min(sides)), _LONGEST / max(sides))
    return scale[0] * factor, scale[1] * factor


def placement(image: PdfImage, width: float, height: float) -> tuple[float, ...]:
    """Return the matrix that puts the stored pixels upright on a page of that size in points."""

    def place(across: float, up: float) -> tuple[float, float]:
        """Return where a corner of the stored image goes; both are shares from the bottom left."""
        if image.is_mirrored:
            across = 1 - across
        turned = {0: (across, up), 90: (up, 1 - across), 180: (1 - across, 1 - up), 270: (1 - up, across)}
        x, y = turned[image.rotation]
        return x * width, y * height

    origin, right, top = place(0, 0), place(1, 0), place(0, 1)
    return (*(right[i] - origin[i] for i in (0, 1)), *(top[i] - origin[i] for i in (0, 1)), *origin)


def _is_apart(word: Word, follower: Word | None) -> bool:
    """Whether there is a space after a word: not between ideographs.

    Also at the end of a line, as the engine may see two lines where a reader of the PDF sees one.
    """
    return follower is None or not (_is_ideograph(word.text[-1:]) and _is_ideograph(follower.text[:1]))


def _is_ideograph(character: str) -> bool:
    return (
        "\u2e80" <= character <= "\ua4cf"
        or "\uf900" <= character <= "\ufaff"
        or "\uff00" <= character <= "\uff9f"
        or character >= "\U00020000"
    )


def _references(numbers: list[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)
