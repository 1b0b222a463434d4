"""How fluid the viewer is: opening, zooming, panning and editing a page of 35 megapixels with 3,000 words.

    python -m benchmarks.viewer [--offscreen]

For each order: the longest stretch for which the event loop did not answer, and the most work (processor time
of the window's thread) for a single step; on a busy machine only the latter says something. The page is drawn
for the purpose, so nothing but the program itself is needed.
"""

import argparse
import hashlib
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from PIL import Image, ImageDraw
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ocr_desktop.domain.items import ItemOutcome
from ocr_desktop.domain.results import Block, EngineStamp, Line, Page, ResultDocument, Settings, Source, Word
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.app import make_qt_application
from ocr_desktop.gui.viewer.entries import ViewerEntry
from ocr_desktop.gui.viewer.viewer_window import Viewer
from ocr_desktop.services.image_loader import load_upright

WIDTH, HEIGHT, COLUMNS, ROWS = 5_000, 7_000, 15, 200
"""35 megapixels; 3,000 words."""


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offscreen", action="store_true", help="open no window on the screen")
    if parser.parse_args().offscreen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory() as folder:
        _measure(Path(folder))


def make_page(folder: Path) -> tuple[Path, Path]:
    """Draw the page and write its result; return both paths."""
    image = Image.effect_noise((WIDTH // 4, HEIGHT // 4), 40).resize((WIDTH, HEIGHT)).convert("RGB")
    draw = ImageDraw.Draw(image)
    words, lines = [], []
    for row in range(ROWS):
        top = 100 + row * 34
        lines.append(Line(box=(100, top, WIDTH - 200, 28), block=0, paragraph=0))
        for column in range(COLUMNS):
            number, left = row * COLUMNS + column, 100 + column * 320
            text = f"word{number}" if number % 7 else "the"
            draw.text((left, top), text, fill=(0, 0, 0), font_size=26)
            box = (left, top, 15 * len(text), 28)
            words.append(Word(text, (number * 37 % 100) / 100, box, row, 0))
    path = folder / "page.jpg"
    image.save(path, quality=85)
    text = "\n".join(
        " ".join(word.text for word in words[row * COLUMNS : (row + 1) * COLUMNS]) for row in range(ROWS)
    )
    page = Page(
        number=1,
        width=WIDTH,
        height=HEIGHT,
        text=text,
        confidence=0.5,
        words=tuple(words),
        lines=tuple(lines),
        blocks=(Block(box=(100, 100, WIDTH - 200, HEIGHT - 200)),),
    )
    document = ResultDocument(
        image_path=str(path),
        saved_at="2026-01-01T00:00:00+00:00",
        model_used="drawn",
        confidence=0.5,
        text=text,
        processing_time_ms=1,
        source=Source(
            name=path.name,
            size=path.stat().st_size,
            modified="2026-01-01T00:00:00+00:00",
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        ),
        engine=EngineStamp(name="drawn", version="1", languages=("eng",)),
        settings=Settings.of({"engine": "drawn"}),
        pages=(page,),
    )
    result = folder / "page_ocr_results.json"
    result.write_bytes(msgspec.json.format(msgspec.json.encode(document), indent=1))
    return path, result


class Pulse:
    """A timer that ought to be heard every millisecond; what it is late by is a stall."""

    def __init__(self) -> None:
        """Start at once."""
        self._timer = QTimer(interval=1)
        self._timer.timeout.connect(self._beat)
        self.begin()
        self._timer.start()

    def begin(self) -> None:
        """Forget what was measured."""
        self._last = time.perf_counter()
        self.gaps: list[float] = []

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append(1000 * (now - self._last))
        self._last = now

    @property
    def worst(self) -> float:
        """The longest gap, in milliseconds."""
        return max([*self.gaps, 1000 * (time.perf_counter() - self._last)])


class Bench:
    """Gives orders, and reports on each."""

    def __init__(self, application: QApplication) -> None:
        """Start measuring."""
        self._application = application
        self.pulse = Pulse()

    def wait_for(self, is_done: Callable[[], bool]) -> None:
        """Let the window work until then."""
        deadline = time.perf_counter() + 60
        while not is_done() and time.perf_counter() < deadline:
            self._application.processEvents()

    def report(self, what: str, act: Callable[[], object], times: int = 1) -> None:
        """Do something so many times."""
        QTest.qWait(100)
        self.pulse.begin()
        most = 0.0
        for _ in range(times):
            begun = time.thread_time()
            act()
            self._application.processEvents()
            most = max(most, 1000 * (time.thread_time() - begun))
        QTest.qWait(150)
        print(f"{what:42} longest stall {self.pulse.worst:6.1f} ms   work {most:6.1f} ms")


def _measure(folder: Path) -> None:
    application = make_qt_application()
    path, result = make_page(folder)
    outcome = ItemOutcome(item_id=0, state=ItemState.COMPLETED, confidence=0.5, result_files=(str(result),))
    viewer = Viewer()
    viewer.resize(1400, 900)
    viewer.show()
    QTest.qWait(300)
    load_upright(str(path), max_pixels=10**9)  # as the thumbnails have done long before in the real window
    bench = Bench(application)
    begun = time.perf_counter()
    bench.report("open", lambda: viewer.show_entries([ViewerEntry(str(path), outcome)], 0))
    bench.wait_for(lambda: viewer.page.has_picture and viewer.page.is_sharp)
    spent = 1000 * (time.perf_counter() - begun)
    print(f"{'... until sharp':42} longest stall {bench.pulse.worst:6.1f} ms   after {spent:.0f} ms")
    _look(bench, viewer)
    _work(bench, viewer)
    viewer.corrector.discard()
    viewer.close()
    viewer.stop()


def _look(bench: Bench, viewer: Viewer) -> None:
    page, bar = viewer.page, viewer.page.verticalScrollBar()
    bench.report("zoom in, 16 steps", page.zoom_in, 16)
    bench.report("zoom out, 16 steps", page.zoom_out, 16)
    bench.report("fit width", page.fit_width)
    bench.report("scroll, 60 steps", lambda: bar.setValue(bar.value() + 40), 60)
    bench.report("actual size", page.actual_size)
    bench.report("fling, 60 steps", lambda: bar.setValue(bar.value() + 300), 60)
    bench.wait_for(lambda: page.is_sharp)
    bench.report("fit with all boxes", page.fit)


def _work(bench: Bench, viewer: Viewer) -> None:
    panel = viewer.panel
    bench.report("next doubtful word, 30 times", viewer.commands.next_doubtful.trigger, 30)
    bench.report("type 30 letters", lambda: QTest.keyClicks(viewer.text, "x"), 30)
    bench.report("find 420 places", lambda: viewer.link.find("the"))
    bench.report("threshold", lambda: viewer.legend.threshold.setValue(40))
    bench.report("tab Fields", lambda: panel.setCurrentWidget(panel.fields))
    bench.report("tab JSON", lambda: panel.setCurrentWidget(panel.json))
    bench.pulse.begin()
    bench.wait_for(lambda: panel.json.is_whole)
    print(f"{'... until it is whole':42} longest stall {bench.pulse.worst:6.1f} ms")


if __name__ == "__main__":
    main()
