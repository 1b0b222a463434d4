"""The TXT result: a header that people can read and the program can trust, then the text."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocr_desktop.domain.naming import one_line, printable
from ocr_desktop.services.text_result import read_text_proof, render_text
from tests.fakes.results import SETTINGS, SOURCE, a_document

TEXT = render_text(a_document())

_names = st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=60)
_hashes = st.text("0123456789abcdef", min_size=64, max_size=64)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("text") / "a_ocr_results.txt"


def write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "replace"))


def test_what_people_see() -> None:
    lines = TEXT.splitlines()

    assert lines[:4] == [
        "Read:       2024-01-31T12:00:01+00:00",
        "Image:      /scans/a.png",
        "Engine:     Tesseract 5.5.0 (embedded), eng",
        "Confidence: 90.0 %",
    ]
    assert TEXT.endswith("-\n\nHällo wörld\n")


@given(_names, _hashes, st.floats(0, 1), st.text(max_size=80))
@example(" a.png", "0" * 64, 0.5, "")
@example("a.png", "0" * 64, 0.5, TEXT)
@example("日" * 85, "0" * 64, 1.0, "x" * 9000)
def test_the_header_proves_what_was_read(
    path: Path, name: str, sha256: str, confidence: float, text: str
) -> None:
    source = msgspec.structs.replace(SOURCE, name=printable(name), sha256=sha256)
    image_path = printable("/scans/" + name)
    document = a_document(image_path=image_path, source=source, confidence=confidence, text=text)
    write(path, render_text(document))

    proof = read_text_proof(str(path))

    assert proof is not None
    assert (proof.path, proof.sha256) == (one_line(image_path), sha256)
    assert proof.fingerprint == SETTINGS.fingerprint
    assert proof.confidence == pytest.approx(confidence, abs=0.0006)


@given(length=st.integers(0, TEXT.index("\n\n") - 1))
def test_a_header_that_is_cut_off_proves_nothing(path: Path, length: int) -> None:
    write(path, TEXT[:length])

    assert read_text_proof(str(path)) is None


@pytest.mark.parametrize("text", ["", "Dear Sir,\n", "\xff\xfe", "Notes of mine:\n\n" + TEXT])
def test_texts_of_others_prove_nothing(path: Path, text: str) -> None:
    write(path, text)

    assert read_text_proof(str(path)) is None


def test_a_missing_file_is_told_from_a_foreign_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_text_proof(str(tmp_path / "nothing"))
    assert read_text_proof(str(tmp_path)) is None


@given(_names)
def test_names_take_one_line(name: str) -> None:
    shown = one_line(name)

    assert len(shown) == len(name)
    assert len(shown.splitlines()) == 1
    shown.encode("utf-8")
