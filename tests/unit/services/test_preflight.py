"""The preflight: what the user is told of a job before it starts, and that this costs next to nothing."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from ocr_desktop.domain.items import FoundImage, ImageItem
from ocr_desktop.domain.options import OutputFormat, RunOptions
from ocr_desktop.services import duplicates, result_space
from ocr_desktop.services.cloud_placeholders import is_placeholder, placeholder_notice
from ocr_desktop.services.image_survey import survey_images
from ocr_desktop.services.item_planner import plan_items
from ocr_desktop.services.preflight import look_ahead

MB = 1_000_000


def plan(folder: Path, *names: str) -> list[ImageItem]:
    """Write images of these names, each of another size, and plan a job of them."""
    paths = [folder / name for name in names]
    for number, path in enumerate(paths):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_bytes(b"x" * (number + 1))
    return plan_items([FoundImage(str(path), str(folder)) for path in paths], None)


@pytest.fixture
def free_space(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that says how much is free on every disk."""

    def install(free: int, total: int = 10**12) -> None:
        usage = SimpleNamespace(total=total, used=total - free, free=free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)

    return install


def test_an_ordinary_job_gives_no_notice(tmp_path: Path) -> None:
    assert look_ahead(plan(tmp_path, "a.png", "b.png", "sub/a.png"), RunOptions()) == ()


def test_images_are_only_read_where_sizes_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = plan(tmp_path, "a.png", "b.png", "c.png")
    monkeypatch.setattr(duplicates, "open", raising=False, value=lambda *_: pytest.fail("a file was opened"))

    assert look_ahead(items, RunOptions()) == ()


def test_each_image_is_looked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = plan(tmp_path, "a.png", "b.jpg", "b.png", "sub/c.png")
    looks: list[str] = []
    look = os.stat

    def count(path: str, **options: object) -> os.stat_result:
        looks.append(path)
        return look(path, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "stat", count)
    look_ahead(items, RunOptions())

    images = {item.path for item in items}
    assert sorted(path for path in looks if path in images) == sorted(images)


def test_images_that_are_gone_are_passed_over(tmp_path: Path) -> None:
    items = plan(tmp_path, "a.png", "b.png")
    Path(items[0].path).unlink()

    assert look_ahead(items, RunOptions()) == ()


def test_a_look_that_takes_too_long_is_cut_off_and_says_so(tmp_path: Path) -> None:
    items = plan(tmp_path, *(f"{number}.png" for number in range(50)))
    seconds = iter(range(1000))

    notices = look_ahead(items, RunOptions(), clock=lambda: float(next(seconds)))

    assert notices == (
        "To begin soon, not all images were compared with each other; there may be more copies among them.",
    )
    assert next(seconds) < 10, "it went on after its time was over"


# --- space ------------------------------------------------------------------------------------------------


def test_enough_space_is_not_worth_a_word(tmp_path: Path, free_space: Callable[..., None]) -> None:
    free_space(2 * MB)

    assert look_ahead(plan(tmp_path, "a.png"), RunOptions()) == ()


def test_scarce_space_is_foretold(tmp_path: Path, free_space: Callable[..., None]) -> None:
    items = plan(tmp_path, "a.png") * 1000
    free_space(3 * MB)

    (notice, *_) = look_ahead(items, RunOptions())

    assert notice == (
        f"About 24 MB of results are expected, and only 3 MB are free on the disk of “{tmp_path}”. Should it "
        "fill up, the job pauses until there is space."
    )


def test_text_alone_takes_less_space(tmp_path: Path, free_space: Callable[..., None]) -> None:
    items = plan(tmp_path, "a.png") * 1000
    free_space(5 * MB)

    assert result_space.space_notice(items, RunOptions(formats=(OutputFormat.TXT,))) == ""
    assert result_space.space_notice(items, RunOptions(formats=(OutputFormat.JSON,)))


def test_without_any_space_a_pause_is_announced(tmp_path: Path, free_space: Callable[..., None]) -> None:
    items = plan(tmp_path, "a.png")
    free_space(MB - 1)

    options = RunOptions(output_dir=str(tmp_path / "not" / "yet"))
    (notice,) = look_ahead(items, options)

    assert re.fullmatch(r"The disk of “.*” is full: the job pauses at the first image .*", notice)


