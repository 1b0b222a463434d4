"""What the commands of one call share."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from ocr_desktop.bootstrap import Application

OpenWindow = Callable[[Sequence[str]], int]
"""Opens the window on paths and returns an exit code. Passed in: the command line knows no Qt."""


class Session(msgspec.Struct, frozen=True):
    """How to get at the application and at the window; both are only made by commands that need them."""

    build: "Callable[[], Application]"
    open_window: OpenWindow
