"""Images that the user has turned: read as they were turned, and again when that changes."""

import json
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from ocr_desktop.batch import quick_pass
from ocr_desktop.bootstrap import Application, build_application
from ocr_desktop.cli.main import run_command_line
from ocr_desktop.domain.items import FoundImage, ItemOutcome
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState
from ocr_desktop.services.result_reader import read_result
from tests.fakes.engines import NOOP

WIDTH, HEIGHT = 40, 20


class Desk:
    """One image, read again and again."""

    def __init__(self, folder: Path, **options: object) -> None:
        self.image = folder / "page.png"
        Image.new("L", (WIDTH, HEIGHT), 255).save(self.image)
        self.options = options
        self.app: Application = build_application(engines=[NOOP], serial=True)

    def read(self, rotation: int = 0, **options: object) -> ItemOutcome:
        found = [FoundImage(str(self.image), str(self.image.parent), rotation)]
        job = self.app.jobs.create(found, RunOptions.from_values({**self.options, **options}))
        self.app.jobs.start(job.id)
        (record,) = self.app.jobs.items(job.id)
        assert record.item.rotation == rotation
        assert record.outcome is not None
        return record.outcome

    @property
    def size(self) -> tuple[int, int]:
        """What the engine was given."""
        page = read_result(self.image.with_name("page_ocr_results.json")).pages[0]
        return page.width, page.height


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_turned_image_is_read_turned_and_stays_as_it_is(desk: Desk) -> None:
    before = desk.image.read_bytes()

    outcome = desk.read(90)

    assert outcome.state is ItemState.COMPLETED
    document = read_result(outcome.result_files[0])
    page = document.pages[0]
    assert (page.rotation, page.width, page.height) == (90, HEIGHT, WIDTH)
    assert page.words[0].box == (0, 0, HEIGHT, WIDTH)
    assert document.settings.rotation == 90
    assert "Turned:     90° clockwise\n" in Path(outcome.result_files[1]).read_text(encoding="utf-8")
    assert desk.image.read_bytes() == before


@pytest.mark.parametrize("formats", ["json", "txt", "json,txt"])
def test_another_turn_is_read_again_and_the_same_is_not(tmp_path: Path, formats: str) -> None:
    desk = Desk(tmp_path, formats=formats.split(","))
    desk.read()

    again = desk.read(90)
    same = desk.read(90)
    other = desk.read(270)

    assert (again.state, again.reason) == (
        ItemState.COMPLETED,
        "It was read again, turned by 90°: before, it was not turned.",
    )
    assert (same.state, same.reason) == (ItemState.SKIPPED, "Already read with these settings.")
    assert other.reason == "It was read again, turned by 270°: before, it was turned by 90°."
    assert len(list(desk.image.parent.iterdir())) == 1 + len(formats.split(","))


def test_without_a_hint_a_turned_result_is_kept(desk: Desk) -> None:
    desk.read(90)

    later = desk.read()

    assert (later.state, later.stale) == (ItemState.SKIPPED, False)
    assert later.reason == (
        "Already read with these settings, turned by 90°. Overwrite its result to read it as it is."
    )


def test_what_is_stale_is_read_again_as_it_was_turned(desk: Desk) -> None:
    desk.read(90)

    later = desk.read(redo="stale", page_segmentation=6)

    assert later.state is ItemState.COMPLETED
    assert desk.size == (HEIGHT, WIDTH)


def test_overwriting_reads_the_image_as_it_is_turned_now(desk: Desk) -> None:
    desk.read(90)

    desk.read(overwrite="overwrite")

    assert desk.size == (WIDTH, HEIGHT)


def test_what_is_known_of_an_image_tells_how_it_was_turned(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quick_pass, "_SMALL", -1)  # only what is known is settled without a worker
    monkeypatch.setattr("ocr_desktop.services.file_state._FRESH", 0)
    desk.read(90)
    assert desk.read(90).state is ItemState.SKIPPED  # by a look at the files, which is remembered
    (record,) = desk.app.jobs.items(desk.app.jobs.list()[0].id)
    known = desk.app.known.look_up([record.item])[record.item.id]

    assert known.rotation == 90
    assert desk.read(90).reason == "Already read with these settings."
    assert desk.read().state is ItemState.SKIPPED
    assert desk.read(180).state is ItemState.COMPLETED


class TestCommandLine:
    def run(self, capsysbinary: pytest.CaptureFixture[bytes], *arguments: str) -> dict[str, object]:
        def build() -> Application:
            return build_application(engines=[msgspec.structs.replace(NOOP, name="embedded")], serial=True)

        code = run_command_line(["run", *arguments, "--json"], open_window=lambda _paths: 99, build=build)
        assert code == 0
        (item,) = json.loads(capsysbinary.readouterr().out)["items"]
        assert isinstance(item, dict)
        return item

    def test_all_images_of_a_run_are_turned(
        self, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        Image.new("L", (WIDTH, HEIGHT), 255).save(tmp_path / "page.png")

        item = self.run(capsysbinary, str(tmp_path), "--rotate", "270")
        again = self.run(capsysbinary, str(tmp_path))

        assert (item["status"], item["rotation"]) == ("completed", 270)
        assert (again["status"], "rotation" in again) == ("skipped", False)

    def test_other_angles_are_refused(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        code = run_command_line(["run", str(tmp_path), "--rotate", "45"], open_window=lambda _paths: 99)

        assert code == 2
        assert "'45' is not one of" in capsys.readouterr().err
