"""Verification: findings are counted by kind."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.domain.verification import FindingKind, VerifyCounts


@given(st.lists(st.sampled_from(FindingKind)))
def test_counts_add_up(kinds: list[FindingKind]) -> None:
    counts = VerifyCounts.from_counts(Counter(kinds))

    assert counts.total == len(kinds)
    assert counts.problems == sum(kind is not FindingKind.SOUND for kind in kinds)
    assert all(counts.of(kind) == kinds.count(kind) for kind in FindingKind)
