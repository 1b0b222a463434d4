"""The state machine: which transitions are legal, and that the counters follow every walk through it."""

import tempfile
from collections import Counter
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ocr_desktop.domain.errors import BugError
from ocr_desktop.domain.items import ImageItem, ItemOutcome
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import IllegalTransitionError, ItemState, JobState, advance_item, advance_job
from ocr_desktop.jobs.database import JobDatabase
from ocr_desktop.jobs.sqlite_store import SqliteJobStore
from ocr_desktop.jobs.store import JobRecord

# Written down a second time on purpose: the design, not the code under test.
ITEM_MOVES = {
    ("pending", "processing"),
    ("pending", "cancelled"),
    ("processing", "completed"),
    ("processing", "failed"),
    ("processing", "skipped"),
    ("processing", "cancelled"),
    ("processing", "pending"),
}
JOB_MOVES = {
    ("queued", "processing"),
    ("queued", "cancelled"),
    ("processing", "paused"),
    ("processing", "completed"),
    ("processing", "completed_with_errors"),
    ("processing", "cancelled"),
    ("processing", "interrupted"),
    ("paused", "processing"),
    ("paused", "completed"),
    ("paused", "completed_with_errors"),
    ("paused", "cancelled"),
    ("paused", "interrupted"),
    ("interrupted", "processing"),
    ("interrupted", "cancelled"),
}
FINAL_ITEM_STATES = {"completed", "failed", "skipped", "cancelled"}
FINAL_JOB_STATES = {"completed", "completed_with_errors", "cancelled"}


@pytest.mark.parametrize(("current", "target"), [*product(ItemState, repeat=2)])
def test_items_move_only_as_designed(current: ItemState, target: ItemState) -> None:
    if (current, target) in ITEM_MOVES:
        assert advance_item(current, target) is target
    else:
        with pytest.raises(IllegalTransitionError, match=f"from {current} to {target}"):
            advance_item(current, target)


@pytest.mark.parametrize(("current", "target"), [*product(JobState, repeat=2)])
def test_jobs_move_only_as_designed(current: JobState, target: JobState) -> None:
    if (current, target) in JOB_MOVES:
        assert advance_job(current, target) is target
    else:
        with pytest.raises(IllegalTransitionError, match=f"from {current} to {target}"):
            advance_job(current, target)


def test_final_states_are_those_without_a_way_out() -> None:
    assert {state for state in ItemState if state.is_final} == FINAL_ITEM_STATES
    assert {state for state in JobState if state.is_final} == FINAL_JOB_STATES
    assert {state for state in JobState if state.is_active} == {"processing", "paused"}


def test_an_illegal_transition_is_a_mistake_of_the_program() -> None:
    assert issubclass(IllegalTransitionError, BugError)


class StoreWalk(RuleBasedStateMachine):
    """Walks a job and its items through a store at random, legal steps and illegal ones."""

    @initialize(count=st.integers(1, 6))
    def add_job(self, count: int) -> None:
        self.states = [ItemState.PENDING] * count
        self.job_state = JobState.QUEUED
        self.folder = tempfile.TemporaryDirectory()
        self.store = SqliteJobStore(JobDatabase(Path(self.folder.name) / "jobs.db"))
        record = JobRecord(
            id="job", state=self.job_state, options=RunOptions(), created_at=datetime(2024, 1, 1, tzinfo=UTC)
        )
        items = [
            ImageItem(number, f"/scans/{number}.png", "/scans", (str(number),)) for number in range(count)
        ]
        self.store.add(record, items)

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    @rule(number=st.integers(0, 5), state=st.sampled_from(ItemState))
    def move_item(self, number: int, state: ItemState) -> None:
        number %= len(self.states)
        legal = (self.states[number], state) in ITEM_MOVES
        try:
            if state in FINAL_ITEM_STATES:
                self.store.settle("job", [ItemOutcome(item_id=number, state=state)])
            else:
                self.store.set_item_state("job", number, state)
        except IllegalTransitionError:
            assert not legal
        else:
            assert legal
            self.states[number] = state

    @rule(state=st.sampled_from(JobState))
    def move_job(self, state: JobState) -> None:
        legal = (self.job_state, state) in JOB_MOVES
        try:
            self.store.set_job_state("job", state)
        except IllegalTransitionError:
            assert not legal
        else:
            assert legal
            self.job_state = state

    @invariant()
    def counters_add_up(self) -> None:
        stats = self.store.stats("job")
        counts = Counter(self.states)
        assert {state: stats.of(state) for state in ItemState} == {
            state: counts[state] for state in ItemState
        }
        assert stats.done + stats.remaining == stats.total == len(self.states)

    @invariant()
    def records_tell_the_states(self) -> None:
        assert self.store.get("job").state is self.job_state
        records = self.store.items("job")
        assert [record.state for record in records] == self.states
        assert all((record.outcome is not None) == record.state.is_final for record in records)


TestStoreWalk = StoreWalk.TestCase
TestStoreWalk.settings = settings(max_examples=40, stateful_step_count=30)
