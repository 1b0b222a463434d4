"""How a text that was read is scored against the truth.

Both measures are the usual ones of the field, over text that is made comparable first: upper-cased (some
truths are), every run of white space one blank.

Word F1
    ``2 * |common words| / (|words read| + |words of the truth|)`` over multisets of words split at white
    space: the harmonic mean of precision and recall (van Rijsbergen, *Information Retrieval*, 2nd edition
    1979, chapter 7), as in task 2 of SROIE (Huang et al., *ICDAR 2019 Competition on Scanned Receipt OCR and
    Information Extraction*). Order plays no role, so pages of columns and forms are judged fairly.

Character error rate (CER)
    Levenshtein's edit distance divided by the length of the truth, capped at 1 (Rice, Jenkins and Nartker,
    *The Fourth Annual Test of OCR Accuracy*, ISRI 1995: the complement of their character accuracy). It
    follows the reading order: the text as the reader wrote it, against the truth as it was transcribed.
"""

from collections import Counter

import msgspec
from rapidfuzz.distance import Levenshtein


class Score(msgspec.Struct, frozen=True):
    """How one text compares with the truth."""

    word_f1: float
    """0..1, more is better."""
    error_rate: float
    """Character error rate, 0..1, less is better."""


def score(text: str, truth: str) -> Score:
    """Score a text that was read against the truth."""
    return Score(word_f1=word_f1(text, truth), error_rate=character_error_rate(text, truth))


def word_f1(text: str, truth: str) -> float:
    """Return the F1 of the words, as multisets; 1 where both texts are empty."""
    read, wanted = Counter(_words(text)), Counter(_words(truth))
    total = read.total() + wanted.total()
    return 2 * (read & wanted).total() / total if total else 1.0


def character_error_rate(text: str, truth: str) -> float:
    """Return the edit distance over the length of the truth, at most 1."""
    read, wanted = " ".join(_words(text)), " ".join(_words(truth))
    if not wanted:
        return 1.0 if read else 0.0
    return min(1.0, Levenshtein.distance(read, wanted) / len(wanted))


def _words(text: str) -> list[str]:
    return text.upper().split()
