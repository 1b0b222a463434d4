"""What was done to a page before it was read, and why: kept in the result."""

import msgspec


class PreparationStep(msgspec.Struct, frozen=True, rename="camel"):
    """One step."""

    name: str
    """``turn``, ``straighten``, ``scale``, ``level`` or ``segmentation``."""
    value: float
    """Its parameter: degrees, factor, page segmentation mode; 0 where it has none."""
    reason: str
    """The measure that called for it, for people."""


class PreparationRecord(msgspec.Struct, frozen=True, rename="camel"):
    """All that was done, in order."""

    steps: tuple[PreparationStep, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """One line for each step."""
        return tuple(f"{step.name} {step.value:g} ({step.reason})" for step in self.steps)
