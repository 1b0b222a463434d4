"""Which results pass the filters, and in which order: also of 100,000, without the window waiting for it.

Sorting is done in small stretches that are merged, because one long sort would hold up every other thread.
No Qt in here.
"""

import heapq
from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any

import msgspec

from ocr_desktop.domain.items import ItemOutcome, ItemRecord
from ocr_desktop.domain.states import ItemState
from ocr_desktop.services.natural_order import natural_key

NO_OUTCOME = ItemOutcome(item_id=-1, state=ItemState.PENDING)
_STRETCH = 4_000


class Column(IntEnum):
    """The columns."""

    STATE = 0
    NAME = 1
    CONFIDENCE = 2
    SECONDS = 3
    DETAILS = 4


class Arrangement(msgspec.Struct, frozen=True):
    """What is wanted."""

    state: ItemState | None = None
    """Only items in this state; None for any."""
    text: str = ""
    """Only items with this in their name; casefolded."""
    column: Column | None = None
    """Sorted by it; None is the order of the job."""
    is_descending: bool = False


def passes(record: ItemRecord, wanted: Arrangement) -> bool:
    """Whether an item is to be shown."""
    if wanted.state is not None and record.state is not wanted.state:
        return False
    return not wanted.text or wanted.text in record.item.name.casefold()


def arrange(records: Sequence[ItemRecord], wanted: Arrangement) -> list[int]:
    """Return the ids of the items to show, in order. Any thread."""
    shown = [record for record in records if passes(record, wanted)]
    if wanted.column is None:
        return [record.item.id for record in shown]
    key = SORT_KEYS[wanted.column]
    decorated: list[tuple[Any, int, int]] = [
        (key(record), place, record.item.id) for place, record in enumerate(shown)
    ]
    stretches = [sorted(decorated[start : start + _STRETCH]) for start in range(0, len(decorated), _STRETCH)]
    ids = [item_id for _, _, item_id in heapq.merge(*stretches)]
    return ids[::-1] if wanted.is_descending else ids


def details_of(record: ItemRecord) -> str:
    """Return why an item ended as it did, on one line."""
    outcome = record.outcome or NO_OUTCOME
    return (outcome.error or outcome.reason).replace("\n", " ")


def _confidence(record: ItemRecord) -> float:
    value = (record.outcome or NO_OUTCOME).confidence
    return -1.0 if value is None else value


SORT_KEYS: dict[Column, Callable[[ItemRecord], str | float]] = {
    Column.STATE: lambda record: record.state.value,
    Column.NAME: lambda record: natural_key(record.item.name),
    Column.CONFIDENCE: _confidence,
    Column.SECONDS: lambda record: (record.outcome or NO_OUTCOME).seconds,
    Column.DETAILS: details_of,
}
