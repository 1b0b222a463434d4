"""Corrected pages: the pages of a result with what somebody has made of their texts, words included.

Nobody has said where a corrected word is; it gets the box of what the engine read in its place. So no word of
the corrected text is lost, and one that was typed in addition shares the box of the word before it.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice

import msgspec

from ocr_desktop.domain.results import Page, ResultDocument, Word
from ocr_desktop.services.exporters.page_texts import page_texts


def corrected_pages(document: ResultDocument) -> tuple[Page, ...]:
    """Return the pages with their best texts and words; they are the engine's own without a correction."""
    if document.best_text == document.text:
        return document.pages
    texts = page_texts(document)
    words = [word for page in document.pages for word in page.words]
    corrected = iter(corrected_words(words, document.best_text))
    return tuple(
        msgspec.structs.replace(page, text=text, words=_present(islice(corrected, len(page.words))))
        for page, text in zip(document.pages, texts, strict=False)
    )


def corrected_words(words: Sequence[Word], text: str) -> list[Word | None]:
    """Return what each word has become in a corrected text; None for one that is not there any more.

    What a person has typed is beyond doubt: its confidence is 1.
    """
    return [
        _became(word, tokens)
        for word, tokens in zip(words, _assign([word.text for word in words], text.split()), strict=True)
    ]


def _became(word: Word, tokens: Sequence[str]) -> Word | None:
    if not tokens:
        return None
    text = " ".join(tokens)
    return word if text == word.text else msgspec.structs.replace(word, text=text, confidence=1.0)


def _present(words: Iterator[Word | None]) -> tuple[Word, ...]:
    return tuple(word for word in words if word is not None)


def _assign(old: Sequence[str], new: Sequence[str]) -> list[list[str]]:
    """Give each of ``new`` to one of ``old``, in order."""
    given: list[list[str]] = [[] for _ in old]
    if not old:
        return given
    for _, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        count, length = last - first, end - start
        if not count:
            given[max(0, first - 1)] += new[start:end]
        for step in range(count):
            share = slice(start - (-step * length // count), start - (-(step + 1) * length // count))
            given[first + step] += new[share]
    return given
