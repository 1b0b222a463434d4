"""Sets of scans with ground truth: a folder with ``truth.jsonl``, one object a line."""

import random
from collections.abc import Sequence
from pathlib import Path

import msgspec

TRUTH = "truth.jsonl"


class Truth(msgspec.Struct, frozen=True):
    """One line of ``truth.jsonl``; fields that are not named here are left out."""

    image: str
    """Path of the image within the folder."""
    text: str
    """What is to be read, in reading order."""
    order_insensitive: bool = False
    """Whether the order of the lines is not part of the truth: the character error rate says less then."""


class Scan(msgspec.Struct, frozen=True):
    """One image to be read."""

    set_name: str
    path: str
    truth: Truth
    half: int
    """0 or 1: the half of its set that it belongs to."""

    @property
    def name(self) -> str:
        """Path within the folder of the set."""
        return self.truth.image


def load_set(folder: Path, *, seed: int, sample: int | None) -> list[Scan]:
    """Return the scans of a folder in the order of their names, split into two halves.

    Args:
        folder: Holds ``truth.jsonl`` and the images.
        seed: Decides which scan belongs to which half; the halves of a sample are those of the whole set.
        sample: Take only so many, drawn with the same seed; all if None.
    """
    lines = (folder / TRUTH).read_bytes().splitlines()
    truths = sorted((msgspec.json.decode(line, type=Truth) for line in lines if line), key=lambda t: t.image)
    shuffled = list(truths)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - no secret
    first = {truth.image for truth in shuffled[: (len(shuffled) + 1) // 2]}
    if sample is not None:
        truths = _drawn(shuffled, first, sample)
    return [
        Scan(folder.name, str(folder / truth.image), truth, 0 if truth.image in first else 1)
        for truth in truths
    ]


def _drawn(shuffled: Sequence[Truth], first: set[str], sample: int) -> list[Truth]:
    """Return a sample, half of it from each half."""
    halves = (
        [truth for truth in shuffled if truth.image in first],
        [t for t in shuffled if t.image not in first],
    )
    wanted = (sample + 1) // 2, sample // 2
    drawn = [truth for half, count in zip(halves, wanted, strict=True) for truth in half[:count]]
    return sorted(drawn, key=lambda truth: truth.image)
