"""A folder of images on which the quick pass, and the slow way, can be tried."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from ocr_desktop.batch.item_work import Workbench, process_item
from ocr_desktop.batch.quick_pass import QuickPass
from ocr_desktop.batch.tasks import Completion, ItemTask, WorkerSetup
from ocr_desktop.domain.items import ImageItem, ItemOutcome
from ocr_desktop.domain.options import OutputFormat, RunOptions
from ocr_desktop.domain.states import ItemState
from ocr_desktop.services.discovery import find_images
from ocr_desktop.services.engines.protocol import EngineConfig
from ocr_desktop.services.item_planner import plan_items
from ocr_desktop.services.known_results import KnownResults
from tests.fakes.engines import NOOP

JSON_ONLY = (OutputFormat.JSON,)
TXT_ONLY = (OutputFormat.TXT,)
BOTH = (OutputFormat.JSON, OutputFormat.TXT)
each_format = pytest.mark.parametrize("formats", [JSON_ONLY, TXT_ONLY, BOTH], ids=["json", "txt", "both"])

SETTLED = 0.05
"""Seconds after which files count as settled in most tests of the quick pass, instead of two."""


def settle() -> None:
    time.sleep(SETTLED + 0.03)


@dataclass
class Desk:
    """A folder of images, with what the program knows of their results."""

    folder: Path
    known: KnownResults
    options: RunOptions
    languages: tuple[str, ...] = ("eng",)
    now: float = 0.0

    def put(self, name: str, width: int = 100) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        Image.new("L", (width, 20), 255).save(path)
        return path

    def items(self) -> list[ImageItem]:
        """All images, as a job plans them."""
        return plan_items(list(find_images([self.folder], recursive=True)), self.options.output_dir)

    def choose(self, **changes: object) -> None:
        self.options = msgspec.structs.replace(self.options, **changes)

    def bench(self) -> Workbench:
        config = EngineConfig(languages=self.languages, page_segmentation=3)
        return Workbench(WorkerSetup(job_id="j", options=self.options, engine=NOOP, config=config))

    def slowly(self, item: ImageItem) -> Completion:
        """What a worker does with an image."""
        task = ItemTask(item=item, attempt=1, token=f"t-{item.id}")
        return Completion(task, process_item(task, self.bench()))

    def new_pass(self) -> QuickPass:
        return QuickPass(self.bench().skip_detector, self.known, lambda: self.now)

    def run(self) -> list[ItemOutcome]:
        """What a run does: the quick pass, and workers for the rest."""
        quick = self.new_pass()
        items = self.items()
        outcomes = quick.sift(items)
        rest = {item.id for item in items} - {outcome.item_id for outcome in outcomes}
        completions = [self.slowly(item) for item in items if item.id in rest]
        quick.learn(completions)
        quick.end()
        slow = [completion.attempt.outcome for completion in completions]
        return sorted([*outcomes, *slow], key=lambda outcome: outcome.item_id)

    def quickly(self, items: Sequence[ImageItem] | None = None) -> list[ItemOutcome]:
        return self.new_pass().sift(self.items() if items is None else items)

    def know_all(self) -> list[ItemOutcome]:
        """Read all images, and look at them once more when their results have settled."""
        settle()
        self.run()
        settle()
        outcomes = self.run()
        assert [outcome.state for outcome in outcomes] == [ItemState.SKIPPED] * len(outcomes)
        return outcomes


def timeless(outcomes: list[ItemOutcome]) -> list[ItemOutcome]:
    return [msgspec.structs.replace(outcome, seconds=0.0) for outcome in outcomes]


def slow_outcomes(desk: Desk) -> list[ItemOutcome]:
    return timeless([desk.slowly(item).attempt.outcome for item in desk.items()])


def cut(path: Path) -> None:
    """Take away the end of a file."""
    path.write_bytes(path.read_bytes()[:-5])
