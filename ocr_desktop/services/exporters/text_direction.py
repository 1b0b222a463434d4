"""Text direction: does a text run from right to left?"""

import unicodedata

_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_FIRST_RIGHT_TO_LEFT = "\u0590"


def runs_right_to_left(text: str) -> bool:
    """Whether the first character with a direction of its own runs from right to left."""
    if max(text, default="") < _FIRST_RIGHT_TO_LEFT:  # as most are, and much quicker
        return False
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in _RIGHT_TO_LEFT:
            return True
        if direction == "L":
            return False
    return False
