"""Job locks: one job is run by one process only.

A lock is held through the operating system, so a process that dies cannot keep it, however it dies.
"""

from pathlib import Path
from typing import Final

import filelock

from ocr_desktop.services.folders import ensure_private

_PRIVATE: Final = 0o600


class JobLocks:
    """Locks in files of one folder. May be used from any thread."""

    def __init__(self, folder: Path) -> None:
        """Keep the lock files in ``folder``, which is made when the first lock is taken."""
        self._folder = folder

    def try_lock(self, job_id: str) -> filelock.BaseFileLock | None:
        """Take the lock of a job, or return None if a process (this one included) holds it.

        The caller releases it, on any thread.
        """
        ensure_private(self._folder)
        lock = filelock.FileLock(self._path(job_id), timeout=0, mode=_PRIVATE, thread_local=False)
        try:
            lock.acquire()
        except filelock.Timeout:
            return None
        return lock

    def forget(self, job_id: str) -> None:
        """Remove the lock file of a job that is deleted."""
        self._path(job_id).unlink(missing_ok=True)

    def _path(self, job_id: str) -> Path:
        return self._folder / f"{job_id}.lock"
