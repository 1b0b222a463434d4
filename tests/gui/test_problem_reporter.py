"""Exceptions that nobody caught: logged, shown without a traceback, details to be copied."""

import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from ocr_desktop.domain.errors import OutputNotWritableError
from ocr_desktop.gui.messages.problem_reporter import ProblemReporter

pytestmark = pytest.mark.logs_errors


@pytest.fixture
def reporter(qtbot: QtBot) -> Iterator[ProblemReporter]:
    hooks = sys.excepthook, threading.excepthook
    reporter = ProblemReporter()
    yield reporter
    reporter.uninstall()
    sys.excepthook, threading.excepthook = hooks
    if reporter.dialog is not None:
        box = reporter.dialog
        box.close()
        qtbot.waitUntil(lambda: reporter.dialog is None)


def shown(qtbot: QtBot, reporter: ProblemReporter) -> QMessageBox:
    qtbot.waitUntil(lambda: reporter.dialog is not None)
    assert reporter.dialog is not None
    return reporter.dialog


def raised(error: Exception) -> Exception:
    """Return the exception with a traceback."""

    def fail() -> None:
        raise error

    with pytest.raises(type(error)):
        fail()
    return error


def test_a_bug_is_shown_in_plain_words_with_details_to_copy(qtbot: QtBot, reporter: ProblemReporter) -> None:
    reporter.install()
    error = raised(ZeroDivisionError("the secret inside"))
    sys.excepthook(type(error), error, error.__traceback__)
    box = shown(qtbot, reporter)
    visible = box.text() + box.informativeText()
    assert "went wrong" in visible
    assert "Traceback" not in visible
    assert "secret" not in visible
    (copy,) = (button for button in box.findChildren(QPushButton) if "details" in button.text())
    copy.click()
    assert "ZeroDivisionError: the secret inside" in QGuiApplication.clipboard().text()
    assert reporter.dialog is box  # still open


def test_a_known_error_speaks_for_itself(qtbot: QtBot, reporter: ProblemReporter) -> None:
    reporter.report(OutputNotWritableError("The disk is full.", remedy="Free some space."))
    box = shown(qtbot, reporter)
    assert (box.text(), box.informativeText()) == ("The disk is full.", "Free some space.")


def test_an_exception_on_another_thread_is_shown_too(qtbot: QtBot, reporter: ProblemReporter) -> None:
    reporter.install()
    thread = threading.Thread(target=lambda: int("no number"))
    thread.start()
    thread.join()
    shown(qtbot, reporter)


def test_one_dialog_at_a_time(qtbot: QtBot, reporter: ProblemReporter) -> None:
    reporter.report(ValueError("first"))
    first = shown(qtbot, reporter)
    reporter.report(ValueError("second"))
    assert reporter.dialog is first


def test_messages_of_qt_go_to_the_log(reporter: ProblemReporter, caplog: pytest.LogCaptureFixture) -> None:
    reporter.install()
    with caplog.at_level(logging.WARNING, logger="qt"):
        qWarning("something about a widget")
    assert "something about a widget" in caplog.text
