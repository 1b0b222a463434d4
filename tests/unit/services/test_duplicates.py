"""Duplicates: every copy is found, nothing else is called one, and no time is wasted on it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.services import duplicates
from ocr_desktop.services.duplicates import Copies, copies_notice, find_copies
from ocr_desktop.services.image_survey import ImageFacts, survey_images
from tests.fakes.privileges import needs_permissions, open_folder, unprivileged

BIG = 200_000
"""Bytes; more than are compared at first."""


def never() -> bool:
    return False


def search(folder: Path, contents: dict[str, bytes], is_late: Callable[[], bool] = never) -> dict[str, str]:
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    survey = survey_images([str(folder / name) for name in contents], is_late=never)
    copies = find_copies(survey.images, is_late=is_late)
    return {Path(copy).name: Path(original).name for copy, original in copies.originals.items()}


def test_copies_point_to_the_first_of_their_content(tmp_path: Path) -> None:
    contents = {"a": b"one", "b": b"two", "c": b"one", "d": b"one", "e": b"two", "f": b"other"}

    assert search(tmp_path, contents) == {"c": "a", "d": "a", "e": "b"}


def test_large_images_are_compared_to_the_end(tmp_path: Path) -> None:
    same = bytes(BIG)

    assert search(tmp_path, {"a": same, "b": same[:-1] + b"x", "c": same}) == {"c": "a"}


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537])
def test_sizes_around_the_first_look(tmp_path: Path, size: int) -> None:
    same = bytes(size)

    assert search(tmp_path, {"a": same, "b": same[:-1] + b"x", "c": same}) == {"c": "a"}


def test_empty_files_are_no_copies(tmp_path: Path) -> None:
    assert search(tmp_path, {"a": b"", "b": b""}) == {}


@given(contents=st.lists(st.sampled_from([b"a", b"b", b"aa", b"ab", b""]), max_size=12))
def test_exactly_the_copies_are_found(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("copies")

    found = search(folder, {f"{number}": content for number, content in enumerate(contents)})

    expected = {
        f"{number}": f"{contents.index(content)}"
        for number, content in enumerate(contents)
        if content and contents.index(content) != number
    }
    assert found == expected


@needs_permissions
def test_what_cannot_be_read_is_passed_over() -> None:
    with open_folder() as folder:
        for name in "abc":
            (folder / name).write_bytes(b"same")
        (folder / "a").chmod(0)
        images = survey_images([str(folder / name) for name in "abc"], is_late=never).images
        with unprivileged():
            copies = find_copies(images, is_late=never)

    assert copies == Copies({str(folder / "c"): str(folder / "b")}, is_complete=True)


def test_a_search_that_takes_too_long_is_broken_off(tmp_path: Path) -> None:
    answers = iter([False] * 4 + [True] * 100)
    images = [ImageFacts(str(tmp_path / name), 4, is_placeholder=False) for name in "abcdef"]
    for image in images:
        Path(image.path).write_bytes(b"same")

    copies = find_copies(images, is_late=lambda: next(answers))

    assert not copies.is_complete
    assert set(copies.originals.values()) == {images[0].path}
    assert 0 < len(copies.originals) < 5


def test_a_search_in_very_many_files_is_broken_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "_MOST_READS", 3)
    images = [ImageFacts(str(tmp_path / name), 4, is_placeholder=False) for name in "abcdef"]
    for image in images:
        Path(image.path).write_bytes(b"same")

    copies = find_copies(images, is_late=never)

    assert (len(copies.originals), copies.is_complete) == (2, False)


def test_what_is_said_of_copies() -> None:
    def notice(*pairs: tuple[str, str]) -> str:
        return copies_notice(Copies(dict(pairs), is_complete=True))

    folder = Path("/scans")
    one, two, three, four = ((str(folder / name), str(folder / "a.png")) for name in "bcde")
    assert notice() == ""
    assert notice(one) == "1 image is a copy of another: “b” = “a.png”. Each gets a result of its own."
    assert notice(one, two, three, four) == (
        "4 images are copies of others: “b” = “a.png”, “c” = “a.png”, “d” = “a.png”, .... Each gets a result "
        "of its own."
    )
    elsewhere = (str(folder / "x" / "a.png"), str(folder / "y" / "a.png"))
    assert f"“{Path('x/a.png')}” = “{Path('y/a.png')}”" in notice(elsewhere)
