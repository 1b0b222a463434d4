"""What is said when a worker died or was killed."""

import signal
import sys

import pytest

from ocr_desktop.batch.tasks import ItemTask
from ocr_desktop.batch.worker_failures import describe_exit, greedy_worker, late_worker, lost_worker
from ocr_desktop.domain.errors import Blame
from ocr_desktop.domain.items import ImageItem

ITEM = ImageItem(id=3, path="/scans/letter.png", output_dir="/scans", result_stems=("letter",))
TASK = ItemTask(item=ITEM, attempt=1, token="job-3-1")  # noqa: S106 - part of a file name


@pytest.mark.skipif(sys.platform == "win32", reason="uses POSIX signals")
@pytest.mark.parametrize(
    ("name", "words", "remedy"),
    [
        ("SIGKILL", "was killed, by the system or by another program", "use fewer workers"),
        ("SIGABRT", "gave up without saying why", "--worker-memory"),
        ("SIGSEGV", "crashed", "the image may be damaged"),
        ("SIGTERM", "was ended, by the system", "Start the job again"),
        ("SIGUSR1", "ended unexpectedly", "the image may be damaged"),
    ],
)
def test_a_signal_is_put_into_words(name: str, words: str, remedy: str) -> None:
    attempt = lost_worker(TASK, -signal.Signals[name], 1.0).attempt
    assert f"The process that read “letter.png” {words}" in attempt.outcome.error
    assert f"({name})" in attempt.outcome.error
    assert remedy in attempt.outcome.error
    assert (attempt.outcome.error_kind, attempt.can_pass, attempt.blame) == (
        "worker-lost",
        True,
        Blame.UNSURE,
    )


def test_an_exit_code_is_told() -> None:
    assert "ended unexpectedly (exit code 7)." in lost_worker(TASK, 7, 1.0).attempt.outcome.error
    assert describe_exit(None) == "it does not answer"
    assert describe_exit(-250) == "signal 250"


def test_a_late_image_is_not_read_again() -> None:
    attempt = late_worker(TASK, 2.5, 2.6).attempt
    assert "“letter.png” took longer than the time limit of 2.5 s." in attempt.outcome.error
    assert (attempt.outcome.error_kind, attempt.can_pass) == ("timeout", False)


def test_an_image_that_takes_too_much_memory_fails_alone_and_at_once() -> None:
    attempt = greedy_worker(TASK, 1_500_000_000, 2.0, was_worn=False).attempt
    assert (
        "“letter.png” needed more than the 1,500 MB of memory that one worker may use."
        in attempt.outcome.error
    )
    assert (attempt.outcome.error_kind, attempt.can_pass) == ("out-of-memory", False)
    assert attempt.blame is Blame.UNSURE  # many in a row: the limit is too low


def test_an_image_that_came_to_a_worn_worker_gets_another_try() -> None:
    assert greedy_worker(TASK, 1_500_000_000, 2.0, was_worn=True).attempt.can_pass
