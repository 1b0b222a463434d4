import threading
from collections.abc import Callable

import pytest

from ocr_desktop.batch.control import JobControl, Order
from ocr_desktop.domain.errors import ExitCode
from ocr_desktop.domain.jobs import Trouble
from ocr_desktop.domain.states import JobState


def is_open(control: JobControl) -> bool:
    with control.gate() as may_start:
        return may_start


def test_starts_open() -> None:
    assert is_open(JobControl())


def test_pause_closes_the_gate_and_resume_opens_it() -> None:
    states: list[JobState] = []
    control = JobControl(on_state=lambda state, _trouble: states.append(state))
    assert control.pause()
    assert not is_open(control)
    assert control.resume()
    assert is_open(control)
    assert states == [JobState.PAUSED, JobState.PROCESSING]


def test_a_halt_is_a_pause_with_a_reason() -> None:
    told: list[tuple[JobState, Trouble | None]] = []
    control = JobControl(on_state=lambda state, trouble: told.append((state, trouble)))
    trouble = Trouble(kind="disk-full", message="The disk is full.", exit_code=ExitCode.OUTPUT_NOT_WRITABLE)
    assert control.halt(trouble)
    assert not is_open(control)
    assert not control.halt(trouble)
    assert control.resume()
    assert told == [(JobState.PAUSED, trouble), (JobState.PROCESSING, None)]


@pytest.mark.parametrize("stop", [JobControl.cancel, JobControl.interrupt])
def test_a_stopped_job_can_neither_be_paused_nor_resumed(stop: Callable[[JobControl], bool]) -> None:
    control = JobControl()
    assert stop(control)
    assert not control.pause()
    assert not control.resume()
    assert not is_open(control)
    assert control.stops


def test_an_interrupt_can_become_a_cancel_but_not_the_reverse() -> None:
    control = JobControl()
    assert control.interrupt()
    assert control.cancel()
    assert not control.interrupt()
    assert control.order is Order.CANCEL


def test_orders_that_change_nothing_are_refused() -> None:
    control = JobControl()
    assert not control.resume()
    assert control.pause()
    assert not control.pause()


def test_every_order_is_refused_once_the_job_ends() -> None:
    states: list[JobState] = []
    control = JobControl(on_state=lambda state, _trouble: states.append(state))
    with control.ending() as order:
        assert order is Order.GO
    assert not control.pause()
    assert not control.cancel()
    assert not control.interrupt()
    assert not is_open(control)
    assert states == []


def test_an_order_wakes_the_processor() -> None:
    woken: list[str] = []
    control = JobControl()
    control.attach(lambda: woken.append("woken"))
    control.pause()
    control.resume()
    control.cancel()
    assert len(woken) == 3


def test_an_order_waits_for_the_item_that_is_just_being_started() -> None:
    control = JobControl()
    happened: list[str] = []
    with control.gate():

        def pause() -> None:
            control.pause()
            happened.append("paused")

        thread = threading.Thread(target=pause)
        thread.start()
        thread.join(0.1)
        happened.append("started")
    thread.join()
    assert happened == ["started", "paused"]


def test_an_order_that_waits_goes_before_who_takes_the_gate_again() -> None:
    """A lock alone is no queue: who has just let it go would nearly always be the first to take it again."""
    for _ in range(10):
        control = JobControl()
        thread = threading.Thread(target=control.cancel)
        with control.gate():
            thread.start()
            thread.join(0.02)  # it waits for the gate by now
        assert not is_open(control)
        thread.join()
