"""Shared names: images of one folder whose names differ in the extension only.

Their results are named after the full file names (see ``domain/naming.py``), which surprises whoever looks
for ``a_ocr_results.json``.
"""

import os
from collections.abc import Sequence
from typing import Final

from ocr_desktop.domain.items import ImageItem
from ocr_desktop.domain.naming import fold, one_line, printable, split_extension

_MOST_NAMED: Final = 3


def shared_names_notice(items: Sequence[ImageItem]) -> str:
    """Return what to tell the user about images that share a name; empty if there are none."""
    shared = {_key(item): _stem(item) for item in items if _is_named_in_full(item)}
    if not shared:
        return ""
    count = sum(_key(item) in shared for item in items)
    names = list(dict.fromkeys(f"“{one_line(printable(stem))}”" for stem in shared.values()))
    if count == 1:
        return (
            f"1 image shares the name {names[0]} with another one in its folder; its results are named after "
            "the full file name."
        )
    if len(shared) == 1:
        return (
            f"{count:,} images share the name {names[0]}; their results are named after the full file names."
        )
    more = ", ..." if len(names) > _MOST_NAMED else ""
    return (
        f"{count:,} images share their names with others in their folders ({', '.join(names[:_MOST_NAMED])}"
        f"{more}); their results are named after the full file names."
    )


def _is_named_in_full(item: ImageItem) -> bool:
    return item.result_stems[0] == item.name != _stem(item)


def _stem(item: ImageItem) -> str:
    return split_extension(item.name)[0]


def _key(item: ImageItem) -> tuple[str, str]:
    return os.path.dirname(item.path), fold(_stem(item))
