"""The words of settings, in the user's language; labels and helps come from the declaration of a setting."""

from PySide6.QtCore import QCoreApplication

from ocr_desktop.domain.options import EngineChoice, Overwrite, Redo

_CONTEXT = "Settings"


def setting_text(text: str) -> str:
    """Return the label or the help of a setting in the user's language.

    The texts are declared in the core, which knows no translation; ``setting_texts.py`` lists them for it.
    """
    translated = QCoreApplication.translate(_CONTEXT, text)
    return f"{translated[:1].upper()}{translated[1:]}"


def choice_words(name: str) -> dict[str, str]:
    """Return what to call the choices of a setting; the bare choices are no sentences, and no help.

    Args:
        name: The setting's name.
    """
    translate = QCoreApplication.translate
    words: dict[str, dict[str, str]] = {
        "engine": {
            EngineChoice.AUTO: translate("Settings", "Automatic"),
            EngineChoice.EMBEDDED: translate("Settings", "Embedded: inside this program"),
            EngineChoice.SYSTEM: translate("Settings", "System: installed on this machine"),
        },
        "overwrite": {
            Overwrite.SKIP: translate("Settings", "Skip images that have a result"),
            Overwrite.OVERWRITE: translate("Settings", "Overwrite results"),
            Overwrite.SUFFIX: translate("Settings", "Give new results a number"),
        },
        "redo": {
            Redo.NONE: translate("Settings", "Nothing"),
            Redo.STALE: translate("Settings", "What was read with other settings"),
            Redo.FAILED: translate("Settings", "Only what failed in an earlier run"),
        },
        "theme": {
            "system": translate("Settings", "Like the system"),
            "light": translate("Settings", "Light"),
            "dark": translate("Settings", "Dark"),
        },
    }
    return words.get(name, {})


def segmentation_words() -> dict[int, str]:
    """Return what Tesseract's page segmentation modes are for, in the order in which they are shown."""
    translate = QCoreApplication.translate
    return {
        3: translate("Settings", "3: find the layout"),
        1: translate("Settings", "1: find the layout and the orientation"),
        4: translate("Settings", "4: one column of text of different sizes"),
        5: translate("Settings", "5: one block of vertical text"),
        6: translate("Settings", "6: one block of text"),
        7: translate("Settings", "7: one line"),
        8: translate("Settings", "8: one word"),
        9: translate("Settings", "9: one word in a circle"),
        10: translate("Settings", "10: one letter"),
        11: translate("Settings", "11: scattered text, in no order"),
        12: translate("Settings", "12: scattered text, with the orientation"),
        13: translate("Settings", "13: one line, taken as it is"),
        2: translate("Settings", "2: the layout only, no text"),
    }