def test_a_disk_that_does_not_tell_its_size_is_trusted(
    tmp_path: Path, free_space: Callable[..., None]
) -> None:
    free_space(0, total=0)

    assert look_ahead(plan(tmp_path, "a.png"), RunOptions()) == ()


def test_the_results_of_one_disk_are_added_up(tmp_path: Path, free_space: Callable[..., None]) -> None:
    items = plan(tmp_path, *(f"{number}/a.png" for number in range(100)))
    free_space(2 * MB)

    assert result_space.space_notice(items, RunOptions()).startswith("About 2 MB of results")


# --- names ------------------------------------------------------------------------------------------------


def test_images_that_share_a_name(tmp_path: Path) -> None:
    assert look_ahead(plan(tmp_path, "a.jpg", "a.png", "b.png"), RunOptions()) == (
        "2 images share the name “a”; their results are named after the full file names.",
    )


def test_names_of_several_folders_that_are_shared(tmp_path: Path) -> None:
    names = [
        f"{folder}/{name}" for folder in "pq" for stem in "abcd" for name in (f"{stem}.jpg", f"{stem}.png")
    ]

    (notice,) = look_ahead(plan(tmp_path, *names), RunOptions())

    assert notice == (
        "16 images share their names with others in their folders (“a”, “b”, “c”, ...); their results are "
        "named after the full file names."
    )


def test_a_name_shared_with_an_image_that_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()

    (notice,) = look_ahead(plan(tmp_path, "a.png"), RunOptions())

    assert notice == (
        "1 image shares the name “a” with another one in its folder; its results are named after the full "
        "file name."
    )


def test_names_that_only_look_shared(tmp_path: Path) -> None:
    items = plan(tmp_path, "one/a.png", "two/a.png", "x" * 210 + ".png", "noextension")

    assert look_ahead(items, RunOptions()) == ()


# --- cloud ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, False),
        ({"st_file_attributes": 0x20}, False),
        ({"st_file_attributes": 0x400020}, True),
        ({"st_file_attributes": 0x40000}, True),
        ({"st_file_attributes": 0x1020}, True),
        ({"st_flags": 0x40000000}, True),
        ({"st_flags": 0x20}, False),
    ],
)
def test_placeholders_are_told_by_their_status(fields: dict[str, int], expected: bool) -> None:
    assert is_placeholder(SimpleNamespace(**fields)) is expected  # type: ignore[arg-type]


def test_what_is_said_of_placeholders() -> None:
    paths = [f"/cloud/{name}.png" for name in "abcd"]

    assert placeholder_notice([]) == ""
    assert placeholder_notice(paths[:1]) == (
        "“a.png” is only in the cloud so far. Reading it downloads it; nothing is sent."
    )
    assert placeholder_notice(paths) == (
        "4 images are only in the cloud so far (“a.png”, “b.png”, “c.png”, ...). Reading them downloads "
        "them; nothing is sent."
    )


def test_placeholders_are_announced_and_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = plan(tmp_path, "a.png", "b.png")
    for item in items:
        Path(item.path).write_bytes(b"the same")
    monkeypatch.setattr("ocr_desktop.services.image_survey.is_placeholder", lambda _status: True)
    monkeypatch.setattr(
        duplicates, "open", raising=False, value=lambda *_: pytest.fail("a placeholder was opened")
    )

    (notice,) = look_ahead(items, RunOptions())

    assert notice.startswith("2 images are only in the cloud so far")


# --- the look itself --------------------------------------------------------------------------------------


@pytest.mark.parametrize("by_listing", [True, False])
def test_a_survey_tells_the_same_either_way(tmp_path: Path, by_listing: bool) -> None:
    items = plan(tmp_path, "a.png", "sub/b.png", "sub/c.png", "sub/d.png")
    Path(items[2].path).unlink()
    (tmp_path / "sub" / "d.png").unlink()
    (tmp_path / "sub" / "d.png").mkdir()
    paths = [*(item.path for item in items), str(tmp_path / "no such folder" / "e.png")]

    survey = survey_images(paths, is_late=lambda: False, by_listing=by_listing)

    assert survey.is_complete
    assert [(Path(image.path).name, image.size) for image in survey.images] == [("a.png", 1), ("b.png", 2)]
