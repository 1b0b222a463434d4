"""The result scan: which images have a result of an earlier day."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ocr_desktop.bootstrap import build_application
from ocr_desktop.domain.items import FoundImage
from ocr_desktop.domain.options import OutputFormat, RunOptions
from ocr_desktop.domain.states import ItemState
from ocr_desktop.services.result_scan import ResultScan
from tests.fakes.engines import NOOP

MakeImages = Callable[..., list[Path]]


def found(paths: list[Path], root: Path) -> list[FoundImage]:
    return [FoundImage(str(path), str(root)) for path in paths]


def read(images: list[FoundImage], home: Path, options: RunOptions | None = None) -> None:
    application = build_application(engines=[NOOP], serial=True, home=home)
    job = application.jobs.create(images, options or RunOptions())
    assert application.jobs.start(job.id).stats.completed == len(images)
    application.close()


def test_what_was_read_is_found_with_its_confidence(tmp_path: Path, make_images: MakeImages) -> None:
    folder = tmp_path / "in"
    images = found(make_images(folder, 3), folder)
    read(images[:2], tmp_path / "home")
    scan = ResultScan([str(folder)], None)
    first, second, third = map(scan.look, images)
    assert first is not None
    assert second is not None
    assert third is None
    assert first.state is ItemState.COMPLETED
    assert first.confidence is not None
    assert [Path(path).name for path in first.result_files] == [
        "scan 0000_ocr_results.json",
        "scan 0000_ocr_results.txt",
    ]


def test_a_result_of_text_alone_tells_too(tmp_path: Path, make_images: MakeImages) -> None:
    folder = tmp_path / "in"
    images = found(make_images(folder, 1), folder)
    read(images, tmp_path / "home", RunOptions(formats=(OutputFormat.TXT,)))
    outcome = ResultScan([str(folder)], None).look(images[0])
    assert outcome is not None
    assert outcome.result_files[0].endswith(".txt")


def test_an_image_that_was_changed_since_counts_as_not_read(tmp_path: Path, make_images: MakeImages) -> None:
    folder = tmp_path / "in"
    paths = make_images(folder, 2)
    images = found(paths, folder)
    read(images, tmp_path / "home")
    paths[0].write_bytes(paths[0].read_bytes() + b"more")
    later = paths[1].stat().st_mtime + 3600
    os.utime(paths[1], (later, later))  # of the same size, but younger than its result
    scan = ResultScan([str(folder)], None)
    assert [scan.look(image) for image in images] == [None, None]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_result_tells_nothing(tmp_path: Path, make_images: MakeImages, content: bytes) -> None:
    folder = tmp_path / "in"
    images = found(make_images(folder, 1), folder)
    (folder / "scan 0000_ocr_results.json").write_bytes(content)
    assert ResultScan([str(folder)], None).look(images[0]) is None


def test_a_result_of_another_image_is_not_taken_for_its_own(tmp_path: Path, make_images: MakeImages) -> None:
    folder = tmp_path / "in"
    first, second = found(make_images(folder, 2), folder)
    read([first], tmp_path / "home")
    shutil.copyfile(folder / "scan 0000_ocr_results.json", folder / "scan 0001_ocr_results.json")
    assert ResultScan([str(folder)], None).look(second) is None


def test_results_in_a_folder_of_their_own_are_found(tmp_path: Path, make_images: MakeImages) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    images = found([*make_images(folder, 1), *make_images(folder / "sub", 1)], folder)
    read(images, tmp_path / "home", RunOptions(output_dir=str(out)))
    assert all(ResultScan([str(folder)], str(out)).look(image) for image in images)
    assert ResultScan([str(folder)], None).look(images[0]) is None
    # Read by themselves they lie elsewhere than read together with another folder.
    together = ResultScan([str(folder), str(tmp_path / "other")], str(out))
    assert all(together.look(image) for image in images)


def test_images_of_one_stem_keep_their_results_apart(tmp_path: Path, make_images: MakeImages) -> None:
    folder = tmp_path / "in"
    (png,) = make_images(folder, 1)
    other = png.with_suffix(".PNG2.png")
    shutil.copyfile(png, other)
    images = found([png, other], folder)
    read(images, tmp_path / "home")
    scan = ResultScan([str(folder)], None)
    outcomes = [scan.look(image) for image in images]
    files = [outcome.result_files[0] for outcome in outcomes if outcome is not None]
    assert len(set(files)) == 2
