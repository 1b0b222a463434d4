"""Discovery: which images are found, in which order, and that nothing stops it."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.services.discovery import find_images, images_beside
from ocr_desktop.services.natural_order import natural_key
from tests.fakes.privileges import needs_permissions, open_folder, unprivileged

PNG = b"\x89PNG\r\n\x1a\n"


def touch(folder: Path, *names: str, content: bytes = b"") -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def found(*paths: Path, recursive: bool = True, relative_to: Path | None = None) -> list[str]:
    base = relative_to or paths[0]
    return [os.path.relpath(image.path, base) for image in find_images(paths, recursive=recursive)]


def test_natural_order_files_before_subfolders(tmp_path: Path) -> None:
    names = [
        "b/1.png",
        "b/c/1.png",
        "a 10/1.png",
        "a 9/1.png",
        "scan 10.png",
        "Scan 2.jpg",
        "scan 1.png",
        "z.png",
    ]
    touch(tmp_path, *names)

    assert found(tmp_path) == [
        "scan 1.png",
        "Scan 2.jpg",
        "scan 10.png",
        "z.png",
        "a 9/1.png",
        "a 10/1.png",
        "b/1.png",
        "b/c/1.png",
    ]


def test_names_of_equal_rank_always_come_in_the_same_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["1.png", "01.png", "001.png"]
    orders = []
    for number, order in enumerate([names, names[::-1]]):
        folder = tmp_path / str(number)
        touch(folder, *names)
        monkeypatch.setattr("ocr_desktop.services.discovery._list_folder", lambda _, order=order: (order, []))
        orders.append(found(folder))

    assert orders[0] == orders[1]


@given(st.lists(st.text(st.characters(exclude_characters="/\0"), max_size=12)))
def test_any_names_can_be_put_in_order(names: list[str]) -> None:
    keys = [natural_key(name) for name in names]

    assert all((one < other) + (other < one) + (one == other) == 1 for one in keys for other in keys)


def test_subfolders_only_where_wanted(tmp_path: Path) -> None:
    touch(tmp_path, "a.png", "b/c.png")

    assert found(tmp_path, recursive=False) == ["a.png"]
    assert found(tmp_path, recursive=True) == ["a.png", "b/c.png"]


def test_only_images_that_are_not_hidden(tmp_path: Path) -> None:
    touch(
        tmp_path, "a.PNG", "b.tif", "notes.txt", "a_ocr_results.json", ".hidden.png", ".folder/a.png", "c.pdf"
    )
    (tmp_path / "folder.png").mkdir()

    assert found(tmp_path) == ["a.PNG", "b.tif"]


def test_hidden_ones_that_are_named_are_taken(tmp_path: Path) -> None:
    touch(tmp_path, ".folder/a.png", ".hidden.png")

    assert found(tmp_path / ".folder", tmp_path / ".hidden.png", relative_to=tmp_path) == [
        ".folder/a.png",
        ".hidden.png",
    ]


@pytest.mark.parametrize(
    ("head", "is_image"),
    [
        (PNG, True),
        (b"\xff\xd8\xff\xe0", True),
        (b"II*\x00", True),
        (b"MM\x00*", True),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", True),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", True),
        (b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf", True),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isomavc1", False),  # a film
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", True),
        (b"\xff\x4f\xff\x51\x00\x2f", True),
        (b"BM\x36\x00\x0c\x00\x00\x00\x00\x00", True),
        (b"BMW, of 1974, with four doors", False),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", False),
        (b"#!/bin/sh", False),
        (b"", False),
    ],
)
def test_files_without_an_extension_are_told_by_their_first_bytes(
    tmp_path: Path, head: bytes, is_image: bool
) -> None:
    touch(tmp_path, "page", content=head)

    assert found(tmp_path) == (["page"] if is_image else [])


def test_named_files_are_always_taken(tmp_path: Path) -> None:
    touch(tmp_path, "notes.txt")
    paths = [tmp_path / "notes.txt", tmp_path / "missing.png"]

    assert found(*paths, relative_to=tmp_path) == ["notes.txt", "missing.png"]


def test_each_image_knows_through_which_folder_it_was_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path, "scans/deep/a.png", "b.png")
    monkeypatch.chdir(tmp_path)

    images = list(find_images(["scans", "b.png"], recursive=True))

    assert [(image.path, image.root) for image in images] == [
        (str(tmp_path / "scans" / "deep" / "a.png"), str(tmp_path / "scans")),
        (str(tmp_path / "b.png"), str(tmp_path)),
    ]


def test_no_image_comes_twice(tmp_path: Path) -> None:
    touch(tmp_path, "scans/a.png", "scans/b/c.png")
    scans = tmp_path / "scans"

    assert found(scans, scans / "b", scans / "a.png", scans / ".." / "scans") == ["a.png", "b/c.png"]


def test_links_that_lead_round_in_circles(tmp_path: Path) -> None:
    touch(tmp_path, "a.png", "b/c.png")
    (tmp_path / "b" / "up").symlink_to(tmp_path)
    (tmp_path / "b" / "self").symlink_to(tmp_path / "b" / "self")
    (tmp_path / "b" / "d.png").symlink_to(tmp_path / "b" / "d.png")

    problems: list[str] = []
    images = find_images([tmp_path], recursive=True, on_problem=lambda path, _: problems.append(path))

    # The link to nowhere that is called an image is one image that fails, with a reason.
    assert [Path(image.path).name for image in images] == ["a.png", "c.png", "d.png"]
    assert not problems
    assert sorted(images_beside(str(tmp_path / "b"))) == ["c.png", "d.png"]


@needs_permissions
def test_a_folder_that_cannot_be_listed_is_reported_and_passed_over() -> None:
    with open_folder() as folder:
        touch(folder, "closed/a.png", "other/b.png")
        (folder / "linked").symlink_to(folder / "closed" / "deep")
        (folder / "closed").chmod(0)
        problems: list[tuple[str, OSError]] = []
        with unprivileged():
            images = list(
                find_images([folder], recursive=True, on_problem=lambda *problem: problems.append(problem))
            )
            assert images_beside(str(folder / "closed")) == []

    assert [Path(image.path).name for image in images] == ["b.png"]
    ((path, error),) = problems
    assert path == str(folder / "closed")
    assert isinstance(error, PermissionError)


def test_images_stream_before_the_last_folder_is_listed(tmp_path: Path) -> None:
    touch(tmp_path, "a/1.png", "b/1.png")

    images = find_images([tmp_path], recursive=True)
    first = next(images)
    touch(tmp_path, "b/2.png")
    rest = list(images)

    assert [os.path.relpath(image.path, tmp_path) for image in [first, *rest]] == [
        "a/1.png",
        "b/1.png",
        "b/2.png",
    ]


def test_a_folder_that_disappears_meanwhile_is_reported(tmp_path: Path) -> None:
    touch(tmp_path, "a/1.png")
    (tmp_path / "b").mkdir()
    problems: list[str] = []

    images = find_images([tmp_path], recursive=True, on_problem=lambda path, _: problems.append(path))
    next(images)
    (tmp_path / "b").rmdir()

    assert list(images) == []
    assert problems == [str(tmp_path / "b")]


def test_images_beside(tmp_path: Path) -> None:
    touch(tmp_path, "a.png", ".hidden.jpg", "notes.txt", "sub/b.png")

    assert sorted(images_beside(str(tmp_path))) == [".hidden.jpg", "a.png"]
    assert images_beside(str(tmp_path / "missing")) == []
