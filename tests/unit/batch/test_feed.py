from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.batch.feed import ItemFeed, Supply
from ocr_desktop.domain.items import ImageItem


class Pages:
    """Loads pending items like a job store, and remembers what was asked of it."""

    def __init__(self, count: int) -> None:
        self.items = [ImageItem(number, f"/{number}.png", "/", (str(number),)) for number in range(count)]
        self.loaded: list[int] = []

    def load(self, after: int, limit: int) -> list[ImageItem]:
        page = [item for item in self.items if item.id > after][:limit]
        self.loaded.append(len(page))
        return page


def drain(feed: ItemFeed) -> list[tuple[int, int]]:
    handed_out = []
    while upcoming := feed.next(now=0.0):
        item, attempt = upcoming
        handed_out.append((item.id, attempt))
    return handed_out


@given(count=st.integers(0, 120), chunk_size=st.integers(1, 50))
def test_hands_out_every_item_once_in_order(count: int, chunk_size: int) -> None:
    pages = Pages(count)
    assert drain(ItemFeed(pages.load, chunk_size)) == [(number, 1) for number in range(count)]
    assert all(size <= chunk_size for size in pages.loaded)


def test_loads_a_chunk_only_when_the_one_before_is_handed_out() -> None:
    pages = Pages(10)
    feed = ItemFeed(pages.load, 4)
    for _ in range(4):
        feed.next(now=0.0)
    assert pages.loaded == [4]
    feed.next(now=0.0)
    assert pages.loaded == [4, 4]


@given(
    chunk_size=st.integers(1, 7),
    failing=st.dictionaries(st.integers(0, 19), st.integers(1, 3), max_size=20),
)
def test_an_item_put_back_comes_again_as_its_next_attempt(chunk_size: int, failing: dict[int, int]) -> None:
    feed = ItemFeed(Pages(20).load, chunk_size)
    attempts: dict[int, list[int]] = {}
    while upcoming := feed.next(now=0.0):
        item, attempt = upcoming
        attempts.setdefault(item.id, []).append(attempt)
        if attempt <= failing.get(item.id, 0):
            feed.put_back(item, attempt + 1, 0.0)
    assert attempts == {number: list(range(1, failing.get(number, 0) + 2)) for number in range(20)}


def test_items_put_back_come_before_the_next_chunk_is_loaded() -> None:
    feed = ItemFeed(Pages(4).load, 2)
    first = feed.next(now=0.0)
    assert first is not None
    feed.put_back(first[0], 2, 0.0)
    assert drain(feed) == [(1, 1), (0, 2), (2, 1), (3, 1)]


def test_an_item_put_back_after_the_end_still_comes() -> None:
    feed = ItemFeed(Pages(1).load, 5)
    first = feed.next(now=0.0)
    assert first is not None
    assert feed.next(now=0.0) is None
    feed.put_back(first[0], 2, 0.0)
    assert drain(feed) == [(0, 2)]


def test_an_item_put_back_does_not_come_before_its_time() -> None:
    feed = ItemFeed(Pages(2).load, 5)
    first, second = feed.next(now=0.0), feed.next(now=0.0)
    assert first is not None
    assert second is not None
    feed.put_back(first[0], 2, 9.0)
    feed.put_back(second[0], 2, 4.0)
    assert feed.next(now=3.9) is None
    assert feed.next(now=4.0) == (second[0], 2)
    assert feed.next(now=8.9) is None
    assert feed.next(now=9.0) == (first[0], 2)


def test_sifts_a_little_at_a_time_however_large_the_chunk() -> None:
    """The job's gate is held meanwhile."""
    sifted: list[int] = []

    def sift(items: Sequence[ImageItem]) -> Sequence[ImageItem]:
        sifted.append(len(items))
        return [item for item in items if item.id % 60 == 0]

    pages = Pages(1000)
    feed = ItemFeed(pages.load, 1000, sift)
    assert feed.fill(now=0.0) is Supply.AT_HAND
    assert sifted == [50]
    feed.next(now=0.0)
    feed.next(now=0.0)
    assert drain(feed) == [(number, 1) for number in range(120, 1000, 60)]
    assert sum(sifted) == 1000
    assert max(sifted) <= 100
    assert pages.loaded[0] == 1000


def test_tells_that_a_slice_was_passed_over() -> None:
    feed = ItemFeed(Pages(120).load, 1000, lambda _items: [])
    assert [feed.fill(now=0.0) for _ in range(4)] == [Supply.MORE] * 3 + [Supply.NONE]
