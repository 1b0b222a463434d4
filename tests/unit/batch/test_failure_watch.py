from ocr_desktop.batch.failure_watch import MOST_IN_A_ROW, FailureWatch
from ocr_desktop.batch.item_work import failed_attempt
from ocr_desktop.batch.tasks import Completion, ItemTask
from ocr_desktop.domain.errors import (
    ImageFolderMissingError,
    ImageUnreadableError,
    ItemError,
    RecognitionError,
    WorkerLostError,
)
from ocr_desktop.domain.items import ImageItem


def failure(number: int, error: ItemError | None = None) -> Completion:
    item = ImageItem(number, f"/scans/{number}.png", "/scans", (str(number),))
    task = ItemTask(item=item, attempt=1, token=str(number))
    return Completion(task, failed_attempt(task, error or RecognitionError("The engine gave up."), 0.1))


def test_a_bad_image_fails_at_once() -> None:
    watch = FailureWatch()
    bad = failure(1, ImageUnreadableError("It is cut off."))
    assert watch.failed(bad) == [bad]


def test_doubtful_failures_are_held_back_until_an_image_is_read() -> None:
    watch = FailureWatch()
    doubtful = [failure(1), failure(2, WorkerLostError("It died."))]
    assert [watch.failed(completion) for completion in doubtful] == [[], []]
    assert watch.trouble() is None
    assert watch.passed() == doubtful
    assert watch.passed() == []


def test_bad_images_neither_lengthen_nor_break_a_row() -> None:
    watch = FailureWatch()
    for number in range(MOST_IN_A_ROW - 1):
        watch.failed(failure(number))
        watch.failed(failure(100 + number, ImageUnreadableError("It is cut off.")))
    assert watch.trouble() is None
    watch.failed(failure(99))
    assert watch.trouble() is not None


def test_many_in_a_row_are_put_down_to_the_world() -> None:
    watch = FailureWatch()
    row = [failure(number) for number in range(MOST_IN_A_ROW)]
    assert not any(watch.failed(completion) for completion in row)
    trouble = watch.trouble()
    assert trouble is not None
    assert trouble.kind == "recognition"
    assert trouble.message.startswith("10 images in a row could not be read. The last time: The engine gave")
    assert watch.take_row() == row
    assert watch.trouble() is None


def test_who_goes_on_regardless_is_stopped_less_often_and_then_not_at_all() -> None:
    watch = FailureWatch()
    rows = []
    for number in range(1000):
        watch.failed(failure(number))
        if watch.trouble() is not None:
            rows.append(len(watch.take_row()))
    assert rows == [10, 100]
    last = failure(1001)
    assert watch.failed(last) == [last]


def test_an_image_that_is_read_makes_it_watchful_again() -> None:
    watch = FailureWatch()
    for number in range(10):
        watch.failed(failure(number))
    watch.take_row()
    watch.passed()
    for number in range(10):
        watch.failed(failure(number))
    assert watch.trouble() is not None


def test_who_goes_on_in_another_run_is_not_asked_again_so_soon() -> None:
    first = FailureWatch()
    for number in range(10):
        first.failed(failure(number))
    second = FailureWatch(first.trouble())
    for number in range(99):
        second.failed(failure(number))
    assert second.trouble() is None
    second.failed(failure(99))
    assert second.trouble() is not None


def test_the_last_images_of_a_job_do_not_fail_for_a_lost_folder() -> None:
    watch = FailureWatch()
    watch.failed(failure(1, ImageFolderMissingError("The folder is gone.")))
    trouble = watch.last_trouble()
    assert trouble is not None
    assert trouble.message == "The folder is gone."
    again = FailureWatch(trouble)
    again.failed(failure(1, ImageFolderMissingError("The folder is gone.")))
    assert again.last_trouble() is None


def test_the_last_images_of_a_job_may_be_bad_ones() -> None:
    watch = FailureWatch()
    watch.failed(failure(1))
    assert watch.last_trouble() is None
