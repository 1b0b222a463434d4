"""How far an image is, in words: short for the grid, in full for tooltips, previews and screen readers."""

from PySide6.QtCore import QCoreApplication

from ocr_desktop.domain.items import ItemOutcome
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.look.appearance import state_word


def short_state(state: ItemState | None, confidence: float | None) -> str:
    """Return the state with its confidence, for the line below a thumbnail."""
    word = state_word(state)
    if state is not ItemState.COMPLETED or confidence is None:
        return word
    if confidence == 0:
        return QCoreApplication.translate("StateText", "{word}, no text").format(word=word)
    percent = round(100 * confidence)
    return QCoreApplication.translate("StateText", "{word}, {percent} %").format(word=word, percent=percent)


def full_state(state: ItemState | None, outcome: ItemOutcome | None) -> str:
    """Return the state with all that there is to say about it: confidence, or the reason."""
    word = state_word(state)
    if outcome is None:
        return word
    if outcome.state is ItemState.COMPLETED and outcome.confidence is not None:
        if outcome.confidence == 0:
            text = QCoreApplication.translate("StateText", "{word}, no text was found")
            return text.format(word=word)
        text = QCoreApplication.translate("StateText", "{word}, {percent} % confidence")
        return text.format(word=word, percent=round(100 * outcome.confidence))
    detail = outcome.error or outcome.reason
    return f"{word}: {detail}" if detail else word
