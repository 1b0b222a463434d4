"""Natural order of names."""

from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.services.natural_order import natural_key


def test_numbers_in_names_count() -> None:
    in_order = ["", "1.png", "2.png", "10.png", "a", "a1", "a02", "A10", "a 1", "b"]
    assert sorted(set(in_order), key=natural_key) == in_order


def test_digits_of_every_script_count() -> None:
    in_order = ["page 2", "page \u0663", "page 10", "page \u0661\u0662"]  # the second and fourth in Arabic

    assert sorted(set(in_order), key=natural_key) == in_order


@given(st.integers(0, 10**30), st.integers(0, 10**30), st.text(max_size=5))
def test_numbers_are_compared_by_value(one: int, other: int, around: str) -> None:
    keys = [natural_key(f"{around}-{number}-{around}") for number in (one, other)]

    assert (keys[0] < keys[1]) == (one < other)


@given(st.text(max_size=12))
def test_upper_and_lower_case_are_alike(name: str) -> None:
    assert natural_key(name.casefold()) == natural_key(name)
