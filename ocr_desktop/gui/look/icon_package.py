"""The icon package, without what it would import on the way and never use.

WORKAROUND: qtawesome finds Qt by way of qtpy, whose modules import every single class of Qt. That took a
sixth of the time until the window was there. Qt's own modules have all that qtawesome asks them for.
"""

import sys

from PySide6 import QtCore, QtGui, QtWidgets

for _module in (QtCore, QtGui, QtWidgets):
    sys.modules.setdefault(f"qtpy.{_module.__name__.rpartition('.')[2]}", _module)

import qtawesome  # noqa: E402 - after the above

__all__ = ["qtawesome"]
