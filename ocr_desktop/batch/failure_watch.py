"""Failure watch: tells bad images from a world in which no image can be read.

One failure may be the image's fault or not. When many in a row fail, with no image read in between, it is not
the images: the engine is broken, a drive was unplugged. Until it is known which, failures are held back, so
that the whole row can be read again once the trouble is gone.
"""

from typing import Final

from ocr_desktop.batch.tasks import Completion
from ocr_desktop.domain.errors import Blame, EngineUnusableError, ImageFolderMissingError, ResultWriteError
from ocr_desktop.domain.jobs import Trouble

MOST_IN_A_ROW: Final = 10
"""So many failures in a row are put down to the world."""
_PATIENCE_GROWTH: Final = 10
"""After each pause the row must be so many times as long, until an image is read: somebody goes on anyway."""
_LIKELY_THE_WORLD: Final = frozenset(
    {EngineUnusableError.kind, ImageFolderMissingError.kind, ResultWriteError.kind}
)
"""Kinds of failures that are hardly ever the image's fault."""
_LONGEST_ROW: Final = 100
"""Rows are not waited for beyond this: who has resumed twice knows what is going on."""


class FailureWatch:
    """Watches the attempts of one run, in the order in which they end. For one thread."""

    def __init__(self, earlier: Trouble | None = None) -> None:
        """Begin with nothing held back.

        Args:
            earlier: What the job paused for before this run; who goes on with it is not asked again so soon.
        """
        self._held: list[Completion] = []
        self._limit = max(MOST_IN_A_ROW, earlier.row * _PATIENCE_GROWTH) if earlier else MOST_IN_A_ROW

    def passed(self) -> list[Completion]:
        """Note that an image was read; return the failures held back, which were the images' own."""
        self._limit = MOST_IN_A_ROW
        return self.release()

    def failed(self, completion: Completion) -> list[Completion]:
        """Note an item that failed for good; return the failures that are now known to be the images' own."""
        if completion.attempt.blame is not Blame.UNSURE or self._limit > _LONGEST_ROW:
            return [completion]
        self._held.append(completion)
        return []

    def trouble(self) -> Trouble | None:
        """Return what to pause for, if so many failed in a row that it cannot be the images."""
        return self._put_in_words() if len(self._held) >= self._limit else None

    def last_trouble(self) -> Trouble | None:
        """Return what to pause for where nothing is left but failures that the world is likely to blame for.

        A job is paused for it once; after that they count as the images' own.
        """
        is_first = self._limit == MOST_IN_A_ROW
        kinds = {completion.attempt.outcome.error_kind for completion in self._held}
        return self._put_in_words() if is_first and kinds & _LIKELY_THE_WORLD else None

    def _put_in_words(self) -> Trouble:
        row = len(self._held)
        last = self._held[-1].attempt.trouble
        assert last is not None, "a failure of unsure blame without words for it"  # noqa: S101 - our own code
        many = f"{row} images in a row could not be read. The last time: {last.message}"
        message = last.message if row == 1 else many
        return Trouble(kind=last.kind, message=message, exit_code=last.exit_code, row=max(row, MOST_IN_A_ROW))

    def take_row(self) -> list[Completion]:
        """Return the row of failures that led to the trouble: they are to be read again."""
        self._limit *= _PATIENCE_GROWTH
        return self.release()

    def release(self) -> list[Completion]:
        """Return the failures held back, and hold back none any more."""
        held, self._held = self._held, []
        return held
