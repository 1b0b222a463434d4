"""Translations of the window's texts. English has one too: it holds the plural forms.

After changing a text with ``%n`` in it, bring the files up to date::

    cd ocr_desktop/gui
    pyside6-lupdate -pluralonly -locations none -no-obsolete *.py */*.py -ts translations/en.ts
    pyside6-lrelease translations/en.ts
"""

import functools
import logging
from importlib.resources import files

from PySide6.QtCore import QCoreApplication, QTranslator

_log = logging.getLogger(__name__)

_NAME = "ocr-desktop-translation"


@functools.cache
def _content() -> bytes:
    """Return the translation; remembered, because the translator only borrows the bytes."""
    return files("ocr_desktop.gui").joinpath("translations", "en.qm").read_bytes()


def install_translation(application: QCoreApplication) -> None:
    """Have ``application`` use the translation; installing it twice does nothing."""
    if application.findChild(QTranslator, _NAME) is not None:
        return
    translator = QTranslator(application)
    translator.setObjectName(_NAME)
    if translator.load(_content()):
        QCoreApplication.installTranslator(translator)
    else:
        _log.warning("The translation could not be loaded, so texts with numbers may read oddly.")
