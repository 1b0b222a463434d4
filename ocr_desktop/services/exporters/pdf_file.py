"""PDF file: objects written one after the other, of which only the places are remembered.

Libraries that write PDF keep the whole document in memory until it is saved, which a job of 10,000 scans
cannot afford; what is needed here is a small part of the format (ISO 32000-1, 7.5).
"""

import hashlib
import zlib
from array import array
from typing import BinaryIO, Final

from ocr_desktop.services.exporters.export_names import OWN_PDF

_HEADER: Final = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n" + OWN_PDF
_NOT_WRITTEN: Final = 0


class PdfFile:
    """Writes objects into one file. Their numbers count from 1."""

    def __init__(self, file: BinaryIO) -> None:
        """Begin ``file``, which is open and empty."""
        self._file = file
        self._places = array("Q")
        self._file.write(_HEADER)

    def reserve(self) -> int:
        """Return the number of an object that is written later."""
        self._places.append(_NOT_WRITTEN)
        return len(self._places)

    def write(self, content: str | bytes, number: int | None = None) -> int:
        """Write an object and return its number, which is a new one unless it was reserved."""
        number = number or self.reserve()
        self._places[number - 1] = self._file.tell()
        body = content.encode("ascii") if isinstance(content, str) else content
        self._file.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
        return number

    def write_stream(
        self, data: bytes, entries: str = "", *, compress: bool = True, number: int | None = None
    ) -> int:
        """Write a stream object and return its number.

        Args:
            data: What is in it.
            entries: Further entries of its dictionary.
            compress: Whether to compress it; otherwise ``data`` is written as it is.
            number: Its number, if it was reserved.
        """
        number = number or self.reserve()
        self._places[number - 1] = self._file.tell()
        body = zlib.compress(data) if compress else data
        filters = " /Filter /FlateDecode" if compress else ""
        head = f"<< /Length {len(body)}{filters} {entries}>>".encode("ascii")
        self._file.write(b"%d 0 obj\n%b\nstream\n" % (number, head))
        self._file.write(body)
        self._file.write(b"\nendstream\nendobj\n")
        return number

    def mark(self) -> tuple[int, int]:
        """Return how far the file has been written, for :meth:`go_back`."""
        return self._file.tell(), len(self._places)

    def go_back(self, mark: tuple[int, int]) -> None:
        """Take back every object that was begun since ``mark``."""
        place, count = mark
        self._file.seek(place)
        self._file.truncate()
        del self._places[count:]

    def finish(self, root: int, info: int) -> None:
        """Write the table of objects and the trailer; every reserved object must have been written."""
        start = self._file.tell()
        size = len(self._places) + 1
        self._file.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
        for place in self._places:
            self._file.write(b"%010d 00000 n \n" % place)
        identity = hashlib.sha256(self._places.tobytes()).hexdigest()[:32]
        self._file.write(
            f"trailer\n<< /Size {size} /Root {root} 0 R /Info {info} 0 R /ID [<{identity}> <{identity}>] >>\n"
            f"startxref\n{start}\n%%EOF\n".encode("ascii")
        )


def pdf_text(text: str) -> str:
    """Return text for people, such as a title, as a PDF string."""
    return f"<{(chr(0xFEFF) + text).encode('utf-16-be', 'replace').hex()}>"


def real(number: float) -> str:
    """Return a number as PDF writes it."""
    return f"{number:.4f}".rstrip("0").rstrip(".") or "0"
