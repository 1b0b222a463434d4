"""Cloud placeholders: files of which only the name is on this computer, and the content in somebody's cloud.

Looking at such a file is free; opening it makes the operating system download it.
"""

import os
from collections.abc import Sequence
from typing import Final

from ocr_desktop.domain.naming import display_name

_WINDOWS_ATTRIBUTES: Final = (
    0x1000  # FILE_ATTRIBUTE_OFFLINE
    | 0x40000  # FILE_ATTRIBUTE_RECALL_ON_OPEN
    | 0x400000  # FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS
)
_MACOS_FLAG: Final = 0x40000000  # SF_DATALESS
_MOST_NAMED: Final = 3


def is_placeholder(status: os.stat_result) -> bool:
    """Whether reading the file of this status would download it (OneDrive, iCloud and the like)."""
    attributes: int = getattr(status, "st_file_attributes", 0)
    flags: int = getattr(status, "st_flags", 0)
    return bool(attributes & _WINDOWS_ATTRIBUTES or flags & _MACOS_FLAG)


def placeholder_notice(paths: Sequence[str]) -> str:
    """Return what to tell the user about images that are placeholders; empty if there are none."""
    if not paths:
        return ""
    if len(paths) == 1:
        name = display_name(paths[0])
        return f"“{name}” is only in the cloud so far. Reading it downloads it; nothing is sent."
    names = ", ".join(f"“{display_name(path)}”" for path in paths[:_MOST_NAMED])
    more = ", ..." if len(paths) > _MOST_NAMED else ""
    return (
        f"{len(paths):,} images are only in the cloud so far ({names}{more}). Reading them downloads them; "
        "nothing is sent."
    )
