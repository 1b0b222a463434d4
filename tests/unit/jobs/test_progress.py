import pytest

from ocr_desktop.domain.items import JobStats
from ocr_desktop.jobs.progress import ProgressMeter


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def stats(*, completed: int = 0, failed: int = 0, skipped: int = 0, total: int = 100) -> JobStats:
    return JobStats(
        total=total,
        completed=completed,
        failed=failed,
        skipped=skipped,
        pending=total - completed - failed - skipped,
    )


def test_gives_no_rate_before_there_is_something_to_go_by() -> None:
    progress = ProgressMeter(clock=Clock()).measure(stats())
    assert progress.rate is None
    assert progress.remaining is None


def test_rate_and_time_left() -> None:
    clock = Clock()
    meter = ProgressMeter(clock=clock)
    meter.measure(stats())
    clock.now += 10
    progress = meter.measure(stats(completed=18, failed=2))
    assert progress.rate == pytest.approx(2.0)
    assert progress.remaining == pytest.approx(40.0)
    assert progress.elapsed == pytest.approx(10.0)


def test_skipped_images_do_not_flatter_the_rate() -> None:
    clock = Clock()
    meter = ProgressMeter(clock=clock)
    meter.measure(stats())
    clock.now += 10
    assert meter.measure(stats(completed=10, skipped=80)).rate == pytest.approx(1.0)


def test_the_clock_stands_still_during_a_pause() -> None:
    clock = Clock()
    meter = ProgressMeter(clock=clock)
    meter.measure(stats())
    clock.now += 10
    meter.pause()
    clock.now += 1000
    meter.resume()
    clock.now += 10
    progress = meter.measure(stats(completed=20))
    assert progress.elapsed == pytest.approx(20.0)
    assert progress.rate == pytest.approx(1.0)


def test_the_rate_follows_the_last_half_minute() -> None:
    clock = Clock()
    meter = ProgressMeter(clock=clock)
    meter.measure(stats())
    for second in range(100):
        clock.now += 1
        meter.measure(stats(completed=second, total=1000))
    for second in range(40):
        clock.now += 1
        progress = meter.measure(stats(completed=100 + 5 * second, total=1000))
    assert progress.rate == pytest.approx(5.0, rel=0.1)


def test_no_time_left_is_promised_while_nothing_is_read() -> None:
    clock = Clock()
    meter = ProgressMeter(clock=clock)
    meter.measure(stats())
    clock.now += 60
    progress = meter.measure(stats())
    assert progress.rate == 0.0
    assert progress.remaining is None


def test_a_job_that_goes_on_counts_what_it_has_worked_before() -> None:
    clock = Clock()
    meter = ProgressMeter(60.0, clock)
    meter.measure(stats(completed=40))
    clock.now += 10
    progress = meter.measure(stats(completed=50))
    assert progress.elapsed == pytest.approx(70.0)
    assert progress.rate == pytest.approx(1.0)
