"""The font of invisible text: one glyph for every character, and what each stands for.

Codes are given to characters in the order in which they come up; a ToUnicode map says which character a
code stands for, so that text of any script can be searched and copied. The font file itself is made here: a
TrueType font whose only glyph is a box half as wide as high, which nobody ever sees.
"""

import struct
from typing import Final

from ocr_desktop.services.exporters.pdf_file import PdfFile

WIDTH: Final = 0.5
"""Of every glyph, in heights."""
_UNITS: Final = 1000
_HEIGHT: Final = 984
"""Of the box. WORKAROUND: PDFium measures glyphs in 64ths of their size and rounds up to the next one, so
that a box of full height would come out as 65 of them."""
_LAST_CODE: Final = 0xFFFF
_REPLACEMENT: Final = "\ufffd"
_NAME: Final = "OCRDSK+Invisible"
_AT_ONCE: Final = 100
"""How many characters one section of a ToUnicode map may have."""
_MAP_HEAD: Final = (
    "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
    "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
    "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
)
_MAP_END: Final = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"


class InvisibleFont:
    """The font of one PDF. Grows with the number of different characters, not with the text."""

    def __init__(self, file: PdfFile) -> None:
        """Reserve its object, which pages refer to."""
        self._file = file
        self.number = file.reserve()
        self._codes: dict[str, int] = {}

    def encode(self, text: str) -> str:
        """Return text as a PDF string in the codes of this font."""
        return f"<{''.join(format(self._code(character), '04x') for character in text)}>"

    def write(self) -> None:
        """Write the font and all that belongs to it, once the last text is encoded."""
        program = font_program()
        font_file = self._file.write_stream(program, f"/Length1 {len(program)} ")
        descriptor = self._file.write(
            f"<< /Type /FontDescriptor /FontName /{_NAME} /Flags 5 /FontBBox [0 0 {_UNITS // 2} {_UNITS}] "
            f"/ItalicAngle 0 /Ascent {_UNITS} /Descent 0 /CapHeight {_UNITS} /StemV 80 "
            f"/FontFile2 {font_file} 0 R >>"
        )
        glyphs = self._file.write_stream(b"\x00\x00" + b"\x00\x01" * len(self._codes))
        descendant = self._file.write(
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{_NAME} /CIDToGIDMap {glyphs} 0 R "
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
            f"/FontDescriptor {descriptor} 0 R /DW {int(_UNITS * WIDTH)} >>"
        )
        characters = self._file.write_stream(self._map().encode("ascii"))
        self._file.write(
            f"<< /Type /Font /Subtype /Type0 /BaseFont /{_NAME} /Encoding /Identity-H "
            f"/DescendantFonts [{descendant} 0 R] /ToUnicode {characters} 0 R >>",
            self.number,
        )

    def _code(self, character: str) -> int:
        code = self._codes.get(character)
        if code is None:
            if len(self._codes) == _LAST_CODE:  # more characters than any language has
                return self._codes.get(_REPLACEMENT, _LAST_CODE)
            code = self._codes[character] = len(self._codes) + 1
        return code

    def _map(self) -> str:
        lines = [
            f"<{code:04x}> <{character.encode('utf-16-be', 'replace').hex()}>\n"
            for character, code in self._codes.items()
        ]
        sections = [lines[start : start + _AT_ONCE] for start in range(0, len(lines), _AT_ONCE)]
        body = "".join(f"{len(part)} beginbfchar\n{''.join(part)}endbfchar\n" for part in sections)
        return _MAP_HEAD + body + _MAP_END


def font_program() -> bytes:
    """Return a TrueType font with two glyphs: nothing, and a box of half its height."""
    width = int(_UNITS * WIDTH)
    # One contour of four points: (0, 0), (0, height), (width, height), (width, 0), as differences of 16 bits.
    box = struct.pack(">hhhhhHH", 1, 0, 0, width, _HEIGHT, 3, 0) + b"\x01" * 4
    box += struct.pack(">8h", 0, 0, width, 0, 0, _HEIGHT, 0, -_HEIGHT)
    box += b"\x00" * (-len(box) % 4)
    tables = {
        b"cmap": struct.pack(">HHHHL", 0, 1, 3, 1, 12)
        + struct.pack(">HHHHHHH", 4, 24, 0, 2, 2, 0, 0)
        + struct.pack(">HHHhH", 0xFFFF, 0, 0xFFFF, 1, 0),
        b"glyf": box,
        b"head": struct.pack(
            ">LLLLHHQQhhhhHHhhh",
            *(0x00010000, 0x00010000, 0, 0x5F0F3CF5, 0, _UNITS, 0, 0),
            *(0, 0, width, _UNITS, 0, 8, 2, 1, 0),
        ),
        b"hhea": struct.pack(">LhhhHhhhhhh8xhH", 0x00010000, _UNITS, 0, 0, width, 0, 0, width, 1, 0, 0, 0, 2),
        b"hmtx": struct.pack(">HhHh", width, 0, width, 0),
        b"loca": struct.pack(">LLL", 0, 0, len(box)),
        b"maxp": struct.pack(">LHHHHHHHHHHHHHH", 0x00010000, 2, 4, 1, 0, 0, 2, *[0] * 8),
        b"post": struct.pack(">LLhhLLLLL", 0x00030000, 0, 0, 0, 1, 0, 0, 0, 0),
    }
    return _assemble(tables)


def _assemble(tables: dict[bytes, bytes]) -> bytes:
    """Return a font file of these tables."""
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    head = struct.pack(">LHHHH", 0x00010000, count, power * 16, power.bit_length() - 1, (count - power) * 16)
    place = len(head) + 16 * count
    directory, body = b"", b""
    for tag, content in sorted(tables.items()):
        directory += struct.pack(">4sLLL", tag, _checksum(content), place + len(body), len(content))
        body += content + b"\x00" * (-len(content) % 4)
    font = head + directory + body
    adjustment = (0xB1B0AFBA - _checksum(font)) & 0xFFFFFFFF
    at = font.index(struct.pack(">L", 0x5F0F3CF5)) - 4
    return font[:at] + struct.pack(">L", adjustment) + font[at + 4 :]


def _checksum(content: bytes) -> int:
    padded = content + b"\x00" * (-len(content) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}L", padded)
    return sum(words) & 0xFFFFFFFF
