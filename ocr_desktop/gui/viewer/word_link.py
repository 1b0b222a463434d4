"""Ties the words on the image to the words in the text."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from ocr_desktop.domain.results import Page, ResultDocument
from ocr_desktop.gui.background.latest_loader import LatestLoader
from ocr_desktop.gui.viewer.confidence import THRESHOLD, Tier, tier_of
from ocr_desktop.gui.viewer.correction_editor import CorrectionEditor
from ocr_desktop.gui.viewer.page_canvas import PageCanvas
from ocr_desktop.gui.viewer.result_text import all_words
from ocr_desktop.gui.viewer.text_finding import find_all
from ocr_desktop.gui.viewer.word_map import Span, WordMap, in_units, match_words

_PATIENCE = 500
"""Milliseconds after the last change of the text before it is gone through as a whole."""


class WordLink(QObject):
    """Words are numbered through all pages; the image shows those of one page. GUI thread only.

    Signals:
        page_wanted: The number, from 0, of the page that a word is on.
        found: At which of how many places the search is, or None, and how many there are.
        counted: How many words are doubtful, and how many there are.
    """

    page_wanted = Signal(int)
    found = Signal(object, int)
    counted = Signal(int, int)

    def __init__(self, canvas: PageCanvas, editor: CorrectionEditor, parent: QObject | None = None) -> None:
        """Tie the two together."""
        super().__init__(parent)
        self._canvas = canvas
        self._editor = editor
        self._pages: Sequence[Page] = ()
        self._page = 0
        self._confidences: list[float] = []
        self._texts: list[str] = []
        self._tiers: list[Tier] = []
        self._threshold = THRESHOLD
        self._needle = ""
        self._hits: list[Span] = []
        self._hit: int | None = None
        self._later = QTimer(self, interval=_PATIENCE, singleShot=True)
        self._later.timeout.connect(self._go_through)
        self._matcher = LatestLoader("word-match", _match, lambda _request, _error: None, self)
        self._matcher.loaded.connect(self._take_places)
        canvas.hovered.connect(self._hover_text)
        canvas.clicked.connect(self._click)
        editor.hovered.connect(self._hover_box)
        editor.word_entered.connect(self._enter)
        editor.edited.connect(self._later.start)

    @property
    def threshold(self) -> float:
        """Words of less confidence are doubtful."""
        return self._threshold

    @property
    def first_on_page(self) -> int:
        """The number of the first word of the page that the image shows."""
        return sum(len(page.words) for page in self._pages[: self._page])

    def show_document(self, document: ResultDocument | None) -> None:
        """Show the words of another result; the text is in the editor already."""
        self._later.stop()
        self._matcher.load(None)
        self._pages = document.pages if document is not None else ()
        words = all_words(document)
        self._confidences = [word.confidence for word in words]
        self._texts = [word.text for word in words]
        self._page = 0
        self.set_threshold(self._threshold)
        self.find(self._needle)

    def show_page(self, number: int) -> None:
        """Follow the image to a page; its words are on it already."""
        self._page = number
        self._mark_boxes()
        self._show_hits()
        if self._editor.textCursor().position():  # not before somebody has gone anywhere
            self._enter(self._editor.words.word_at(self._editor.textCursor().position()))

    @Slot(float)
    def set_threshold(self, threshold: float) -> None:
        """Words of less confidence, 0..1, are doubtful."""
        self._threshold = threshold
        self._tiers = [tier_of(confidence, threshold) for confidence in self._confidences]
        self._editor.set_tiers(self._tier_in_text)
        self._count()

    def step_doubtful(self, by: int) -> bool:
        """Go to the next doubtful word, or for -1 to the one before; begins anew at the end.

        Returns whether there is one.
        """
        places = sorted(
            span
            for number in range(len(self._tiers))
            if self._tier_in_text(number) is not Tier.SURE
            and (span := self._editor.words.span(number)) is not None
        )
        is_there = self._step(places, by) is not None
        place = self._local(self._editor.words.word_at(self._editor.textCursor().selectionStart()))
        if is_there and place is not None:
            self._canvas.make_readable(place)
        return is_there

    @Slot(str)
    def find(self, needle: str) -> None:
        """Mark all places of a text; empty for none."""
        self._needle = needle
        self._hits = find_all(self._editor.exact_text, needle) if needle.strip() else []
        self._hit = None
        self._show_hits()

    @Slot(int)
    def step_hit(self, by: int) -> None:
        """Go to the next place that was found, or for -1 to the one before."""
        self._hit = self._step(self._hits, by)
        self._show_hits()

    def release(self) -> None:
        """Let the thread end by itself; a further document starts another."""
        self._later.stop()
        self._matcher.release()

    def stop(self) -> None:
        """End the thread. Calling it twice does no harm."""
        self._later.stop()
        self._matcher.stop()

    def _tier_in_text(self, number: int) -> Tier:
        """Return how sure a word is; what somebody has typed instead is beyond doubt."""
        tier = self._tiers[number] if number < len(self._tiers) else Tier.SURE
        if tier is Tier.SURE:
            return tier
        text, span = self._editor.units, self._editor.words.span(number)
        is_as_read = span is not None and text[slice(*span)] == in_units(self._texts[number])
        return tier if is_as_read else Tier.SURE

    def _count(self) -> None:
        tiers = (self._tier_in_text(number) for number in range(len(self._tiers)))
        self.counted.emit(sum(tier is not Tier.SURE for tier in tiers), len(self._tiers))
        self._mark_boxes()

    def _mark_boxes(self) -> None:
        """Show on the image what the text shows: a word that was corrected is no doubtful one any more."""
        first = self.first_on_page
        numbers = range(first, first + self._canvas.word_count)
        self._canvas.boxes.set_tiers([self._tier_in_text(number) for number in numbers])

    def _step(self, places: Sequence[Span], by: int) -> int | None:
        """Select the next place after the caret, or before it; return its number."""
        if not places:
            return None
        cursor = self._editor.textCursor()
        if by > 0:
            ahead = (number for number, span in enumerate(places) if span[0] >= cursor.selectionEnd())
            number = next(ahead, 0)
        else:
            behind = (number for number, span in enumerate(places) if span[0] < cursor.selectionStart())
            number = max(behind, default=len(places) - 1)
        self._editor.go_to(places[number], select=True)
        return number

    def _show_hits(self) -> None:
        current = self._hits[self._hit] if self._hit is not None else None
        self._editor.set_hits(self._hits, current)
        words = self._editor.words
        numbers = {number for hit in self._hits for _, _, number in words.words_between(*hit)}
        local = (self._local(number) for number in numbers)
        self._canvas.boxes.set_hits({number for number in local if number is not None})
        self.found.emit(self._hit, len(self._hits))

    def _local(self, number: int | None) -> int | None:
        """Return the number of a word on the page that is shown; None if it is on another one."""
        if number is None:
            return None
        place = number - self.first_on_page
        return place if 0 <= place < self._canvas.word_count else None

    @Slot(object)
    def _hover_text(self, place: int | None) -> None:
        self._editor.hover(None if place is None else place + self.first_on_page)

    @Slot(object)
    def _hover_box(self, number: int | None) -> None:
        self._canvas.boxes.hover(self._local(number))

    @Slot(int)
    def _click(self, place: int) -> None:
        span = self._editor.words.span(place + self.first_on_page)
        if span is not None:
            self._editor.go_to(span)
            self._editor.setFocus()

    @Slot(object)
    def _enter(self, number: int | None) -> None:
        place = self._local(number)
        self._canvas.boxes.set_current(place)
        if place is not None:
            self._canvas.bring_into_view(place)
        elif number is not None:
            self._ask_for_page(number)

    def _ask_for_page(self, number: int) -> None:
        for place, page in enumerate(self._pages):
            if number < len(page.words):
                if place != self._page:
                    self.page_wanted.emit(place)
                return
            number -= len(page.words)

    # -- Following changes of the text

    @Slot()
    def _go_through(self) -> None:
        """Count and search anew, and look for words that were lost: they may have been put back."""
        self._count()
        if self._needle:
            self.find(self._needle)
        if self._editor.words.has_lost:
            self._matcher.load((tuple(self._texts), self._editor.exact_text))

    @Slot(object)
    def _take_places(self, answer: tuple[str, list[Span | None]] | None) -> None:
        if answer is not None and answer[0] == self._editor.exact_text:
            self._editor.set_words(WordMap(answer[1]))
            self._count()


def _match(request: tuple[tuple[str, ...], str]) -> list[tuple[str, list[Span | None]]]:
    words, text = request
    return [(text, match_words(words, text))]
