"""TXT, Markdown and DOCX: the text as it stands, in any script, in order, with page breaks."""

import io
import re
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ocr_desktop.services.exporters.catalog import open_writer
from ocr_desktop.services.exporters.export import ExportTarget
from ocr_desktop.services.exporters.formats import ExportOptions
from ocr_desktop.services.exporters.markdown_export import escape
from tests.fakes.stored_results import (
    WORLD,
    document_with,
    export_all,
    export_one,
    page_of,
    store,
    store_text,
    stored,
)

TRICKY = [
    "# no heading",
    "- no list",
    "1. no list",
    "* a *b* _c_ `d`",
    "<b>not bold</b> &amp;",
    "[no](link) ![no](image)",
    "a | b ~~c~~",
    "=====",
    "    not code",
    "> no quote",
    "+ x",
    "\\ backslash",
]


def shown(markdown: str) -> str:
    """Return the text that a reader of the Markdown sees."""
    tokens = MarkdownIt().parse(markdown)
    return "\n".join(
        "".join("\n" if part.type == "hardbreak" else part.content for part in token.children or [])
        for token in tokens
        if token.type == "inline"
    )


def test_text_keeps_every_script_and_page_break(tmp_path: Path) -> None:
    document = document_with(page_of(WORLD), page_of([["second"]], number=2))
    text = export_one(store(tmp_path, "a.jpg", document), "txt").read_text(encoding="utf-8")
    assert text == "\f".join(page.text for page in document.pages)


def test_a_page_break_between_results(tmp_path: Path) -> None:
    sources = [store_text(tmp_path, f"{number}.jpg", f"page {number}") for number in (1, 2, 10)]
    target = ExportTarget(file=str(tmp_path / "all.txt"))
    export_all(sources, "txt", target)
    assert (tmp_path / "all.txt").read_text(encoding="utf-8") == "page 1\n\fpage 2\n\fpage 10\n"


@pytest.mark.parametrize("line", TRICKY)
def test_nothing_in_a_line_is_taken_for_markup(line: str) -> None:
    tokens = MarkdownIt().enable(["table", "strikethrough"]).parse(f"before\n\n{escape(line)}\n\nafter")
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"] * 3
    assert {part.type for part in tokens[4].children or []} <= {"text", "text_special"}
    assert shown(escape(line)) == line.strip()


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])))
def test_any_line_is_shown_as_it_stands(line: str) -> None:
    assert " ".join(shown("x" + escape("y" + line)).split()) == " ".join(("xy" + line).split())
    assert " ".join(shown(escape(line)).split()) == " ".join(line.split())


def test_markdown_has_a_heading_for_each_image(tmp_path: Path) -> None:
    sources = [store_text(tmp_path, f"{name}.jpg", "one\ntwo\n\nthree\n") for name in ("a_b", "c")]
    target = ExportTarget(file=str(tmp_path / "all.md"))
    export_all(sources, "md", target)
    text = (tmp_path / "all.md").read_text(encoding="utf-8")
    assert shown(text) == "a_b.jpg\none\ntwo\nthree\nc.jpg\none\ntwo\nthree"
    assert [token.type for token in MarkdownIt().parse(text)].count("hr") == 1


def test_a_word_processor_gets_paragraphs_lines_and_page_breaks(tmp_path: Path) -> None:
    sources = [store_text(tmp_path, f"{number}.jpg", "one\ntwo\n\nthree\tfour\n") for number in (1, 2)]
    target = ExportTarget(file=str(tmp_path / "all.docx"))
    export_all(sources, "docx", target)

    document = docx.Document(str(tmp_path / "all.docx"))

    assert [(part.style.name if part.style else "", part.text) for part in document.paragraphs] == [
        ("Heading 1", "1.jpg"),
        ("Normal", "one\ntwo"),
        ("Normal", "three\tfour"),
        ("Heading 1", "2.jpg"),
        ("Normal", "one\ntwo"),
        ("Normal", "three\tfour"),
    ]
    breaks = [part.paragraph_format.page_break_before for part in document.paragraphs]
    assert breaks == [None, None, None, True, None, None]
    assert document.core_properties.title == "all"


def test_pages_of_one_image_are_kept_apart(tmp_path: Path) -> None:
    pages = (page_of(WORLD), page_of([], number=2), page_of([["third"]], number=3))
    path = export_one(store(tmp_path, "a.jpg", document_with(*pages)), "docx")
    document = docx.Document(str(path))
    assert [part.text for part in document.paragraphs] == [pages[0].text.rstrip("\n"), "", "third"]
    assert [part.paragraph_format.page_break_before for part in document.paragraphs] == [None, True, True]


def test_right_to_left_paragraphs_say_so(tmp_path: Path) -> None:
    pages = [page_of([line], number=number) for number, line in enumerate(WORLD, 1)]
    path = export_one(store(tmp_path, "a.jpg", document_with(*pages)), "docx")
    paragraphs = docx.Document(str(path)).paragraphs
    marked = [part._p.pPr is not None and part._p.pPr.find(qn("w:bidi")) is not None for part in paragraphs]
    assert [part.text for part in paragraphs] == [" ".join(line) for line in WORLD]
    assert marked == [False, True, True, False, False, False]


@settings(deadline=None, max_examples=50)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1))
def test_any_text_survives_in_a_document(text: str) -> None:
    file = io.BytesIO()
    writer = open_writer("docx", file, ExportOptions(title=text))
    writer.add(stored(document_with(page_of([["x" + text]]))))
    writer.finish()
    writer.close()
    assert docx.Document(file).paragraphs[0].text == "x" + text


def test_the_archive_is_whole(tmp_path: Path) -> None:
    path = export_one(store(tmp_path, "a.jpg", document_with(page_of(WORLD))), "docx")
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        types = archive.read("[Content_Types].xml").decode()
    assert all(f"/{name}" in types for name in names if name.endswith(".xml") and not name.startswith("["))
    assert not re.search(r"(?i)[a-z]:\\|/home/", types)
