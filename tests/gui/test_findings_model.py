"""The table of findings: streamed in, filtered, named by their way below what was checked."""

import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.verification import Finding, FindingKind, VerifyCounts
from ocr_desktop.gui.check.finding_look import kind_word
from ocr_desktop.gui.check.findings_model import FindingColumn, FindingsModel

FINDINGS = [
    Finding(FindingKind.SOUND, "/scans/a.png", "It has been read."),
    Finding(FindingKind.MISSING, "/scans/deep/b.png", "It has no\nresult."),
    Finding(FindingKind.SOUND, "/scans/c.png", "It has been read."),
    Finding(FindingKind.LEFTOVER, "/out/.tmp", "Delete it."),
]


@pytest.fixture
def model(qtbot: QtBot, qtmodeltester: ModelTester) -> FindingsModel:
    del qtbot
    model = FindingsModel()
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.begin(["/scans"])
    model.add(FINDINGS[:2])
    model.add(FINDINGS[2:])
    return model


def column(model: FindingsModel, which: FindingColumn) -> list[str]:
    return [model.index(row, which).data() for row in range(model.rowCount())]


def test_shows_problems_first_and_everything_on_demand(model: FindingsModel) -> None:
    assert column(model, FindingColumn.KIND) == ["Missing", "Left over"]
    model.set_only_problems(False)
    assert column(model, FindingColumn.KIND) == ["Sound", "Missing", "Sound", "Left over"]
    assert model.counts == VerifyCounts(sound=2, missing=1, leftover=1)


def test_names_files_by_their_way_below_the_folder(model: FindingsModel) -> None:
    assert column(model, FindingColumn.FILE) == [os.path.join("deep", "b.png"), "/out/.tmp"]  # noqa: PTH118
    assert column(model, FindingColumn.DETAIL) == ["It has no result.", "Delete it."]
    tip = model.index(0, FindingColumn.FILE).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "/scans/deep/b.png"


def test_with_several_folders_each_is_named(model: FindingsModel) -> None:
    model.begin(["/home/scans", "/home/letters", "/one.png"])
    model.add([Finding(FindingKind.STALE, path, "") for path in ("/home/letters/a.png", "/one.png")])
    assert column(model, FindingColumn.FILE) == ["letters/a.png", "one.png"]


def test_beginning_anew_forgets_everything(model: FindingsModel) -> None:
    model.begin(["/scans"])
    assert model.rowCount() == 0
    assert model.counts.total == 0


@pytest.mark.parametrize("kind", FindingKind)
def test_every_kind_has_a_word_and_an_icon(
    qapp: QApplication, model: FindingsModel, kind: FindingKind
) -> None:
    model.set_only_problems(False)
    model.set_look(qapp.palette(), 1.0)
    model.begin([])
    model.add([Finding(kind, "/a.png", "")])
    cell = model.index(0, FindingColumn.KIND)
    assert cell.data() == kind_word(kind)
    assert not cell.data(Qt.ItemDataRole.DecorationRole).isNull()
    assert cell.data(Qt.ItemDataRole.ForegroundRole).isValid()
