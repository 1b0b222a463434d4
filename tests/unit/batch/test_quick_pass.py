"""The quick pass: says what the slow way would say, without reading a file, and else nothing."""

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from ocr_desktop.batch import quick_pass
from ocr_desktop.batch.item_work import Workbench, process_item
from ocr_desktop.batch.quick_pass import QuickPass
from ocr_desktop.batch.tasks import Attempt, Completion, ItemTask, WorkerSetup
from ocr_desktop.domain.items import ImageItem, ItemOutcome
from ocr_desktop.domain.options import OutputFormat, Overwrite, Redo, RunOptions
from ocr_desktop.domain.states import ItemState
from ocr_desktop.services import file_state
from ocr_desktop.services.discovery import find_images
from ocr_desktop.services.engines.protocol import EngineConfig
from ocr_desktop.services.item_planner import plan_items
from ocr_desktop.services.known_results import KnownResults
from tests.fakes.engines import NOOP
from tests.fakes.results import change_unnoticed

JSON_ONLY = (OutputFormat.JSON,)
TXT_ONLY = (OutputFormat.TXT,)
BOTH = (OutputFormat.JSON, OutputFormat.TXT)
each_format = pytest.mark.parametrize("formats", [JSON_ONLY, TXT_ONLY, BOTH], ids=["json", "txt", "both"])
beside_and_mirrored = pytest.mark.parametrize("mirrored", [False, True], ids=["beside", "mirrored"])

_SETTLED = 0.05
"""Seconds after which files count as settled in most of these tests, instead of two."""

_opened: list[str] | None = None
"""Files that Python opens, while somebody wants to know."""


def _note_opened(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and _opened is not None:
        _opened.append(str(arguments[0]))


sys.addaudithook(_note_opened)  # for good: there is no way to remove one


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """Paths of the files that are opened from now on."""
    global _opened  # noqa: PLW0603
    _opened = []
    yield _opened
    _opened = None


@pytest.fixture
def settled_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_state, "_FRESH", int(_SETTLED * 1e9))


