"""A table of figures with the limits that they have to keep."""

import os

import msgspec


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One measured figure."""

    name: str
    value: float
    unit: str
    limit: float | None
    """What it must not exceed; None where there is no limit."""
    work: float | None = None
    """How much of it was processor time of the window's thread; None where nobody has looked."""

    @property
    def is_missed(self) -> bool:
        """Whether the limit is not kept."""
        return self.limit is not None and self.value > self.limit


class Report:
    """Collects figures and prints each as soon as it is known.

    Attributes:
        figures: All so far.
    """

    def __init__(self) -> None:
        """Start without figures."""
        self.figures: list[Figure] = []

    @property
    def is_missed(self) -> bool:
        """Whether any limit is not kept."""
        return any(figure.is_missed for figure in self.figures)

    def head(self) -> None:
        """Print the head of the table."""
        print(f"{'':<52}{'measured':>12}{'work':>12}{'limit':>12}")

    def add(
        self, name: str, value: float, unit: str, limit: float | None = None, work: float | None = None
    ) -> None:
        """Take in a figure."""
        figure = Figure(
            name=name,
            value=round(value, 2),
            unit=unit,
            limit=limit,
            work=None if work is None else round(work, 2),
        )
        self.figures.append(figure)
        worked = "" if work is None else f"{work:.1f} {unit}"
        allowed = "" if limit is None else f"{limit:g} {unit}"
        verdict = "  MISSED" if figure.is_missed else ""
        print(f"{name:<52}{f'{value:.1f} {unit}':>12}{worked:>12}{allowed:>12}{verdict}", flush=True)

    def close(self) -> None:
        """Print the verdict, and how busy the machine was: what others do is felt as lateness, too."""
        missed = [figure.name for figure in self.figures if figure.is_missed]
        print(f"\nMissed: {', '.join(missed)}." if missed else "\nAll limits are kept.")
        if hasattr(os, "getloadavg"):
            print(f"Load average of the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")
