"""Which resolutions are to be believed."""

import pytest

from ocr_desktop.services.resolution import believable_dpi


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, None),
        (0, None),
        (-300, None),
        (69.4, None),
        (69.6, 70),
        (299.9994, 300),
        (2400, 2400),
        (2401, None),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
def test_believable_resolutions(given: float | None, expected: int | None) -> None:
    assert believable_dpi(given) == expected