@pytest.fixture(autouse=True)
def large_images(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have images count as large, so that none is looked at on the spot, but for tests of small ones."""
    if "small" not in request.node.name:
        monkeypatch.setattr(quick_pass, "_SMALL", -1)


def settle() -> None:
    time.sleep(_SETTLED + 0.03)


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


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    known = KnownResults(tmp_path / "known.db")
    folder = tmp_path / "scans"
    folder.mkdir()
    yield Desk(folder, known, RunOptions(formats=BOTH))
    known.close()


def timeless(outcomes: list[ItemOutcome]) -> list[ItemOutcome]:
    return [msgspec.structs.replace(outcome, seconds=0.0) for outcome in outcomes]


def slow_outcomes(desk: Desk) -> list[ItemOutcome]:
    return timeless([desk.slowly(item).attempt.outcome for item in desk.items()])


@each_format
@beside_and_mirrored
@pytest.mark.usefixtures("settled_soon")
def test_it_says_what_the_slow_way_says(
    desk: Desk, tmp_path: Path, formats: tuple[OutputFormat, ...], mirrored: bool
) -> None:
    desk.choose(formats=formats, output_dir=str(tmp_path / "out") if mirrored else None)
    (tmp_path / "out").mkdir()  # a job makes it when it is created
    for name in ("a.png", "b.png", "b.jpg", "sub dir/a.png"):
        desk.put(name)
    known = desk.know_all()
    quick = desk.quickly()
    assert quick == timeless(known) == slow_outcomes(desk)
    assert len(quick) == 4
    for outcome in quick:
        assert outcome.source_hash
        assert len(outcome.result_hashes) == len(outcome.result_files) == len(formats)


@pytest.mark.usefixtures("settled_soon")
def test_it_opens_no_image_and_no_result(desk: Desk, opened: list[str]) -> None:
    desk.put("a.png")
    desk.know_all()
    own = [path for path in opened if path.startswith(str(desk.folder))]
    assert own, "the slow way does"
    opened.clear()
    assert len(desk.quickly()) == 1
    assert not [path for path in opened if path.startswith(str(desk.folder))]


@each_format
@pytest.mark.usefixtures("settled_soon")
def test_a_stale_result_stays_stale(desk: Desk, formats: tuple[OutputFormat, ...]) -> None:
    desk.choose(formats=formats)
    desk.put("a.png")
    desk.know_all()
    desk.languages = ("deu",)
    (outcome,) = quick = desk.quickly()
    assert outcome.stale
    assert outcome.reason == "Already read, but with other settings (stale)."
    assert quick == slow_outcomes(desk)
    desk.run()
    desk.languages = ("eng",)
    assert not desk.quickly()[0].stale


@pytest.mark.usefixtures("settled_soon")
def test_redo_stale_reads_what_is_stale_and_nothing_else(desk: Desk) -> None:
    desk.put("a.png")
    desk.know_all()
    desk.choose(redo=Redo.STALE)
    assert len(desk.quickly()) == 1
    desk.languages = ("deu",)
    assert desk.quickly() == []
    assert desk.run()[0].state is ItemState.COMPLETED


@pytest.mark.parametrize("overwrite", [Overwrite.OVERWRITE, Overwrite.SUFFIX])
@pytest.mark.usefixtures("settled_soon")
def test_nothing_is_passed_over_where_nothing_may_be_skipped(desk: Desk, overwrite: Overwrite) -> None:
    desk.put("a.png")
    desk.know_all()
    desk.choose(overwrite=overwrite)
    assert desk.quickly() == []
    assert desk.run()[0].state is ItemState.COMPLETED


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5])


def _replace(path: Path) -> None:
    """Put a copy in its place: same content, same date, another file."""
    copy = path.with_name("copy")
    shutil.copy2(path, copy)
    copy.replace(path)


def _swap_for_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "change",
    [_cut, change_unnoticed, Path.unlink, _replace, _swap_for_folder],
    ids=lambda each: each.__name__,
)
@pytest.mark.parametrize("name", ["a.png", "a_ocr_results.json", "a_ocr_results.txt"])
@pytest.mark.usefixtures("settled_soon")
def test_whatever_has_changed_is_left_to_the_slow_way(
    desk: Desk, name: str, change: Callable[[Path], None]
) -> None:
    desk.put("a.png")
    desk.put("b.png")
    desk.know_all()
    items = desk.items()
    change(desk.folder / name)
    assert [outcome.item_id for outcome in desk.quickly(items)] == [1]


@pytest.mark.parametrize("name", ["a_ocr_results.json", "a_ocr_results.txt"])
@pytest.mark.usefixtures("settled_soon")
def test_a_result_that_was_cut_is_made_again_and_known_again(desk: Desk, name: str) -> None:
    desk.put("a.png")
    desk.know_all()
    _cut(desk.folder / name)
    assert desk.run()[0].state is ItemState.COMPLETED
    settle()
    assert desk.run()[0].state is ItemState.SKIPPED
    assert desk.quickly() == slow_outcomes(desk) != []


@pytest.mark.usefixtures("settled_soon")
def test_of_files_that_were_not_looked_at_nothing_is_known(desk: Desk) -> None:
    desk.put("a.png")
    desk.choose(formats=JSON_ONLY)
    desk.know_all()
    desk.choose(formats=BOTH)
    assert desk.quickly() == []
    desk.choose(formats=TXT_ONLY)
    assert desk.quickly() == []


@pytest.mark.usefixtures("settled_soon")
def test_fewer_files_than_known_are_enough(desk: Desk) -> None:
    desk.put("a.png")
    desk.know_all()
    desk.choose(formats=JSON_ONLY)
    assert desk.quickly() == slow_outcomes(desk)
    assert desk.quickly()[0].result_files == (str(desk.folder / "a_ocr_results.json"),)
    desk.choose(formats=TXT_ONLY)
    assert desk.quickly() == [], "a TXT tells the confidence less precisely"


@pytest.mark.usefixtures("settled_soon")
def test_an_image_that_joins_the_folder_changes_no_verdict(desk: Desk) -> None:
    desk.put("a.jpg")
    desk.know_all()
    desk.put("a.png", width=200)
    settle()
    assert desk.quickly() == [], "other names are planned now"
    jpg, png = desk.run()
    assert (jpg.state, png.state) == (ItemState.SKIPPED, ItemState.COMPLETED)
    assert jpg.result_files[0] == str(desk.folder / "a_ocr_results.json")
    assert png.result_files[0] == str(desk.folder / "a.png_ocr_results.json")
    settle()
    desk.run()
    assert desk.quickly() == slow_outcomes(desk)
    assert len(desk.quickly()) == 2
    (desk.folder / "a.jpg").unlink()
    assert len(desk.items()) == 1
    assert desk.quickly() == [], "now the better name would be its own"
    assert timeless(desk.run())[0].result_files[0] == str(desk.folder / "a.png_ocr_results.json")


@pytest.mark.usefixtures("settled_soon")
def test_a_file_that_comes_up_under_a_better_name_is_looked_at(desk: Desk) -> None:
    desk.put("a.jpg")
    desk.put("a.png", width=200)
    desk.know_all()
    for result in desk.folder.glob("a.jpg_*"):
        result.rename(desk.folder / result.name.replace("a.jpg_", "a_"))
    settle()
    desk.run()
    assert len(desk.quickly()) == 2
    document = json.loads((desk.folder / "a_ocr_results.json").read_text("utf-8"))
    (desk.folder / "a.jpg_ocr_results.json").write_text(json.dumps(document), "utf-8")
    assert [outcome.item_id for outcome in desk.quickly()] == [1]


def learn_of_reading(desk: Desk) -> tuple[QuickPass, Attempt]:
    desk.put("a.png")
    settle()
    quick = desk.new_pass()
    completion = desk.slowly(desk.items()[0])
    assert completion.attempt.outcome.state is ItemState.COMPLETED
    quick.learn([completion])
    return quick, completion.attempt


@pytest.mark.usefixtures("settled_soon")
def test_an_image_just_read_is_known_once_its_result_has_settled(desk: Desk) -> None:
    quick, _ = learn_of_reading(desk)
    settle()
    desk.now = 2.0
    quick.end()
    assert desk.quickly() == []
    desk.now = 3.0
    quick.end()
    assert desk.quickly() == slow_outcomes(desk)
    assert len(desk.quickly()) == 1


@pytest.mark.parametrize("change", [_cut, change_unnoticed, Path.unlink], ids=lambda each: each.__name__)
@pytest.mark.parametrize("name", ["a_ocr_results.json", "a_ocr_results.txt"])
@pytest.mark.usefixtures("settled_soon")
def test_a_result_that_is_not_what_was_written_is_not_learned(
    desk: Desk, name: str, change: Callable[[Path], None]
) -> None:
    quick, _ = learn_of_reading(desk)
    change(desk.folder / name)
    settle()
    desk.now = 3.0
    quick.end()
    assert desk.known.look_up(desk.items()) == {}


@pytest.mark.usefixtures("settled_soon")
def test_a_result_that_has_not_settled_is_not_learned(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    quick, _ = learn_of_reading(desk)
    monkeypatch.undo()  # two seconds, as it is
    desk.now = 3.0
    quick.end()
    assert desk.known.look_up(desk.items()) == {}


def test_an_image_that_has_just_come_is_not_learned(desk: Desk) -> None:
    _, attempt = learn_of_reading(desk)
    assert attempt.known is None


@pytest.mark.usefixtures("settled_soon")
def test_results_that_have_just_been_made_are_not_learned_by_looking_at_them(desk: Desk) -> None:
    desk.put("a.png")
    settle()
    first, second = desk.run(), desk.run()
    assert (first[0].state, second[0].state) == (ItemState.COMPLETED, ItemState.SKIPPED)
    assert desk.known.look_up(desk.items()) == {}


@pytest.mark.usefixtures("settled_soon")
def test_a_numbered_result_is_not_learned(desk: Desk) -> None:
    desk.put("a.png")
    desk.know_all()
    desk.choose(overwrite=Overwrite.SUFFIX)
    attempt = desk.slowly(desk.items()[0]).attempt
    assert attempt.outcome.result_files[0].endswith("_2.json")
    assert attempt.known is None


@pytest.mark.usefixtures("settled_soon")
def test_what_was_learned_is_written_before_a_long_run_ends(desk: Desk) -> None:
    for number in range(3):
        desk.put(f"{number}.png")
    settle()
    desk.run()
    settle()
    items = desk.items()
    quick = desk.new_pass()
    completions = [desk.slowly(item) for item in items]
    quick.learn(completions)
    assert desk.known.look_up(items) == {}
    for _ in range(70):
        quick.learn(completions)
    assert len(desk.known.look_up(items)) == 3


@each_format
@pytest.mark.usefixtures("settled_soon")
def test_a_small_image_with_a_result_is_looked_at_on_the_spot(
    desk: Desk, formats: tuple[OutputFormat, ...], opened: list[str]
) -> None:
    desk.choose(formats=formats)
    desk.put("a.png")
    settle()
    desk.run()
    settle()
    quick = desk.new_pass()
    assert timeless(quick.sift(desk.items())) == slow_outcomes(desk)
    quick.end()
    opened.clear()
    assert desk.quickly() == timeless(desk.quickly()) != []
    assert not [path for path in opened if path.startswith(str(desk.folder))], "by now it is known"


@pytest.mark.usefixtures("settled_soon")
def test_a_small_image_without_a_result_is_not_opened(desk: Desk, opened: list[str]) -> None:
    desk.put("a.png")
    items = desk.items()
    opened.clear()
    assert desk.quickly(items) == []
    assert not [path for path in opened if path.startswith(str(desk.folder))]


@pytest.mark.parametrize("change", [_cut, change_unnoticed, Path.unlink], ids=lambda each: each.__name__)
@pytest.mark.parametrize("name", ["a.png", "a_ocr_results.json"])
def test_a_small_image_that_is_not_to_be_skipped_goes_to_a_worker(
    desk: Desk, name: str, change: Callable[[Path], None]
) -> None:
    desk.put("a.png")
    desk.run()
    items = desk.items()
    assert len(desk.quickly(items)) == 1
    if change is change_unnoticed and name.endswith(".json"):
        (desk.folder / name).write_text("[" * 100_000, "utf-8")
    else:
        change(desk.folder / name)
    assert desk.quickly(items) == []


def test_small_images_are_looked_at_only_so_long(desk: Desk) -> None:
    for number in range(5):
        desk.put(f"{number}.png")
    desk.run()

    def hurry() -> float:
        desk.now += 0.015
        return desk.now

    quick = QuickPass(desk.bench().skip_detector, desk.known, hurry)
    assert 0 < len(quick.sift(desk.items())) < 5
