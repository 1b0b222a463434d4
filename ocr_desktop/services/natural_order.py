"""Natural order of names: 2 before 10, upper and lower case alike."""

import re
import unicodedata

_NUMBER = re.compile(r"\d+")


def natural_key(name: str) -> str:
    """Return what to sort ``name`` by.

    A string and not a list of parts: it is quicker to make and to compare, and there are folders of 100,000.
    """
    return folded_key(name.casefold())


def folded_key(folded: str) -> str:
    """Return the same for a name that is case-folded already."""
    return _NUMBER.sub(_with_length, folded)


def _with_length(number: re.Match[str]) -> str:
    """Put the count of its digits before a number, so that a longer number is a larger one.

    What is before that sorts before every other character: a number comes before a word.
    """
    digits = number[0]
    if not digits.isascii():  # the digits of another script
        digits = "".join(str(unicodedata.digit(digit)) for digit in digits)
    digits = digits.lstrip("0")
    return f"\0{len(digits):03d}{digits}"
