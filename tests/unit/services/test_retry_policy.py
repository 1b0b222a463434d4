"""The retry policy: three tries, longer waits, and only for what can pass."""

import errno
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from ocr_desktop.services.retry_policy import ATTEMPTS, call_through_locks, is_lock


def windows_error(code: int) -> OSError:
    error = OSError(errno.EINVAL, "some Windows error")
    error.winerror = code  # type: ignore[attr-defined]
    return error


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits between attempts, which no test sits through."""
    seconds: list[float] = []
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=seconds.append))
    return seconds


def failing(errors: list[BaseException]) -> Callable[[], str]:
    def act() -> str:
        if errors:
            raise errors.pop(0)
        return "done"

    return act


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (PermissionError(errno.EACCES, ""), True),
        (PermissionError(errno.EPERM, ""), True),
        (OSError(errno.EBUSY, ""), True),
        (windows_error(5), True),
        (windows_error(32), True),
        (windows_error(33), True),
        (windows_error(112), False),
        (OSError(errno.ENOSPC, ""), False),
        (FileNotFoundError(errno.ENOENT, ""), False),
        (FileExistsError(errno.EEXIST, ""), False),
        (ValueError("no file at all"), False),
    ],
)
def test_what_is_a_lock(error: BaseException, expected: bool) -> None:
    assert is_lock(error) is expected


@pytest.mark.parametrize("locks", [0, 1, 2])
def test_a_lock_that_passes_is_waited_for(waits: list[float], locks: int) -> None:
    errors: list[BaseException] = [OSError(errno.EBUSY, "") for _ in range(locks)]

    assert call_through_locks(failing(errors), first_wait=0.1) == "done"
    assert waits == pytest.approx([0.1, 0.2][:locks])


def test_a_lock_that_stays_is_raised_after_three_tries(waits: list[float]) -> None:
    errors: list[BaseException] = [PermissionError(errno.EACCES, str(number)) for number in range(9)]

    with pytest.raises(PermissionError, match="2"):
        call_through_locks(failing(errors))

    assert len(errors) == 9 - ATTEMPTS == 6
    assert len(waits) == ATTEMPTS - 1


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), ValueError("bad")])
def test_what_cannot_pass_is_raised_at_once(waits: list[float], error: Exception) -> None:
    with pytest.raises(type(error)):
        call_through_locks(failing([error]))

    assert waits == []
