"""Which word stands where in a text, also while the text is being corrected.

Positions count UTF-16 code units, as Qt's text documents do. No Qt in here.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

Span = tuple[int, int]
"""First position, and the one behind the last."""

_TOKEN = re.compile(r"\S+")
_ASTRAL = re.compile(r"[\U00010000-\U0010ffff]")


def in_units(text: str) -> str:
    """Return ``text`` with as many characters as it has UTF-16 code units."""
    return _ASTRAL.sub(lambda found: _surrogates(found[0]), text)


def match_words(words: Sequence[str], text: str) -> list[Span | None]:
    """Find words in a text that holds most of them in the same order. Any thread; may take a moment.

    Args:
        words: As the engine read them.
        text: The engine's own text, or what somebody has made of it.

    Returns:
        For each word its place; None for one that is not there any more.
    """
    found = list(_TOKEN.finditer(in_units(text)))
    given = [in_units(word) for word in words]
    tokens = [match[0] for match in found]
    if given == tokens:
        return [match.span() for match in found]
    spans: list[Span | None] = [None] * len(given)
    for old, new in _pairs(given, tokens):
        spans[old] = found[new].span()
    return spans


def _pairs(old: list[str], new: list[str]) -> Iterator[tuple[int, int]]:
    """Yield which of ``old`` has become which of ``new``, by number."""
    head = 0
    shorter = min(len(old), len(new))
    while head < shorter and old[head] == new[head]:
        yield head, head
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
        yield len(old) - tail, len(new) - tail
    matcher = SequenceMatcher(None, old[head : len(old) - tail], new[head : len(new) - tail], autojunk=False)
    for change, first, last, new_first, new_last in matcher.get_opcodes():
        if change in {"equal", "replace"}:
            share = (new_last - new_first) / (last - first)
            for step in range(last - first):
                yield head + first + step, head + new_first + int(step * share)


def _surrogates(character: str) -> str:
    units = character.encode("utf-16-le", "surrogatepass")
    return "".join(chr(int.from_bytes(units[at : at + 2], "little")) for at in (0, 2))


class WordMap:
    """The places of words in a text that changes. One thread only.

    Args:
        spans: What :func:`match_words` found.
    """

    def __init__(self, spans: Sequence[Span | None] = ()) -> None:
        """Sort them by place; two words never share one."""
        placed = sorted((span, number) for number, span in enumerate(spans) if span is not None)
        self._numbers: list[int] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        for (start, end), number in placed:
            if not self._ends or start >= self._ends[-1]:
                self._numbers.append(number)
                self._starts.append(start)
                self._ends.append(end)
        self._rows = {number: row for row, number in enumerate(self._numbers)}
        self._lost = len(spans) - len(placed)

    @property
    def has_lost(self) -> bool:
        """Whether there are words that have no place in the text."""
        return self._lost > 0

    def span(self, number: int) -> Span | None:
        """Return where a word stands; None if it is not there any more."""
        row = self._rows.get(number)
        if row is None or self._starts[row] >= self._ends[row]:
            return None
        return self._starts[row], self._ends[row]

    def word_at(self, position: int) -> int | None:
        """Return the word at a position; the one that ends there if none begins there."""
        row = bisect_right(self._starts, position) - 1
        if row >= 0 and self._starts[row] < self._ends[row] and position <= self._ends[row]:
            return self._numbers[row]
        return None

    def words_between(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """Return the words that reach into a stretch of the text: start, end and number of each."""
        first = bisect_right(self._ends, start)
        last = bisect_left(self._starts, end)
        return [
            (self._starts[row], self._ends[row], self._numbers[row])
            for row in range(first, last)
            if self._starts[row] < self._ends[row]
        ]

    def edit(self, position: int, removed: int, added: str) -> None:
        """Follow a change of the text: ``removed`` units at ``position`` have become ``added``."""
        end, shift = position + removed, len(added) - removed
        first = bisect_left(self._ends, position)
        last = bisect_right(self._starts, end)
        touched = range(first, last)
        before = [(self._starts[row], self._ends[row]) for row in touched]
        self._starts[last:] = [start + shift for start in self._starts[last:]]
        self._ends[last:] = [start + shift for start in self._ends[last:]]
        inner = [match.span() for match in _TOKEN.finditer(added)]
        for row, (old_start, old_end) in zip(touched, before, strict=True):
            self._starts[row], self._ends[row] = _moved(
                (old_start, old_end), (position, end), len(added), inner
            )
        self._part(touched)
        pairs = zip(touched, before, strict=True)
        self._lost += sum(
            start < stop and self._starts[row] >= self._ends[row] for row, (start, stop) in pairs
        )

    def _part(self, touched: range) -> None:
        """See to it that neighbours do not overlap: what was typed between two words belongs to one."""
        for row in touched:
            lowest = self._ends[row - 1] if row else 0
            self._starts[row] = max(self._starts[row], lowest)
            self._ends[row] = max(self._ends[row], self._starts[row])
        for row in reversed(touched):
            if row + 1 < len(self._starts):
                self._ends[row] = min(self._ends[row], max(self._starts[row + 1], self._starts[row]))


def _moved(word: Span, cut: Span, added: int, inner: Sequence[Span]) -> Span:
    """Return where a word is after a change that reaches it.

    Args:
        word: Where it was before.
        cut: What was taken out.
        added: Length of what came instead.
        inner: The tokens in what came instead.
    """
    (start, end), (at, until) = word, cut
    shift = added - (until - at)
    if at <= start and end <= until:  # swallowed whole: it is the first word of what came instead, if any
        return (at + inner[0][0], at + inner[0][1]) if inner else (at, at)
    if start < at and until < end:
        return start, end + shift
    if start < at:  # its end was changed; it takes over what was typed right behind it
        grown = inner[0][1] if inner and inner[0][0] == 0 else 0
        return start, min(at, end) + grown
    grown = added - inner[-1][0] if inner and inner[-1][1] == added else 0
    return at + added - grown, end + shift
