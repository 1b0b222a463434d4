"""Names of result files: no two images of one folder ever share one, whatever the images are called."""

import os
import unicodedata
from itertools import combinations
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocr_desktop.domain.naming import plan_stems, printable, result_name, split_extension

LONGEST_NAME = 255
"""Bytes, on the usual file systems."""

_stems = st.one_of(
    st.sampled_from(
        ["a", "A", "a.jpg", "a.jpg.png", ".a", "..a", "scan.1", "Straße", "STRASSE", "ﬁn", "FIN"]
    ),
    st.sampled_from(["é", "e\u0301", "É", "a b", "-a", "a\nb", "a\udcff", "a\udcfe", "x" * 230, "x" * 231]),
    st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), max_size=8),
)
_extensions = st.sampled_from(["", ".jpg", ".JPG", ".png", ".", ".1", ".j\u0301pg"])
_names = st.builds(str.__add__, _stems, _extensions).filter(
    lambda name: name not in {"", ".", ".."} and len(os.fsencode(name)) <= LONGEST_NAME
)
_folders = st.lists(_names, unique=True, max_size=12)


def as_file_systems_compare(name: str) -> set[str]:
    """The spellings by which some file system might take two names for one."""
    forms = (unicodedata.normalize(form, name) for form in ("NFC", "NFD"))
    return {change(form) for form in forms for change in (str, str.lower, str.casefold)}


@given(_folders)
@example(["a.jpg", "a.png", "a.jpg.png", "a"])
@example(["x" * 240 + ".jpg", "x" * 240 + ".png", "x" * 241 + ".png"])
def test_no_two_images_share_a_name(names: list[str]) -> None:
    plan = plan_stems(names)

    spellings = {
        name: set().union(*(as_file_systems_compare(result_name(stem, "json")) for stem in stems))
        for name, stems in plan.items()
    }
    for one, other in combinations(names, 2):
        assert not spellings[one] & spellings[other]


@given(_folders)
def test_each_image_has_names_that_fit(names: list[str]) -> None:
    plan = plan_stems(names)

    assert set(plan) == set(names)
    for stems in plan.values():
        assert stems
        assert len(set(stems)) == len(stems)
        for stem in stems:
            longest = result_name(stem, "json", 99_999)
            assert len(os.fsencode(longest)) <= LONGEST_NAME
            assert "/" not in longest


@given(_folders, st.randoms(use_true_random=False))
def test_names_depend_on_nothing_but_the_set(names: list[str], random: Random) -> None:
    shuffled = [*names, *names[:3]]
    random.shuffle(shuffled)

    assert plan_stems(shuffled) == plan_stems(names)


@given(_folders, st.integers(1, 50), st.integers(1, 50))
def test_numbered_names_never_meet(names: list[str], number: int, other_number: int) -> None:
    plan = plan_stems(names)
    for one, other in combinations(names, 2):
        ours = {result_name(stem, "json", number) for stem in plan[one]}
        assert not ours & {result_name(stem, "json", other_number) for stem in plan[other]}


@pytest.mark.parametrize(
    ("names", "best"),
    [
        (["a.jpg"], ["a"]),
        (["Scan.JPG"], ["Scan"]),
        (["a.jpg", "a.png"], ["a.jpg", "a.png"]),
        (["a.jpg", "A.PNG"], ["a.jpg", "A.PNG"]),
        (["scan.1.png", "scan.2.png"], ["scan.1", "scan.2"]),
        (["a", "a.jpg"], ["a", "a.jpg"]),
        (["a.jpg", "a.jpg.png"], ["a", "a.jpg.png"]),
        ([".jpg", ".hidden.png"], [".jpg", ".hidden"]),
        (["page"], ["page"]),
        (["é.jpg", "e\u0301.png"], ["é.jpg", "e\u0301.png"]),
        (["a\udcff.jpg"], ["a\udcff"]),
    ],
)
def test_examples(names: list[str], best: list[str]) -> None:
    plan = plan_stems(names)

    assert [plan[name][0] for name in names] == best


def test_names_that_differ_by_case_alone_get_a_hash() -> None:
    plan = plan_stems(["a.jpg", "A.jpg"])

    assert plan["a.jpg"][0].startswith("a.jpg~")
    assert plan["A.jpg"][0].startswith("A.jpg~")


def test_names_that_only_windows_knows_are_planned_too() -> None:
    lone_surrogate = "a\ud800.png"

    assert plan_stems([lone_surrogate])[lone_surrogate][0] == "a\ud800"


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, "a_ocr_results.json"), (2, "a_ocr_results_2.json"), (12, "a_ocr_results_12.json")],
)
def test_result_names_are_numbered_from_the_second(number: int, expected: str) -> None:
    assert result_name("a", "json", number) == expected


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("scan.1.png", ("scan.1", ".png")),
        ("page", ("page", "")),
        (".hidden", (".hidden", "")),
        ("..png", ("..png", "")),
        (".hidden.png", (".hidden", ".png")),
    ],
)
def test_extensions_begin_at_the_last_dot(name: str, parts: tuple[str, str]) -> None:
    assert split_extension(name) == parts


def test_printable_paths_are_text() -> None:
    assert printable("/é/日𝒳.png") == "/é/日𝒳.png"
    for surrogate in (chr(0xDCFF), chr(0xD800)):  # of a byte that is no text; of a Windows name
        assert printable(f"a{surrogate}b") == "a�b"
