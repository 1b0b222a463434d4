"""Put first on PYTHONPATH: the wall clock jumps back by a day, some time after a process began.

``OCR_DESKTOP_TEST_JUMP`` holds the seconds until then. ``time.monotonic`` goes on, as on a real machine.
"""

import datetime as dt
import os
import time

_BACK = 86_400
_jump_at = time.monotonic() + float(os.environ["OCR_DESKTOP_TEST_JUMP"])
_time, _time_ns = time.time, time.time_ns


def _back() -> int:
    return _BACK if time.monotonic() >= _jump_at else 0


class _Datetime(dt.datetime):
    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> "_Datetime":
        return cls.fromtimestamp(time.time(), tz)


time.time = lambda: _time() - _back()
time.time_ns = lambda: _time_ns() - _back() * 1_000_000_000
dt.datetime = _Datetime  # type: ignore[misc]
