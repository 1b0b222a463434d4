"""hOCR, ALTO and JSON Lines: read by XML and JSON parsers, with the same words and boxes.

The ALTO schema is in no package, so its rules are written down here (ALTO 4.4, alto-4-4.xsd): which elements
an element may have, in which order, and which attributes it must and may have.
"""

import io
import json
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ocr_desktop.domain.results import Block, Box, Line, Page, ResultDocument, Word
from ocr_desktop.services.exporters.catalog import open_writer
from ocr_desktop.services.exporters.formats import ExportOptions
from tests.fakes.stored_results import (
    COMBINED,
    WORLD,
    document_with,
    export_one,
    page_of,
    store,
    stored,
    words_of,
)

XHTML = "{http://www.w3.org/1999/xhtml}"
ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"

# Printable in XML, whatever the script; engines give words without spaces around them, but may be wrong.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=12)
NUMBERS = st.integers(0, 5000)
BOXES = st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS)


@st.composite
def pages(draw: st.DrawFn) -> Page:
    """A page whose words, lines and blocks are anything that the schema allows, in any order."""
    blocks = draw(st.lists(st.builds(Block, BOXES), max_size=3))
    lines = draw(
        st.lists(st.builds(Line, BOXES, block=st.integers(0, 3), paragraph=st.integers(0, 2)), max_size=4)
    )
    word = st.builds(Word, TEXTS, st.floats(0, 1), BOXES, line=st.integers(0, 5), block=st.integers(0, 4))
    words = draw(st.lists(word, max_size=8))
    page = page_of([], number=draw(st.integers(1, 2000)))
    return msgspec.structs.replace(page, words=tuple(words), lines=tuple(lines), blocks=tuple(blocks))


def written(key: str, document: ResultDocument, options: ExportOptions = COMBINED) -> bytes:
    file = io.BytesIO()
    writer = open_writer(key, file, options)
    writer.add(stored(document))
    writer.finish()
    writer.close()
    return file.getvalue()


def hocr_words(content: bytes) -> list[tuple[str, Box]]:
    root = etree.fromstring(content)
    return [
        (word.text or "", bbox(word))
        for word in root.iter(f"{XHTML}span")
        if word.get("class") == "ocrx_word"
    ]


def bbox(element: "etree._Element") -> Box:
    match = re.search(r"bbox (\d+) (\d+) (\d+) (\d+)", element.get("title") or "")
    assert match is not None
    left, top, right, bottom = map(int, match.groups())
    return left, top, right - left, bottom - top


