"""A person in front of the window, with a stopwatch."""

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject

from benchmarks.heartbeat import Heartbeat, turn
from benchmarks.report import Report
from ocr_desktop.gui.images.image_list_model import Order, Query
from ocr_desktop.gui.main_window import MainWindow

_PATIENCE = 600.0
"""Seconds after which a step is given up."""
_STALL = 50.0
_LATE = 16.0


class _FirstPaint(QObject):
    """Notes when a grid is painted for the first time with images in it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._model = window.browser.model
        self._viewport = window.browser.view.viewport()
        self._viewport.installEventFilter(self)
        self.at: float | None = None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint and self._model.rowCount():
            self.at = time.perf_counter()
            self._viewport.removeEventFilter(self)
        return False


class Session:
    """Everything that is measured in an open window."""

    def __init__(self, window: MainWindow, folder: Path, images: int, report: Report) -> None:
        """Sit down."""
        self._window = window
        self._folder = folder
        self._images = images
        self._report = report
        self._model = window.browser.model
        self._view = window.browser.view
        self._heartbeat = Heartbeat()

    def run(self, batch: int) -> None:
        """Do everything once, with a run over ``batch`` images, and close the window."""
        turn(1.0)
        self._open()
        self._fling()
        self._tick()
        self._choose()
        self._sort()
        self._batch(batch)
        self._results(batch)
        self._report.add("memory at its peak", self._heartbeat.peak_megabytes, "MB", 400)
        self._window.close()
        turn(0.1)
        self._heartbeat.stop()

    def _open(self) -> None:
        scanner = self._window.browser.scanner
        paint = _FirstPaint(self._window)
        self._heartbeat.take()
        began = time.perf_counter()
        self._window.open_paths([str(self._folder)])
        self._wait(lambda: paint.at is not None)
        self._report.add("open: first images painted", 1000 * ((paint.at or began) - began), "ms", 300)
        self._wait(self._sees_thumbnails)
        self._report.add("open: first thumbnails", 1000 * (time.perf_counter() - began), "ms", 1000)
        self._wait(lambda: not scanner.is_active and self._model.total == self._images)
        self._report.add("open: all listed", time.perf_counter() - began, "s")
        self._note_stalls("open")

    def _fling(self) -> None:
        """Through the whole grid and back, and then from end to end at once."""
        bar = self._view.verticalScrollBar()
        for share in (*range(151), *range(150, -1, -1)):
            bar.setValue(bar.maximum() * share // 150)
            turn(0.016)
        for end in (bar.maximum(), 0) * 3:
            bar.setValue(end)
            turn(0.05)
        for line in range(300):
            bar.setValue(40 * line)
            turn(0.008)
        self._note_stalls("fling")
        self._wait(self._sees_thumbnails)
        self._heartbeat.take()

    def _tick(self) -> None:
        """Ten thousand, and all: from the key to the painted grid."""
        some = frozenset(list(self._model.shown_ids())[:10_000])
        ticks = self._window.browser.ticks
        for name, query, limit in (("10,000 ticks", Query(ids=some), 50.0), ("all ticks", Query(), 50.0)):
            self._model.set_query(query)
            turn(0.1)
            for action in (ticks.tick_none, ticks.tick_all, ticks.invert, ticks.tick_all):
                self._timed(f"{name}: {action.text().replace('&', '')}", action.trigger, limit)

    def _choose(self) -> None:
        for text in ("7", "77", "scan", "nothing has this in its name", ""):
            self._timed(f"filter by “{text[:12]}”", partial(self._model.set_query, Query(text=text)), 200.0)

    def _sort(self) -> None:
        for order in (Order.NAME, Order.FOLDER, Order.STATE, Order.DATE, Order.SIZE, Order.FOUND):
            self._timed(f"sort by {order}", partial(self._model.set_order, order), 200.0)
            turn(0.3)
        self._heartbeat.take()

    def _timed(self, name: str, act: Callable[[], object], limit: float) -> None:
        began, worked = time.perf_counter(), time.thread_time()
        act()
        self._view.viewport().repaint()
        work = 1000 * (time.thread_time() - worked)
        taken = 1000 * (time.perf_counter() - began)
        turn(0.2)
        self._heartbeat.take()
        self._report.add(name, taken, "ms", limit, work)

    def _batch(self, count: int) -> None:
        """Run, and scroll through the whole grid meanwhile."""
        ids = self._model.shown_ids()[:count]
        self._model.set_ticked(self._model.shown_ids(), ticked=False)
        self._model.set_ticked(ids, ticked=True)
        bar = self._view.verticalScrollBar()
        bar.setValue(0)
        turn(0.5)
        self._heartbeat.take()
        began = time.perf_counter()
        self._window.start()
        while self._window.run.is_busy:
            bar.setValue((bar.value() + 60) % 20_000)
            turn(0.016)
        self._report.add("run: results a second", count / (time.perf_counter() - began), "/s")
        self._note_stalls("run, scrolling", _LATE)

    def _results(self, count: int) -> None:
        self._window.show_results()
        turn(0.2)
        dialog = self._window.others.results
        if dialog is None:
            sys.exit("There are no results to show.")
        self._wait(lambda: dialog.model.total == count)
        for button in dialog.filters.values():
            button.click()
            turn(0.2)
        self._note_stalls("results")

    def _note_stalls(self, name: str, late: float | None = None) -> None:
        """Report how late the event loop was since the last time; ``late`` limits all but one turn of 100."""
        lateness = self._heartbeat.take()
        longest, work = lateness.longest, lateness.longest_work
        self._report.add(f"{name}: longest stall", longest, "ms", _STALL, work)
        percentile, work = lateness.percentile_99, lateness.work_percentile_99
        self._report.add(f"{name}: 99th percentile of lateness", percentile, "ms", late, work)

    def _sees_thumbnails(self) -> bool:
        rows = self._view.visible_rows()
        return bool(rows) and all(self._model.has_thumbnail(self._model.id_at(row)) for row in rows)

    @staticmethod
    def _wait(condition: Callable[[], bool]) -> None:
        deadline = time.perf_counter() + _PATIENCE
        while not condition():
            if time.perf_counter() > deadline:
                sys.exit("The window did not get there in time.")
            turn(0.005)
