"""Job locks: one job is run by one process only.

A lock is held through the operating system, so a process that dies cannot keep it, however it dies.
"""

import threading
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
        self._mutex = threading.Lock()
        self._reserved: dict[str, filelock.BaseFileLock] = {}

    def reserve(self, job_id: str) -> None:
        """Hold the lock of a new job until :meth:`try_lock` asks for it: the job waits for its turn here."""
        lock = self._acquire(job_id)
        if lock is not None:
            with self._mutex:
                self._reserved[job_id] = lock

    def is_held(self, job_id: str) -> bool:
        """Whether a process (this one included) runs the job, or has reserved it."""
        with self._mutex:
            if job_id in self._reserved:
                return True
        lock = self._acquire(job_id)
        if lock is None:
            return True
        lock.release()
        return False

    def release_reserved(self) -> None:
        """Let go of the jobs that still wait: somebody else may run them."""
        with self._mutex:
            locks = list(self._reserved.values())
            self._reserved.clear()
        for lock in locks:
            lock.release()

    def try_lock(self, job_id: str) -> filelock.BaseFileLock | None:
        """Take the lock of a job, or return None if a process (this one included) holds it.

        One that was reserved here is handed over. The caller releases it, on any thread.
        """
        with self._mutex:
            reserved = self._reserved.pop(job_id, None)
        return reserved or self._acquire(job_id)

    def forget(self, job_id: str) -> None:
        """Remove the lock file of a job that is deleted."""
        self._path(job_id).unlink(missing_ok=True)

    def _acquire(self, job_id: str) -> filelock.BaseFileLock | None:
        ensure_private(self._folder)
        lock = filelock.FileLock(self._path(job_id), timeout=0, mode=_PRIVATE, thread_local=False)
        try:
            lock.acquire()
        except filelock.Timeout:
            return None
        return lock

    def _path(self, job_id: str) -> Path:
        return self._folder / f"{job_id}.lock"
