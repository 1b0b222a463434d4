"""Which word stands where, also while a text is corrected; and which word is where on a page."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.gui.viewer.text_finding import find_all
from ocr_desktop.gui.viewer.word_index import WordIndex
from ocr_desktop.gui.viewer.word_map import WordMap, in_units, match_words


def spans_as_text(words: list[str], text: str) -> list[str | None]:
    return [None if span is None else text[slice(*span)] for span in match_words(words, text)]


def test_finds_the_words_of_its_own_text() -> None:
    assert spans_as_text(["The", "the", "cat."], "The the\n\ncat.") == ["The", "the", "cat."]


def test_follows_the_words_into_a_corrected_text() -> None:
    words = ["Tbe", "cat", "sat", "on", "tbe", "mat"]
    corrected = "The black cat sat upon the mat !"
    assert spans_as_text(words, corrected) == ["The", "cat", "sat", "upon", "the", "mat"]


def test_words_that_are_gone_have_no_place() -> None:
    assert spans_as_text(["one", "two", "three"], "one three") == ["one", None, "three"]


def test_positions_count_as_qt_does() -> None:
    (first, second) = match_words(["\U0001f600", "x"], "\U0001f600 x")
    assert (first, second) == ((0, 2), (3, 4))
    assert find_all("\U0001f600 x", "x") == [(3, 4)]


@given(st.lists(st.text("ab1\U0001f600", min_size=1, max_size=4), max_size=12))
def test_every_word_of_its_own_text_has_its_own_place(words: list[str]) -> None:
    text = " ".join(words)
    units = in_units(text)
    spans = match_words(words, text)
    assert [units[slice(*span)] for span in spans if span] == [in_units(word) for word in words]


def typed(text: str, position: int, removed: int, added: str) -> tuple[WordMap, str]:
    words = WordMap(match_words(text.split(), text))
    words.edit(position, removed, added)
    return words, text[:position] + added + text[position + removed :]


@pytest.mark.parametrize(
    ("position", "removed", "added", "expected"),
    [
        (1, 1, "OO", ["fOOo", "bar", "end"]),  # within a word
        (3, 0, "d", ["food", "bar", "end"]),  # at its end
        (4, 0, "x", ["foo", "xbar", "end"]),  # at its beginning
        (3, 1, "", ["foo", "bar", "end"]),  # two are joined
        (4, 3, "baz", ["foo", "baz", "end"]),  # one is replaced
        (5, 0, " ", ["foo", "b ar", "end"]),  # one is parted
        (3, 0, " new", ["foo", "bar", "end"]),  # another one in between
        (4, 4, "", ["foo", None, "end"]),  # one is taken out
    ],
)
def test_typing_moves_the_words(position: int, removed: int, added: str, expected: list[str | None]) -> None:
    words, text = typed("foo bar end", position, removed, added)
    spans = [words.span(number) for number in range(3)]
    assert [None if span is None else text[slice(*span)] for span in spans] == expected
    assert words.has_lost is (None in expected)


@given(st.integers(0, 20), st.integers(0, 10), st.text("ab \n", max_size=8))
def test_whatever_is_typed_words_stay_in_order_and_apart(position: int, removed: int, added: str) -> None:
    text = "one two three four five"
    position = min(position, len(text))
    removed = min(removed, len(text) - position)
    words, changed = typed(text, position, removed, added)
    spans = [span for number in range(5) if (span := words.span(number)) is not None]
    assert spans == sorted(spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    assert all(0 <= start < end <= len(changed) for start, end in spans)


def test_a_position_belongs_to_a_word() -> None:
    words = WordMap(match_words(["one", "two"], "one  two"))
    assert [words.word_at(position) for position in (0, 3, 4, 5, 8)] == [0, 0, None, 1, 1]
    assert [number for _, _, number in words.words_between(2, 6)] == [0, 1]


def test_finds_whatever_the_case_and_the_white_space() -> None:
    assert find_all("Grand\nTOTAL total", "grand total") == [(0, 11)]
    assert find_all("a.c abc", "a.c") == [(0, 3)]
    assert find_all("abc", "  ") == []


BOXES = [(0, 0, 100, 100), (10, 10, 20, 10), (500, 400, 50, 20)]


def test_the_smallest_box_at_a_point_is_the_word() -> None:
    index = WordIndex(BOXES, 1000, 800)
    assert index.at(15, 15) == 1
    assert index.at(80, 80) == 0
    assert index.at(200, 200) is None
    assert index.at(497, 398) is None
    assert index.at(497, 398, slack=4) == 2


def test_what_is_seen_of_a_page() -> None:
    index = WordIndex(BOXES, 1000, 800)
    assert index.within(450, 350, 600, 500) == {2}
    assert index.within(0, 0, 1000, 800) == {0, 1, 2}
