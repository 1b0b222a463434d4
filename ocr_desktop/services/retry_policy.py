"""Retry policy: which failures of the file system can pass, and how often to wait for it.

The one place that decides on retries of file operations. Whole items are retried by the batch processor, and
only where the error says so (``ItemError.can_pass``).
"""

import errno
from collections.abc import Callable
from typing import Final, TypeVar

import tenacity

_T = TypeVar("_T")

ATTEMPTS: Final = 3
_FIRST_WAIT: Final = 0.1
"""Seconds before the second attempt; doubled for each further one."""

_LOCK_ERRNOS: Final = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY})
_LOCK_WINERRORS: Final = frozenset(
    {
        5,  # ERROR_ACCESS_DENIED: also what a replace meets while a virus scanner has the file open
        32,  # ERROR_SHARING_VIOLATION
        33,  # ERROR_LOCK_VIOLATION
    }
)


def is_lock(error: BaseException) -> bool:
    """Whether the error says that another program holds the file, which can pass."""
    if not isinstance(error, OSError):
        return False
    return error.errno in _LOCK_ERRNOS or getattr(error, "winerror", None) in _LOCK_WINERRORS


def call_through_locks(action: Callable[[], _T], *, first_wait: float = _FIRST_WAIT) -> _T:
    """Call ``action``, up to three times while it meets locks, waiting longer each time.

    Args:
        action: What to do; must be safe to do again.
        first_wait: Seconds before the second attempt.

    Raises:
        OSError: What the last attempt raised.
    """
    try:
        return action()  # nearly always; the machinery below costs more than most actions
    except OSError as error:
        if not is_lock(error):
            raise
    tenacity.nap.sleep(first_wait)
    retrying = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(ATTEMPTS - 1),
        wait=tenacity.wait_exponential(multiplier=2 * first_wait, exp_base=2),
        retry=tenacity.retry_if_exception(is_lock),
        reraise=True,
    )
    return retrying(action)
