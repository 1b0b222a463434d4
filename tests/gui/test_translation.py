"""Texts with numbers: every one has its plural forms."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

import ocr_desktop.gui


def plural_texts() -> list[str]:
    sources = Path(ocr_desktop.gui.__file__).parent.rglob("*.py")
    found = [
        text for path in sources for text in re.findall(r'"([^"\n]*%n[^"\n]*)",', path.read_text("utf-8"))
    ]
    assert found
    return found


def translations() -> Path:
    return Path(ocr_desktop.gui.__file__).parent / "translations" / "en.ts"


@pytest.mark.parametrize("text", plural_texts())
def test_no_text_shows_its_plural_in_brackets(qapp: QApplication, text: str) -> None:
    del qapp
    contexts = re.findall(r"<name>(\w+)</name>", translations().read_text("utf-8"))
    shown = {
        number: [QCoreApplication.translate(context, text, "", number) for context in contexts]
        for number in (1, 2)
    }
    assert any("(s)" not in one for one in shown[1])
    assert any("(s)" not in many for many in shown[2])


def test_one_is_not_many(qapp: QApplication) -> None:
    del qapp
    assert QCoreApplication.translate("ScanDisplay", "%n image(s) found.", "", 1) == "1 image found."
    assert QCoreApplication.translate("ScanDisplay", "%n image(s) found.", "", 3) == "3 images found."
