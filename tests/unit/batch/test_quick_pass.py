"""The quick pass: says what the slow way would say, without reading a file, and else nothing."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ocr_desktop.domain.options import OutputFormat, Overwrite, Redo
from ocr_desktop.domain.states import ItemState
from tests.fakes.quick_pass_desk import (
    BOTH,
    JSON_ONLY,
    TXT_ONLY,
    Desk,
    cut,
    each_format,
    settle,
    slow_outcomes,
    timeless,
)
from tests.fakes.results import change_unnoticed

pytestmark = pytest.mark.usefixtures("large_images")
beside_and_mirrored = pytest.mark.parametrize("mirrored", [False, True], ids=["beside", "mirrored"])


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
    [cut, change_unnoticed, Path.unlink, _replace, _swap_for_folder],
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
def test_a_result_that_wascut_is_made_again_and_known_again(desk: Desk, name: str) -> None:
    desk.put("a.png")
    desk.know_all()
    cut(desk.folder / name)
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
