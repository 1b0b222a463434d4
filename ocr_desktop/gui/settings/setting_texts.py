"""The labels and helps of the settings, listed where the tool that gathers texts for translation finds them.

They are declared in ``domain/options.py``, where nothing of Qt is known. A test compares the two.
"""

from PySide6.QtCore import QT_TRANSLATE_NOOP

TEXTS = (
    QT_TRANSLATE_NOOP("Settings", "Languages"),
    QT_TRANSLATE_NOOP("Settings", "Languages of the text, most frequent first, e.g. eng+deu."),
    QT_TRANSLATE_NOOP("Settings", "Engine"),
    QT_TRANSLATE_NOOP(
        "Settings",
        "embedded: Tesseract inside this program; system: the Tesseract installed on this"
        " machine; auto: embedded where it has the languages, else system.",
    ),
    QT_TRANSLATE_NOOP("Settings", "Page segmentation mode"),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Tesseract's page segmentation mode: 3 finds the layout, 6 takes one block of text.",
    ),
    QT_TRANSLATE_NOOP("Settings", "Existing results"),
    QT_TRANSLATE_NOOP("Settings", "skip images that have a result, overwrite it, or add a numbered suffix."),
    QT_TRANSLATE_NOOP("Settings", "Read again"),
    QT_TRANSLATE_NOOP(
        "Settings",
        "stale: with skip, read again what was read with other settings; failed: read "
        "only what failed in an earlier job.",
    ),
    QT_TRANSLATE_NOOP("Settings", "Result files"),
    QT_TRANSLATE_NOOP("Settings", "Which result files to write, e.g. json,txt."),
    QT_TRANSLATE_NOOP("Settings", "Output folder"),
    QT_TRANSLATE_NOOP(
        "Settings", "Write results into a mirrored tree under this folder, not beside the images."
    ),
    QT_TRANSLATE_NOOP("Settings", "Subfolders"),
    QT_TRANSLATE_NOOP("Settings", "Look for images in subfolders too."),
    QT_TRANSLATE_NOOP("Settings", "Workers"),
    QT_TRANSLATE_NOOP(
        "Settings", "How many images are read at the same time; one a processor core if not given."
    ),
    QT_TRANSLATE_NOOP("Settings", "Chunk size"),
    QT_TRANSLATE_NOOP("Settings", "How many images are loaded from the job and committed at a time."),
    QT_TRANSLATE_NOOP("Settings", "Retries"),
    QT_TRANSLATE_NOOP("Settings", "How often a failed image is tried again where that can help."),
    QT_TRANSLATE_NOOP("Settings", "Time limit"),
    QT_TRANSLATE_NOOP("Settings", "Seconds that one page may take before it is given up."),
    QT_TRANSLATE_NOOP("Settings", "Memory per worker"),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Megabytes that reading one image may take; a share of this machine's memory, at "
        "least 1,024, if not given.",
    ),
    QT_TRANSLATE_NOOP("Settings", "Largest image"),
    QT_TRANSLATE_NOOP("Settings", "Images of more megapixels than this are refused, to protect memory."),
)
