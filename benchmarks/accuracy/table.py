"""Sums the rows up: per set and half, and which images lost."""

from collections.abc import Iterable, Sequence
from statistics import fmean

import msgspec

from benchmarks.accuracy.measuring import Row
from benchmarks.accuracy.readers import OURS, STOCK

LOSS = 0.05
"""An image that loses more than this in word F1 against stock is named."""
LARGE = 8.0
"""Megapixels from which an image is large."""


_COLUMNS = (
    *(("", -28), ("reader", -10), ("images", 7), ("F1", 8), ("gain", 8)),
    *(("CER", 8), ("ratio", 7), ("CPU s", 8), ("ratio", 7), ("s", 8)),
)
"""Title and width of each column of the table; negative is flush left."""


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Means of one reader over some images, and how they compare with stock on the same images."""

    group: str
    reader: str
    images: int
    word_f1: float
    error_rate: float
    cpu_seconds: float
    """Of one image."""
    seconds: float
    """Of one image."""
    f1_gain: float | None = None
    """Word F1 minus that of stock."""
    error_ratio: float | None = None
    """Character error rate divided by that of stock."""
    cpu_ratio: float | None = None
    """CPU time divided by that of stock."""


class Loss(msgspec.Struct, frozen=True, kw_only=True):
    """An image that ours reads worse than stock."""

    set_name: str
    image: str
    stock_f1: float
    ours_f1: float
    note: str
    """What ours did to it, and why."""


def summarise(rows: Sequence[Row]) -> list[Summary]:
    """Return the summaries: each set whole and by halves, all sets together, and the large images."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        halves = (
            groups.setdefault(row.set_name, []),
            groups.setdefault(f"{row.set_name}, half {row.half + 1}", []),
        )
        for group in halves:
            group.append(row)
    ordered = {title: groups[title] for title in sorted(groups)}
    ordered["all sets"] = list(rows)
    ordered[f"over {LARGE:g} megapixels"] = [row for row in rows if row.megapixels > LARGE]
    return [summary for title, theirs in ordered.items() for summary in _of_group(title, theirs)]


def losses(rows: Sequence[Row]) -> list[Loss]:
    """Return the images that ours reads worse than stock by more than :data:`LOSS`, the worst first."""
    stock = {(row.set_name, row.image): row for row in rows if row.reader == STOCK}
    found = [
        Loss(
            set_name=row.set_name,
            image=row.image,
            stock_f1=stock[row.set_name, row.image].word_f1,
            ours_f1=row.word_f1,
            note=row.note,
        )
        for row in rows
        if row.reader == OURS and (row.set_name, row.image) in stock
    ]
    lost = [loss for loss in found if loss.stock_f1 - loss.ours_f1 > LOSS]
    return sorted(lost, key=lambda loss: (loss.ours_f1 - loss.stock_f1, loss.set_name, loss.image))


def as_text(summaries: Iterable[Summary]) -> str:
    """Return the summaries as a table."""
    head = "".join(title.ljust(-width) if width < 0 else title.rjust(width) for title, width in _COLUMNS)
    lines = [head, "-" * len(head)]
    group = None
    for row in summaries:
        title = "" if row.group == group else row.group
        group = row.group
        lines.append(
            f"{title:28}{row.reader:10}{row.images:7}{row.word_f1:8.3f}{_signed(row.f1_gain):>8}"
            f"{row.error_rate:8.3f}{_ratio(row.error_ratio):>7}{row.cpu_seconds:8.3f}"
            f"{_ratio(row.cpu_ratio):>7}{row.seconds:8.3f}"
        )
    return "\n".join(lines)


def _of_group(title: str, rows: Iterable[Row]) -> list[Summary]:
    readers: dict[str, list[Row]] = {}
    for row in rows:
        readers.setdefault(row.reader, []).append(row)
    means = [_means(title, reader, theirs) for reader, theirs in readers.items()]
    stock = next((summary for summary in means if summary.reader == STOCK), None)
    return [summary if stock in {None, summary} else _against(summary, stock) for summary in means]


def _means(title: str, reader: str, rows: Sequence[Row]) -> Summary:
    return Summary(
        group=title,
        reader=reader,
        images=len(rows),
        word_f1=round(fmean(row.word_f1 for row in rows), 4),
        error_rate=round(fmean(row.error_rate for row in rows), 4),
        cpu_seconds=round(fmean(row.cpu_seconds for row in rows), 4),
        seconds=round(fmean(row.seconds for row in rows), 4),
    )


def _against(summary: Summary, stock: Summary) -> Summary:
    return msgspec.structs.replace(
        summary,
        f1_gain=round(summary.word_f1 - stock.word_f1, 4),
        error_ratio=round(summary.error_rate / stock.error_rate, 3) if stock.error_rate else None,
        cpu_ratio=round(summary.cpu_seconds / stock.cpu_seconds, 3) if stock.cpu_seconds else None,
    )


def _signed(value: float | None) -> str:
    return "" if value is None else f"{value:+.3f}"


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
