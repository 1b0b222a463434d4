"""Bad input through the whole batch: each file ends as an item with a reason, and never ends the batch."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ocr_desktop.bootstrap import build_application
from ocr_desktop.domain.errors import OutputNotWritableError
from ocr_desktop.domain.events import Event, ItemStarted
from ocr_desktop.domain.items import FoundImage, ItemOutcome
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.services.discovery import find_images
from ocr_desktop.services.result_reader import read_result
from tests.conftest import MakeImages
from tests.fakes import images
from tests.fakes.engines import NOOP, SLOW
from tests.integration.conftest import command_line

Write = Callable[[Path], Path]


def run_real(folder: Path) -> dict[str, ItemOutcome]:
    """Read a folder with the embedded engine in this process; return file name -> outcome."""
    app = build_application(serial=True)
    job = app.jobs.create(list(find_images([folder], recursive=True)), RunOptions())
    app.jobs.start(job.id)
    outcomes = {}
    for record in app.jobs.items(job.id):
        assert record.outcome is not None
        outcomes[record.item.name] = record.outcome
    return outcomes


@pytest.mark.parametrize(
    ("write", "name", "kind", "words"),
    [
        (images.write_empty, "empty.jpg", "image-unreadable", "empty"),
        (images.write_truncated, "cut.jpg", "image-unreadable", "cut"),
        (images.write_plain_text, "text.png", "image-unreadable", "not an image"),
        (images.write_bomb, "bomb.png", "image-too-large", "1,225"),
    ],
)
def test_a_bad_file_fails_alone_with_a_reason(
    tmp_path: Path, write: Write, name: str, kind: str, words: str
) -> None:
    write(tmp_path / name)
    images.write_page(tmp_path / "good.png")
    outcomes = run_real(tmp_path)
    assert outcomes["good.png"].state is ItemState.COMPLETED
    bad = outcomes[name]
    assert (bad.state, bad.error_kind) == (ItemState.FAILED, kind)
    assert name in bad.error
    assert words in bad.error
    assert bad.attempts == 1
    assert not list(tmp_path.glob(f"{Path(name).stem}_ocr*"))


@pytest.mark.parametrize(
    ("write", "name"),
    [
        (images.write_cmyk, "cmyk.jpg"),
        (images.write_palette, "palette.png"),
        (images.write_deep, "deep.png"),
        (images.write_text_in_alpha, "alpha.png"),
        (images.write_animated, "animated.gif"),
        (images.write_animated, "animated.webp"),
        (lambda path: images.write_oriented(path, 6), "turned.jpg"),
        (images.write_heic, "photo.heic"),
        (images.write_heic, "sent.jpg"),
        (lambda path: images.write_heic(path, is_lying=True), "lying.heic"),
        (images.write_page, "photo.avif"),
        (images.write_page, "scan.jp2"),
    ],
)
def test_an_odd_image_is_read(tmp_path: Path, write: Write, name: str) -> None:
    write(tmp_path / name)
    outcome = run_real(tmp_path)[name]
    assert outcome.state is ItemState.COMPLETED, outcome.error
    text = read_result(outcome.result_files[0]).text
    for line in images.LINES:
        assert line in text


def test_what_is_named_is_told_by_its_content(tmp_path: Path) -> None:
    """Extensions lie, or are missing; in a folder only names with an extension of images count."""
    page = images.write_page(tmp_path / "page.png")
    names = ["scan.dat", "letter.txt", "picture.jpg"]
    paths = [page.with_name(name) for name in names]
    for path in paths:
        path.write_bytes(page.read_bytes())
    app = build_application(serial=True)
    job = app.jobs.create(list(find_images(paths, recursive=True)), RunOptions())
    app.jobs.start(job.id)
    outcomes = [record.outcome for record in app.jobs.items(job.id)]
    assert [outcome and outcome.state for outcome in outcomes] == [ItemState.COMPLETED] * len(names)


def test_a_file_of_several_pages_says_that_only_the_first_was_read(tmp_path: Path) -> None:
    images.write_animated(tmp_path / "pages.tif")
    images.write_animated(tmp_path / "frames.gif")
    outcomes = run_real(tmp_path)
    assert outcomes["pages.tif"].state is ItemState.COMPLETED
    assert outcomes["pages.tif"].reason == "Only the first of its pages was read."
    assert outcomes["frames.gif"].reason == ""


def test_a_file_that_is_gone_when_its_turn_comes(tmp_path: Path, make_images: MakeImages) -> None:
    paths = make_images(tmp_path, 3)
    app = build_application(engines=[SLOW], serial=True)
    job = app.jobs.create([FoundImage(str(path), str(tmp_path)) for path in paths], RunOptions())

    def delete(event: Event) -> None:
        if isinstance(event, ItemStarted) and event.item_id == 0:
            paths[2].unlink()

    app.jobs.subscribe(delete)
    finished = app.jobs.start(job.id)
    assert finished.state is JobState.COMPLETED_WITH_ERRORS
    (failed,) = app.jobs.items(job.id, states={ItemState.FAILED})
    assert failed.outcome is not None
    assert failed.outcome.error_kind == "image-missing"
    assert "scan 0002.png" in failed.outcome.error


def test_a_file_that_changes_while_it_is_read_is_read_again(tmp_path: Path, make_images: MakeImages) -> None:
    (path,) = make_images(tmp_path, 1)
    (newer,) = make_images(tmp_path / "newer", 1, marked={0})
    app = build_application(engines=[SLOW], serial=False)
    job = app.jobs.create([FoundImage(str(path), str(tmp_path))], RunOptions(jobs=1))
    timers: list[threading.Timer] = []

    def change(event: Event) -> None:
        if isinstance(event, ItemStarted) and event.attempt == 1:
            timers.append(threading.Timer(0.07, newer.replace, args=(path,)))
            timers[0].start()

    app.jobs.subscribe(change)
    app.jobs.start(job.id)
    timers[0].join()
    (record,) = app.jobs.items(job.id)
    assert record.outcome is not None
    assert record.outcome.state is ItemState.COMPLETED
    assert read_result(record.outcome.result_files[0]).pages[0].width == 13


def test_two_images_of_one_stem_have_results_of_their_own(tmp_path: Path) -> None:
    images.write_page(tmp_path / "page.png")
    images.write_page(tmp_path / "page.jpg", images.OTHER_LINES)
    outcomes = run_real(tmp_path)
    png, jpg = (read_result(outcomes[name].result_files[0]) for name in ("page.png", "page.jpg"))
    assert images.LINES[0] in png.text
    assert images.OTHER_LINES[0] in jpg.text
    assert {outcome.state for outcome in run_real(tmp_path).values()} == {ItemState.SKIPPED}


def test_an_image_that_joins_its_stem_later_shares_nothing(tmp_path: Path) -> None:
    images.write_page(tmp_path / "page.png")
    first = run_real(tmp_path)["page.png"]
    images.write_page(tmp_path / "page.jpg", images.OTHER_LINES)
    outcomes = run_real(tmp_path)
    assert (outcomes["page.png"].state, outcomes["page.jpg"].state) == (
        ItemState.SKIPPED,
        ItemState.COMPLETED,
    )
    assert outcomes["page.png"].result_files == first.result_files
    assert not set(first.result_files) & set(outcomes["page.jpg"].result_files)


def test_an_image_too_big_for_the_limit_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    images.write_bomb(tmp_path / "bomb.png", side=5_000)
    app = build_application(serial=True)
    job = app.jobs.create(list(find_images([tmp_path], recursive=True)), RunOptions(max_megapixels=10))
    app.jobs.start(job.id)
    (record,) = app.jobs.items(job.id)
    assert record.outcome is not None
    assert record.outcome.error_kind == "image-too-large"


permissions_count = pytest.mark.skipif(
    sys.platform == "win32" or (os.getuid() == 0 and not shutil.which("setpriv")),
    reason="needs POSIX permissions and, for root, setpriv",
)


@permissions_count
class TestPermissions:
    """Without the special right of root to read and write everything."""

    def run(self, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        rights = "-dac_override,-dac_read_search"
        drop = ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}"] if os.getuid() == 0 else []
        return subprocess.run(
            [*drop, *command_line(*arguments)], capture_output=True, text=True, timeout=60, check=False
        )

    def test_an_unreadable_file_fails_alone(self, tmp_path: Path) -> None:
        images.write_page(tmp_path / "good.png").chmod(0o644)
        images.write_page(tmp_path / "secret.png").chmod(0)
        done = self.run("run", tmp_path, "--json")
        assert done.returncode == 1, done.stderr
        failed = [item for item in json.loads(done.stdout)["items"] if item["status"] == "failed"]
        assert [Path(item["path"]).name for item in failed] == ["secret.png"]
        assert "not allowed to read" in failed[0]["error"]

    def test_a_read_only_folder_is_refused_before_anything_starts(self, tmp_path: Path) -> None:
        images.write_page(tmp_path / "good.png").chmod(0o644)
        tmp_path.chmod(0o555)
        done = self.run("run", tmp_path)
        assert done.returncode == 5, done.stderr
        assert str(tmp_path) in done.stderr
        assert "--output-dir" in done.stderr
        tmp_path.chmod(0o755)
        assert [path.name for path in tmp_path.iterdir()] == ["good.png"]


def test_an_output_folder_below_a_file_is_refused(tmp_path: Path, make_images: MakeImages) -> None:
    paths = make_images(tmp_path, 1)
    app = build_application(engines=[NOOP], serial=True)
    options = RunOptions(output_dir=str(paths[0] / "out"))
    with pytest.raises(OutputNotWritableError):
        app.jobs.create([FoundImage(str(paths[0]), str(tmp_path))], options)


@pytest.mark.scans
def test_the_hostile_collection_never_kills_the_batch(tmp_path: Path, shared_data: Path) -> None:
    """All files that break programs, in worker processes with a time limit: each ends with a sentence."""
    hostile = shared_data / "hostile"
    paths = [path for path in sorted(hostile.iterdir()) if path.suffix not in {".jsonl", ".md"}]
    app = build_application()
    options = RunOptions(output_dir=str(tmp_path), timeout=20, jobs=2)
    job = app.jobs.create([FoundImage(str(path), str(hostile)) for path in paths], options)
    finished = app.jobs.start(job.id)
    assert finished.stats.completed + finished.stats.failed == len(paths)
    for record in app.jobs.items(job.id):
        assert record.outcome is not None
        if record.state is ItemState.FAILED:
            assert record.outcome.error.endswith(".")
            assert record.outcome.error_kind not in {"unexpected", "worker-lost"}, record.outcome.error
        else:
            assert read_result(record.outcome.result_files[0]).source.name == record.item.name
