"""Item planning: ids, names that allow for siblings, and mirrored output trees."""

import ntpath
from pathlib import Path
from types import SimpleNamespace

import pytest

from ocr_desktop.domain.items import FoundImage
from ocr_desktop.services import item_planner
from ocr_desktop.services.discovery import find_images
from ocr_desktop.services.item_planner import plan_items


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def best_stems(*paths: Path) -> list[str]:
    return [item.result_stems[0] for item in plan_items(list(find_images(paths, recursive=True)), None)]


def output_dirs(images: list[FoundImage], output_dir: str) -> list[str]:
    return [item.output_dir for item in plan_items(images, output_dir)]


def test_items_are_numbered_in_the_order_of_the_images(tmp_path: Path) -> None:
    touch(tmp_path, "2.png", "10.png", "sub/1.png")
    images = list(find_images([tmp_path], recursive=True))

    items = plan_items(images, None)

    assert [item.id for item in items] == [0, 1, 2]
    assert [item.path for item in items] == [image.path for image in images]
    assert [item.output_dir for item in items] == [str(tmp_path), str(tmp_path), str(tmp_path / "sub")]


def test_no_images_no_items() -> None:
    assert plan_items([], None) == []
    assert plan_items([], "/out") == []


def test_images_of_different_folders_do_not_disturb_each_other(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "sub/a.png")

    assert best_stems(tmp_path) == ["a", "a"]


def test_siblings_that_are_not_in_the_batch_count(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "a.png", "b.jpg", "b.txt")

    assert best_stems(tmp_path / "a.jpg", tmp_path / "b.jpg") == ["a.jpg", "b"]


def test_siblings_count_in_an_output_tree_too(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "a.png")
    images = [FoundImage(str(tmp_path / "a.jpg"), str(tmp_path))]

    assert plan_items(images, str(tmp_path / "out"))[0].result_stems[0] == "a.jpg"


def test_an_image_named_in_another_spelling_is_not_its_own_sibling(tmp_path: Path) -> None:
    touch(tmp_path, "Scan.JPG")
    named = tmp_path / "scan.jpg"
    if not named.exists():  # what a file system that ignores case shows by itself
        named.hardlink_to(tmp_path / "Scan.JPG")

    assert best_stems(named) == ["scan"]


def test_two_files_that_differ_by_case_are_two_images(tmp_path: Path) -> None:
    touch(tmp_path, "Scan.JPG", "scan.jpg")
    if len(list(tmp_path.iterdir())) == 1:
        pytest.skip("this file system ignores case")

    assert best_stems(tmp_path / "scan.jpg")[0].startswith("scan.jpg~")


# --- mirrored trees ---------------------------------------------------------------------------------------


def test_one_folder_is_mirrored_from_its_root() -> None:
    images = [FoundImage("/scans/a.png", "/scans"), FoundImage("/scans/x/y/b.png", "/scans")]

    assert output_dirs(images, "/out") == ["/out", "/out/x/y"]


def test_several_folders_are_mirrored_from_what_they_share() -> None:
    images = [
        FoundImage("/data/one/a.png", "/data/one"),
        FoundImage("/data/two/sub/a.png", "/data/two"),
        FoundImage("/data/c.png", "/data"),
    ]

    assert output_dirs(images, "/out") == ["/out/one", "/out/two/sub", "/out"]


def test_folders_of_the_same_name_do_not_meet() -> None:
    images = [FoundImage("/one/scans/a.png", "/one/scans"), FoundImage("/two/scans/a.png", "/two/scans")]

    assert output_dirs(images, "/out") == ["/out/one/scans", "/out/two/scans"]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ([r"C:\scans\a.png", r"C:\scans\x\b.png"], [r"D:\out", r"D:\out\x"]),
        ([r"C:\scans\a.png", r"E:\scans\a.png"], [r"D:\out\C\scans", r"D:\out\E\scans"]),
        ([r"C:\a.png", r"\\server\share\x\a.png"], [r"D:\out\C", r"D:\out\server_share\x"]),
    ],
)
def test_windows_drives(monkeypatch: pytest.MonkeyPatch, paths: list[str], expected: list[str]) -> None:
    monkeypatch.setattr(item_planner, "os", SimpleNamespace(path=ntpath))
    roots = [ntpath.dirname(path).removesuffix(r"\x") for path in paths]
    images = [FoundImage(path, root) for path, root in zip(paths, roots, strict=True)]

    assert output_dirs(images, r"D:\out") == expected
