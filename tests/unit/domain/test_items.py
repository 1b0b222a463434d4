"""Items: their names, and statistics that always add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.domain.errors import BugError
from ocr_desktop.domain.items import ImageItem, JobStats
from ocr_desktop.domain.states import ItemState


@given(st.dictionaries(st.sampled_from(ItemState), st.integers(0, 10**6)))
def test_statistics_add_up(counts: dict[ItemState, int]) -> None:
    stats = JobStats.from_counts(counts)

    assert stats.total == sum(counts.values()) == stats.done + stats.remaining
    assert all(stats.of(state) == counts.get(state, 0) for state in ItemState)


@pytest.mark.parametrize("total", [2, 4])
def test_statistics_that_do_not_add_up_are_refused(total: int) -> None:
    with pytest.raises(BugError, match="3 items by state"):
        JobStats(total=total, pending=1, failed=2)


def test_done_and_remaining() -> None:
    stats = JobStats(total=21, pending=1, processing=2, completed=3, failed=4, skipped=5, cancelled=6)

    assert (stats.done, stats.remaining) == (18, 3)


def test_the_name_of_an_item_is_that_of_its_file() -> None:
    assert ImageItem(0, "/scans/a b.png", "/out", ("a b",)).name == "a b.png"
