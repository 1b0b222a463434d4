"""How images would be read, in a few words; and options that follow from others."""

import msgspec
from PySide6.QtCore import QCoreApplication

from ocr_desktop.domain.naming import printable
from ocr_desktop.domain.options import Overwrite, Redo, RunOptions
from ocr_desktop.gui.settings.presets import preset_words
from ocr_desktop.gui.settings.window_settings import WindowSettings

_LONGEST_PATH = 40
"""Characters of a folder in the summary."""


def summarize(settings: WindowSettings) -> str:
    """Return in a few words how images would be read, after the name of the preset if one was chosen."""
    options = settings.options
    words = [
        preset_words(settings.presets, settings.preset, options),
        options.language_code,
        _which(options),
        _place(options),
    ]
    return " · ".join(filter(None, words))


def reading_anew(options: RunOptions) -> RunOptions:
    """Return the options with which nothing is passed over, for images whose results are known to be bad.

    A text that was cut off lies beside a result that is sound as far as skipping goes.
    """
    overwrite = Overwrite.OVERWRITE if options.overwrite is Overwrite.SKIP else options.overwrite
    return msgspec.structs.replace(options, overwrite=overwrite, redo=Redo.NONE)


def _which(options: RunOptions) -> str:
    if options.redo is Redo.FAILED:
        return QCoreApplication.translate("OptionsSummary", "only what failed before is read")
    return {
        Overwrite.SKIP: QCoreApplication.translate("OptionsSummary", "images with a result are skipped"),
        Overwrite.OVERWRITE: QCoreApplication.translate("OptionsSummary", "results are overwritten"),
        Overwrite.SUFFIX: QCoreApplication.translate("OptionsSummary", "new results get a number"),
    }[options.overwrite]


def _place(options: RunOptions) -> str:
    if not options.output_dir:
        return QCoreApplication.translate("OptionsSummary", "results go beside the images")
    return QCoreApplication.translate("OptionsSummary", "results go to {folder}").format(
        folder=_shortened(printable(options.output_dir))
    )


def _shortened(path: str) -> str:
    """Return the end of a long path, which says more than its beginning."""
    return path if len(path) <= _LONGEST_PATH else f"…{path[-_LONGEST_PATH:]}"
