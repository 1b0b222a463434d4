"""CSV, TSV and XLSX: read by other programs' readers, nothing in them starts a formula."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_desktop.services.exporters import xlsx_export
from ocr_desktop.services.exporters.catalog import open_writer
from ocr_desktop.services.exporters.formats import ExportOptions, Rows
from ocr_desktop.services.exporters.table_rows import neutral
from tests.fakes.stored_results import WORLD, document_with, export_one, page_of, store, store_text, stored

FORMULAS = ["=1+1", "+49 30 1234", "-5", "@SUM(A1)", "\t=1", "\r=1", "＝1", '=HYPERLINK("http://x","y")']  # noqa: RUF001


def read_csv(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_tsv(path: Path) -> list[dict[str, str]]:
    lines = path.read_text(encoding="utf-8").split("\n")
    head, *rows = [line.split("\t") for line in lines[:-1]]
    return [dict(zip(head, map(unescape, row), strict=True)) for row in rows]


def unescape(cell: str) -> str:
    parts = cell.split("\\\\")
    return "\\".join(part.replace("\\t", "\t").replace("\\n", "\n") for part in parts)


def read_xlsx(path: Path) -> list[dict[str, str]]:
    head, *rows = openpyxl.load_workbook(path).worksheets[0].values
    return [{str(key): str(cell) for key, cell in zip(head, row, strict=True)} for row in rows]


READERS = {"csv": read_csv, "tsv": read_tsv, "xlsx": read_xlsx}


@pytest.mark.parametrize("key", READERS)
def test_a_row_for_each_page(tmp_path: Path, key: str) -> None:
    document = document_with(page_of(WORLD), page_of([["second"]], number=2))
    path = export_one(store(tmp_path, "a.jpg", document), key)

    rows = READERS[key](path)

    assert [row["text"] + "\n" for row in rows] == [page.text for page in document.pages]
    assert [(row["image"], row["page"], row["words"]) for row in rows] == [
        ("a.jpg", "1", "12"),
        ("a.jpg", "2", "1"),
    ]
    assert rows[0]["folder"] == str(tmp_path)
    assert float(rows[0]["confidence"]) == 0.7


@pytest.mark.parametrize("key", READERS)
def test_a_row_for_each_word(tmp_path: Path, key: str) -> None:
    document = document_with(page_of(WORLD))
    path = export_one(store(tmp_path, "a.jpg", document), key, rows=Rows.WORD)

    rows = READERS[key](path)

    boxes = [tuple(int(row[name]) for name in ("left", "top", "width", "height")) for row in rows]
    assert list(zip([row["text"] for row in rows], boxes, strict=True)) == [
        (word.text, word.box) for word in document.pages[0].words
    ]
    assert [row["line"] for row in rows[:3]] == ["1", "1", "2"]


@pytest.mark.parametrize("key", READERS)
@pytest.mark.parametrize("rows", list(Rows))
def test_no_cell_is_a_formula(tmp_path: Path, key: str, rows: Rows) -> None:
    sources = [
        store(tmp_path, f"{number}.jpg", document_with(page_of([[text]])))
        for number, text in enumerate(FORMULAS)
    ]
    for source, text in zip(sources, FORMULAS, strict=True):
        (row,) = READERS[key](export_one(source, key, rows=rows))
        assert row["text"] == "'" + text.replace("\r", "\n")


def test_a_formula_for_a_name_is_none(tmp_path: Path) -> None:
    path = export_one(store_text(tmp_path, "=cmd.jpg", "x"), "xlsx")
    for row in openpyxl.load_workbook(path).worksheets[0].iter_rows():
        assert all(cell.data_type in {"s", "n", "inlineStr"} for cell in row)
    assert read_xlsx(path)[0]["image"] == "'=cmd.jpg"


@given(st.text())
def test_neutral_text_never_starts_a_formula(text: str) -> None:
    assert not neutral(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert neutral(text).removeprefix("'") == text.removeprefix("'")


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=40))
def test_any_text_survives_in_a_workbook(text: str) -> None:
    document = document_with(page_of([["x" + text]]))
    file = io.BytesIO()
    writer = open_writer("xlsx", file, ExportOptions(rows=Rows.WORD))
    writer.add(stored(document))
    writer.finish()
    writer.close()
    _, row = openpyxl.load_workbook(file).worksheets[0].values
    assert row[-1] == "x" + text


def test_a_full_sheet_goes_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_export, "MOST_ROWS", 4)
    path = export_one(store(tmp_path, "a.jpg", document_with(page_of(WORLD))), "xlsx", rows=Rows.WORD)

    book = openpyxl.load_workbook(path)

    assert book.sheetnames == ["Words", "Words 2", "Words 3", "Words 4"]
    texts = [row[-1] for sheet in book.worksheets for row in list(sheet.values)[1:]]
    assert texts == [word for line in WORLD for word in line]


def test_a_text_that_is_too_long_for_a_cell_is_cut_and_marked(tmp_path: Path) -> None:
    (row,) = read_xlsx(export_one(store_text(tmp_path, "a.jpg", "\U0001d49c" * 20_000), "xlsx"))
    assert row["text"].endswith("…")
    assert len(row["text"].encode("utf-16-le")) // 2 <= xlsx_export.LONGEST_CELL
