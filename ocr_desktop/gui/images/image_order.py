"""In which order images are shown. Sorting 100,000 takes some ten milliseconds, so keys are plain values."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter

from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.images.image_entry import ImageEntry
from ocr_desktop.services.natural_order import natural_key

Key = float | str
KeyOf = Callable[[ImageEntry], Key]
Entries = Mapping[int, ImageEntry]
_ID = attrgetter("id")
_NAME = attrgetter("key")


class Order(StrEnum):
    """What images are sorted by. Where two are equal, the one that was found first comes first."""

    FOUND = "found"
    """Folder by folder, as the scan of the disk finds them."""
    NAME = "name"
    DATE = "date"
    """When the file was last modified."""
    SIZE = "size"
    """Bytes of the file."""
    STATE = "state"
    """Failed ones first, then other trouble, work, the rest, and at last what is completed."""
    CONFIDENCE = "confidence"
    """The least certain result first."""
    FOLDER = "folder"
    """By folder, and within it by name."""

    @property
    def needs_facts(self) -> bool:
        """Whether the disk has to be asked about each file."""
        return self in {Order.DATE, Order.SIZE}

    @property
    def depends_on_states(self) -> bool:
        """Whether news of a run can change the order."""
        return self in {Order.STATE, Order.CONFIDENCE}


_STATES: tuple[ItemState | None, ...] = (
    ItemState.FAILED,
    ItemState.CANCELLED,
    ItemState.SKIPPED,
    ItemState.PROCESSING,
    ItemState.PENDING,
    None,
    ItemState.COMPLETED,
)
_RANK = {state: float(rank) for rank, state in enumerate(_STATES)}


def sort(ids: Iterable[int], entries: Entries, order: Order, *, descending: bool) -> list[int]:
    """Return the ids in order. What an order cannot tell (a date unknown so far) comes last either way."""
    in_order = sorted(ids)
    if order is Order.FOUND:
        return in_order[::-1] if descending else in_order
    if order is Order.FOLDER:
        return _sorted_by_folder(in_order, entries, descending=descending)
    key = key_of(order, descending=descending)
    keys = [key(entries[image_id]) for image_id in in_order]
    places = sorted(range(len(in_order)), key=keys.__getitem__, reverse=descending)
    return [in_order[place] for place in places]


def place(
    new: Sequence[int], ids: Sequence[int], entries: Entries, order: Order, *, descending: bool
) -> list[int]:
    """Return before which positions of ``ids``, which are in order, the ``new`` ones belong.

    Args:
        new: In order among themselves.
        ids: Where they are to go.
        entries: All of them by id.
        order: The order of both.
        descending: Whether it is turned round.
    """
    first = key_of(order, descending=descending)

    def key(image_id: int) -> tuple[Key, Key, int]:
        entry = entries[image_id]
        second = entry.key if order is Order.FOLDER else ""
        return first(entry), second, -image_id if descending else image_id

    if new and ids and (key(ids[-1]) > key(new[0]) if descending else key(ids[-1]) < key(new[0])):
        return [len(ids)] * len(new)  # the usual case of a scan
    positions: list[int] = []
    low = 0
    for image_id in new:
        wanted = key(image_id)
        high = len(ids)
        while low < high:
            middle = (low + high) // 2
            there = key(ids[middle])
            if (there < wanted) if descending else (wanted < there):
                high = middle
            else:
                low = middle + 1
        positions.append(low)
    return positions


def key_of(order: Order, *, descending: bool) -> KeyOf:
    """Return the key of an order; of :attr:`Order.FOLDER` only that of the folder."""
    unknown = -math.inf if descending else math.inf
    if order is Order.FOLDER:
        return lambda entry: _folder_key(entry.folder)
    keys: dict[Order, KeyOf] = {
        Order.FOUND: lambda entry: entry.id,
        Order.NAME: lambda entry: entry.key,
        Order.DATE: lambda entry: unknown if entry.facts is None else entry.facts.modified,
        Order.SIZE: lambda entry: unknown if entry.facts is None else entry.facts.size,
        Order.STATE: lambda entry: _RANK[entry.state],
        Order.CONFIDENCE: lambda entry: unknown if entry.confidence is None else entry.confidence,
    }
    return keys[order]


@lru_cache(maxsize=100_000)
def _folder_key(folder: str) -> str:
    # A folder comes before what is below it, and before folders whose name only begins alike.
    return natural_key(folder).replace("\\", "/").replace("/", "\0\0")


def _sorted_by_folder(ids: Sequence[int], entries: Entries, *, descending: bool) -> list[int]:
    """Sort each folder by itself, and then the folders: there are few of them, and their keys are long."""
    by_folder: dict[str, list[ImageEntry]] = {}
    for entry in map(entries.__getitem__, ids):
        by_folder.setdefault(entry.folder, []).append(entry)
    by_key: dict[str, list[ImageEntry]] = {}
    for folder, inside in by_folder.items():  # two folders whose names differ in case only count as one
        by_key.setdefault(_folder_key(folder), []).extend(inside)
    in_order: list[int] = []
    for key in sorted(by_key, reverse=descending):
        inside = sorted(by_key[key], key=_ID)
        inside.sort(key=_NAME, reverse=descending)
        in_order += [entry.id for entry in inside]
    return in_order
