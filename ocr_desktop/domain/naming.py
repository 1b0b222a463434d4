"""Names of result files: which names an image may use so that no two images ever share one.

An image is named after its stem (``a.jpg`` -> ``a_ocr_results.json``) as long as that is unmistakable among
the images of its folder. Otherwise it is named after its full name (``a.jpg_ocr_results.json``). Further
names, with a hash, are there for the day when a result of some other image already sits on the second.

Full names are unique within a folder, and a stem is only used where no other image's full name equals it, so
the names of two images of one folder never meet. File systems that ignore case or fold Unicode are taken into
account by comparing folded names.
"""

import hashlib
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple, Self

RESULT_MARK = "_ocr_results"
_LONGEST_STEM = 200
"""Bytes; leaves room for the mark, a number and an extension within the usual limit of 255."""
_SURROGATES = re.compile("[\ud800-\udfff]")


def plan_stems(names: Iterable[str], folder: str = "") -> dict[str, tuple[str, ...]]:
    """Return file name -> candidate stems of its result files, best first.

    Args:
        names: The names of all images of one folder. Those beside which results may later be made belong in
            it even where they are not part of the batch.
        folder: Path of that folder. With it each image has one more candidate, which also tells it from
            images of the same name in other folders, for results of several folders that go into one.
    """
    parts = {name: _Folded.of(name) for name in names}
    stems = Counter(folded.stem for folded in parts.values())
    full_names = Counter(folded.name for folded in parts.values())
    plan: dict[str, tuple[str, ...]] = {}
    for name, folded in parts.items():
        candidates: list[str] = []
        others = full_names[folded.stem] - (folded.stem == folded.name)
        if stems[folded.stem] == 1 and others == 0:
            candidates.append(_shorten(split_extension(name)[0], name))
        if full_names[folded.name] == 1:
            candidates.append(_shorten(name, name))
        candidates.append(_tagged(name, name))
        if folder:
            candidates.append(_tagged(name, os.path.join(folder, name)))
        plan[name] = tuple(dict.fromkeys(candidates))
    return plan


def result_name(stem: str, extension: str, number: int = 1) -> str:
    """Return the name of a result file: ``<stem>_ocr_results.json``, or ``..._2.json`` from number 2 on."""
    suffix = "" if number == 1 else f"_{number}"
    return f"{stem}{RESULT_MARK}{suffix}.{extension}"


def is_result_name(name: str) -> bool:
    """Whether a file of that name can only be a result file."""
    return re.search(rf"{RESULT_MARK}(_\d+)?\.(json|txt)$", name) is not None


def split_extension(name: str) -> tuple[str, str]:
    """Split at the last dot, leading dots aside: ``scan.1.png`` -> ``("scan.1", ".png")``."""
    stem, dot, extension = name.rpartition(".")
    return (stem, dot + extension) if stem.strip(".") else (name, "")


def fold(name: str) -> str:
    """Return the name as the most forgetful file systems compare it: without case, in one Unicode form."""
    if name.isascii():  # as most are, and much quicker
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def printable(path: str) -> str:
    """Return a path that can be written as UTF-8: bytes that are no text become replacement characters.

    Python carries such bytes as lone surrogates; Windows has names with lone surrogates of its own.
    """
    return path if path.isascii() else _SURROGATES.sub("�", path)


def display_name(path: str) -> str:
    """Return the file name of a path as it may be shown: one line of printable text."""
    return one_line(printable(os.path.basename(path)))


def one_line(name: str) -> str:
    """Return a name or path without the line breaks and control characters that some have."""
    if name.isprintable():
        return name
    return "".join(character if character.isprintable() else "�" for character in name)


class _Folded(NamedTuple):
    """A file name and its stem, folded."""

    name: str
    stem: str

    @classmethod
    def of(cls, name: str) -> Self:
        return cls(fold(name), fold(split_extension(name)[0]))


def _shorten(stem: str, name: str) -> str:
    return stem if _length(stem) <= _LONGEST_STEM else _tagged(stem, name)


def _tagged(stem: str, name_or_path: str) -> str:
    """Return the stem, cut to fit, with a hash of the full name, or path, that tells it from every other."""
    tag = "~" + hashlib.sha256(_encoded(name_or_path)).hexdigest()[:8]
    while _length(stem) + len(tag) > _LONGEST_STEM:
        stem = stem[:-1]
    return stem + tag


def _length(stem: str) -> int:
    """Return the length in bytes, or a little more for a name that is no text."""
    return len(_encoded(stem))


def _encoded(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")
