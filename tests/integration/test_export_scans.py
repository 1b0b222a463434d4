"""Real scans, read and exported: every word is in its box."""

import shutil
from pathlib import Path

import pytest

from ocr_desktop.services.result_reader import read_result
from tests.integration.conftest import Command
from tests.pdf_reader import characters_in, opened

_EACH = 2


@pytest.mark.scans
def test_the_words_of_real_scans_are_where_they_are(
    ocr_desktop: Command, shared_data: Path, tmp_path: Path
) -> None:
    for folder in ("receipts", "pages", "idcards"):
        images = sorted((shared_data / folder).glob("*.jpg")) + sorted((shared_data / folder).glob("*.png"))
        for image in images[:_EACH]:
            shutil.copy(image, tmp_path / image.name)
    assert ocr_desktop("run", tmp_path).returncode == 0

    assert ocr_desktop("export", tmp_path, "--to", "pdf").returncode == 0

    results = sorted(tmp_path.glob("*_ocr_results.json"))
    assert len(results) >= _EACH
    for path in results:
        (page,) = read_result(path).pages
        with opened(path.with_name(path.name.replace("_ocr_results.json", "_ocr.pdf"))) as document:
            text = str(document[0].get_textpage().get_text_range())
            found = text.replace("\x02", "- ").replace("\ufffe", "- ").split()  # ends of lines, to PDFium
            assert sorted(found) == sorted(part for word in page.words for part in word.text.split())
            for word, inside in zip(page.words, characters_in(document[0], page), strict=True):
                assert not set(word.text.replace(" ", "")) - set(inside), (path.name, word)
