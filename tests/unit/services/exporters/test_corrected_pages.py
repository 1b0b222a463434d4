"""Corrected words: where a text was corrected, its words are exported where the engine's stood."""

import time
from pathlib import Path

import msgspec
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ocr_desktop.domain.results import Word
from ocr_desktop.services.exporters.corrected_pages import corrected_pages, corrected_words
from ocr_desktop.services.result_reader import read_result
from tests.fakes.stored_results import corrected, document_with, export_one, page_of, store, store_scan

TOKENS = st.lists(st.text("abc", min_size=1, max_size=3), max_size=12)


def words_from(texts: list[str]) -> list[Word]:
    return [Word(text, 0.5, (10 * place, 0, 9, 9), 0, 0) for place, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("read", "meant", "expected"),
    [
        ("Tota1 amount", "Total amount", ["Total", "amount"]),
        ("a b c", "a c", ["a", None, "c"]),
        ("a c", "a b c", ["a b", "c"]),
        ("b c", "a b c", ["a b", "c"]),
        ("no tice", "notice", ["notice", None]),
        ("notice", "no tice", ["no tice"]),
        ("a", "", [None]),
        ("", "typed by hand", []),
    ],
)
def test_a_word_becomes_what_stands_in_its_place(read: str, meant: str, expected: list[str | None]) -> None:
    words = corrected_words(words_from(read.split()), meant)
    assert [word.text if word else None for word in words] == expected


def test_what_was_typed_is_beyond_doubt_and_the_rest_as_it_was() -> None:
    first, second = corrected_words(words_from(["Tota1", "amount"]), "Total amount")
    assert first is not None
    assert second is not None
    assert (first.confidence, first.box) == (1.0, (0, 0, 9, 9))
    assert second.confidence == 0.5


@given(TOKENS.filter(bool), TOKENS)
def test_no_word_of_the_corrected_text_is_lost(read: list[str], meant: list[str]) -> None:
    words = corrected_words(words_from(read), " ".join(meant))
    assert len(words) == len(read)
    assert " ".join(word.text for word in words if word).split() == meant


def test_a_page_of_thousands_of_words_takes_a_moment_only() -> None:
    read = [f"w{place % 40}" for place in range(3_000)]
    begun = time.perf_counter()
    corrected_words(words_from(read), " ".join(["x", *read[1:-1], "y"]))
    assert time.perf_counter() - begun < 5


def test_words_stay_on_their_pages_even_without_page_breaks() -> None:
    pages = [page_of([["one", "tw0"]]), page_of([["three"]], number=2)]
    first, second = corrected_pages(corrected(document_with(*pages), "one two three"))
    assert [word.text for word in first.words] == ["one", "two"]
    assert [word.text for word in second.words] == ["three"]


@pytest.mark.parametrize("key", ["hocr", "alto", "json"])
def test_formats_with_boxes_have_the_corrected_words(tmp_path: Path, key: str) -> None:
    source = store(tmp_path, "a.jpg", corrected(document_with(page_of([["Tota1"]])), "Total"))
    content = export_one(source, key).read_text("utf-8")
    assert "Total" in content
    assert "Tota1" not in content


def test_a_searchable_pdf_is_searched_for_the_corrected_words(tmp_path: Path) -> None:
    page = page_of([["Tota1", "amount"]])
    plain = store_scan(tmp_path / "a.png", Image.new("L", (page.width, page.height), 255), page)
    document = corrected(read_result(plain.json_path), "Total amount")
    Path(plain.json_path).write_bytes(msgspec.json.encode(document))
    pdf = pypdfium2.PdfDocument(export_one(plain, "pdf"))
    text = pdf[0].get_textpage().get_text_bounded()
    pdf.close()
    assert text.split() == ["Total", "amount"]
