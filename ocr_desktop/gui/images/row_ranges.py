"""Row numbers as stretches, because views and models speak of rows from one to another."""

from collections.abc import Sequence

MAX_RANGES = 64
"""Beyond so many separate stretches of rows, one change over all of them is cheaper for a view."""


def stretches_of(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return sorted row numbers as stretches ``(first, last)``."""
    ranges: list[tuple[int, int]] = []
    for row in rows:
        if ranges and row <= ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], row)
        else:
            ranges.append((row, row))
    return ranges


def coalesce(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return sorted row numbers as stretches; one over all of them where there are very many."""
    ranges = stretches_of(rows)
    return ranges if len(ranges) <= MAX_RANGES else [(ranges[0][0], ranges[-1][1])]
