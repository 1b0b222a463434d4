"""What a campaign has done, as a table."""

from collections import Counter


class Tally:
    """Counts by family of faults."""

    def __init__(self) -> None:
        self.rows: dict[str, Counter[str]] = {}

    def add(self, family: str, **counts: int) -> None:
        """Add to the counts of a family."""
        self.rows.setdefault(family, Counter()).update(counts)

    def lines(self) -> list[str]:
        """Return one line for each family."""
        return [
            f"{family}: " + ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in row.items())
            for family, row in self.rows.items()
        ]
