"""Lengths of time in words."""

from PySide6.QtCore import QCoreApplication

_MINUTE = 60
_HOUR = 3600


def duration_text(seconds: float) -> str:
    """Return a length of time as people say it: ``45 s``, ``3 min 20 s``, ``2 h 5 min``."""
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return QCoreApplication.translate("Durations", "{seconds} s").format(seconds=whole)
    if whole < _HOUR:
        return QCoreApplication.translate("Durations", "{minutes} min {seconds} s").format(
            minutes=whole // _MINUTE, seconds=whole % _MINUTE
        )
    return QCoreApplication.translate("Durations", "{hours} h {minutes} min").format(
        hours=whole // _HOUR, minutes=whole % _HOUR // _MINUTE
    )