def alto_words(content: bytes) -> list[tuple[str, Box]]:
    found = []
    for word in etree.fromstring(content).iter(f"{ALTO}String"):
        left, top, width, height = (int(word.get(name) or "") for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
        found.append((word.get("CONTENT") or "", (left, top, width, height)))
    return found


def jsonl_words(content: bytes) -> list[tuple[str, Box]]:
    (line,) = content.decode().splitlines()
    words = [word for page in json.loads(line)["pages"] for word in page["words"]]
    return [(word["text"], (*word["box"],)) for word in words]


@settings(deadline=None)
@given(page=pages())
def test_words_and_boxes_survive(page: Page) -> None:
    document = document_with(page)
    expected = words_of(document)
    assert hocr_words(written("hocr", document)) == expected
    assert alto_words(written("alto", document, ExportOptions())) == expected
    assert jsonl_words(written("jsonl", document)) == expected


@settings(deadline=None)
@given(st.text(min_size=1), st.text())
def test_any_text_gives_xml_that_can_be_parsed(text: str, name: str) -> None:
    page = page_of([[text]])
    document = document_with(page, model_used=name)
    for key in ("hocr", "alto"):
        etree.fromstring(written(key, document, ExportOptions(title=name)))


def test_json_lines_hold_the_whole_result(tmp_path: Path) -> None:
    source = store(tmp_path, "a.jpg", document_with(page_of(WORLD)))
    exported = export_one(source, "jsonl").read_bytes()
    assert json.loads(exported) == json.loads(Path(source.json_path).read_bytes())
    assert exported.count(b"\n") == 1


def test_json_for_all_is_an_array() -> None:
    file = io.BytesIO()
    writer = open_writer("json", file, COMBINED)
    for _ in range(3):
        writer.add(stored(document_with(page_of(WORLD))))
    writer.finish()
    assert [len(one["pages"]) for one in json.loads(file.getvalue())] == [1, 1, 1]


class TestHocr:
    """What hOCR 1.2 asks for: metadata, one element for each part of the page, boxes within boxes."""

    @pytest.fixture
    def root(self) -> "etree._Element":
        return etree.fromstring(written("hocr", document_with(page_of(WORLD), page_of(WORLD, number=2))))

    def test_metadata_names_system_and_capabilities(self, root: "etree._Element") -> None:
        metadata = {meta.get("name"): meta.get("content") or "" for meta in root.iter(f"{XHTML}meta")}
        used = {element.get("class") for element in root.iter() if element.get("class")}
        assert metadata["ocr-system"].startswith("OCR Desktop ")
        assert used <= set(metadata["ocr-capabilities"].split())
        assert used == {"ocr_page", "ocr_carea", "ocr_par", "ocr_line", "ocrx_word"}

    def test_parts_are_nested_and_named_once(self, root: "etree._Element") -> None:
        order = ["ocr_page", "ocr_carea", "ocr_par", "ocr_line", "ocrx_word"]
        parts = [element for element in root.iter() if element.get("class")]
        for element in parts:
            above = [parent.get("class") for parent in element.iterancestors() if parent.get("class")]
            assert above == order[: order.index(element.get("class") or "")][::-1]
        ids = [element.get("id") for element in parts]
        assert len(set(ids)) == len(ids)

    def test_pages_say_image_box_and_number(self, root: "etree._Element") -> None:
        titles = [element.get("title") for element in root.iter() if element.get("class") == "ocr_page"]
        assert titles == [f'image "/scans/a.png"; bbox 0 0 1000 800; ppageno {number}' for number in (0, 1)]

    def test_words_have_confidences(self, root: "etree._Element") -> None:
        titles = [
            element.get("title") or "" for element in root.iter() if element.get("class") == "ocrx_word"
        ]
        assert all(re.fullmatch(r"bbox \d+ \d+ \d+ \d+; x_wconf \d{1,3}", title) for title in titles)

    def test_lines_from_right_to_left_say_so(self, root: "etree._Element") -> None:
        lines = [element for element in root.iter() if element.get("class") == "ocr_line"]
        assert [line.get("dir") for line in lines[:6]] == [None, "rtl", "rtl", None, None, None]

    def test_it_is_html_as_well(self) -> None:
        content = written("hocr", document_with(page_of(WORLD)))
        root = etree.HTML(content)
        words = [element.text for element in root.iter("span") if element.get("class") == "ocrx_word"]
        assert words == [word for line in WORLD for word in line]


PLACE = {"HPOS", "VPOS", "WIDTH", "HEIGHT"}
CHILDREN = {
    "alto": "Description? Styles? Tags? ReadingOrder? Layout",
    "Description": "MeasurementUnit sourceImageInformation? OCRProcessing* Processing*",
    "sourceImageInformation": "fileName? fileIdentifier* documentIdentifier*",
    "Processing": "processingCategory? processingDateTime? processingAgency? processingStepDescription* "
    "processingStepSettings? processingSoftware?",
    "processingSoftware": "softwareCreator? softwareName? softwareVersion? applicationDescription?",
    "Layout": "Page+",
    "Page": "TopMargin? LeftMargin? RightMargin? BottomMargin? PrintSpace?",
    "PrintSpace": "Shape? (TextBlock|Illustration|GraphicalElement|ComposedBlock)*",
    "ComposedBlock": "Shape? (TextBlock|Illustration|GraphicalElement|ComposedBlock)*",
    "TextBlock": "Shape? TextLine*",
    "TextLine": "Shape? (String|SP)+ HYP?",
}
ATTRIBUTES = {
    "alto": (set(), {"SCHEMAVERSION"}),
    "Processing": ({"ID"}, set()),
    "Page": ({"ID", "PHYSICAL_IMG_NR"}, {"WIDTH", "HEIGHT", "PC", "LANG", "ROTATION"}),
    "PrintSpace": (set(), PLACE | {"ID"}),
    "ComposedBlock": ({"ID"}, PLACE | {"CS", "LANG"}),
    "TextBlock": ({"ID"}, PLACE | {"CS", "LANG"}),
    "TextLine": (set(), PLACE | {"ID", "BASEDIRECTION", "LANG", "CS"}),
    "String": ({"CONTENT"}, PLACE | {"ID", "WC", "CC", "LANG"}),
    "SP": (set(), PLACE | {"ID"}),
}


def model(rule: str) -> str:
    """Return the regular expression for the names of children, each followed by a space."""
    return (
        re.sub(r"(\w+)", r"(?:\1 )", rule)
        .replace(" (", "(")
        .replace("? ", "?")
        .replace("* ", "*")
        .replace("+ ", "+")
    )


def check_alto(content: bytes) -> "etree._Element":
    """Hold a file against the rules of the schema."""
    root = etree.fromstring(content)
    ids: list[str] = []
    for element in root.iter():
        assert element.tag.startswith(ALTO)
        name = element.tag.removeprefix(ALTO)
        children = "".join(child.tag.removeprefix(ALTO) + " " for child in element)
        pattern = "".join(f"(?:{part})" for part in (model(one) for one in CHILDREN.get(name, "").split(" ")))
        assert re.fullmatch(pattern, children), (name, children)
        required, optional = ATTRIBUTES.get(name, (set(), set()))
        given_names = {str(key) for key in element.keys() if not str(key).startswith("{")}  # noqa: SIM118
        assert required <= given_names <= required | optional, (name, given_names)
        for key in given_names & (PLACE | {"PHYSICAL_IMG_NR"}):
            assert float(element.get(key) or "") >= 0
        for key in given_names & {"WC", "PC"}:
            assert 0 <= float(element.get(key) or "") <= 1
        assert element.get("BASEDIRECTION", "ltr") in {"ltr", "rtl", "ttb", "btt"}
        ids += [element.get("ID") or ""] if element.get("ID") else []
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", one) for one in ids)
    assert len(set(ids)) == len(ids)
    assert root.findtext(f"{ALTO}Description/{ALTO}MeasurementUnit") in {"pixel", "mm10", "inch1200"}
    return root


@settings(deadline=None)
@given(page=pages())
def test_alto_keeps_the_rules_of_its_schema(page: Page) -> None:
    check_alto(written("alto", document_with(page), ExportOptions()))


def test_alto_says_where_it_comes_from(tmp_path: Path) -> None:
    path = export_one(store(tmp_path, "a & b.jpg", document_with(page_of(WORLD))), "alto")
    root = check_alto(path.read_bytes())
    description = f"{ALTO}Description/"
    assert root.findtext(f"{description}{ALTO}sourceImageInformation/{ALTO}fileName") == "a & b.jpg"
    assert (
        root.findtext(f"{description}{ALTO}Processing/{ALTO}processingDateTime")
        == "2024-01-31T12:00:01+00:00"
    )
    directions = [line.get("BASEDIRECTION") for line in root.iter(f"{ALTO}TextLine")]
    assert directions == [None, "rtl", "rtl", None, None, None]


def test_the_rules_find_what_breaks_them() -> None:
    content = written("alto", document_with(page_of(WORLD)), ExportOptions()).decode()
    for old, new in (
        ("<MeasurementUnit>pixel</MeasurementUnit>", ""),
        ('CONTENT="Hello"', ""),
        ("<Layout>", "<Layout><SP/>"),
        ('WC="0.5', 'WC="5.5'),
        ('ID="line_1_1_1_1"', 'ID="page_1"'),
    ):
        assert old in content, old
        with pytest.raises(AssertionError):
            check_alto(content.replace(old, new, 1).encode())
