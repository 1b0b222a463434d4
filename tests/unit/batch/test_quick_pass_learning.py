"""The quick pass: what it learns of images that were read, and when."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ocr_desktop.batch.quick_pass import QuickPass
from ocr_desktop.batch.tasks import Attempt
from ocr_desktop.domain.options import Overwrite
from ocr_desktop.domain.states import ItemState
from tests.fakes.quick_pass_desk import Desk, cut, settle, slow_outcomes
from tests.fakes.results import change_unnoticed

pytestmark = pytest.mark.usefixtures("large_images")


def learn_of_reading(desk: Desk) -> tuple[QuickPass, Attempt]:
    desk.put("a.png")
    settle()
    quick = desk.new_pass()
    completion = desk.slowly(desk.items()[0])
    assert completion.attempt.outcome.state is ItemState.COMPLETED
    quick.learn([completion])
    return quick, completion.attempt


@pytest.mark.usefixtures("settled_soon")
def test_an_image_just_read_is_known_once_its_result_has_settled(desk: Desk) -> None:
    quick, _ = learn_of_reading(desk)
    settle()
    desk.now = 2.0
    quick.end()
    assert desk.quickly() == []
    desk.now = 3.0
    quick.end()
    assert desk.quickly() == slow_outcomes(desk)
    assert len(desk.quickly()) == 1


@pytest.mark.parametrize("change", [cut, change_unnoticed, Path.unlink], ids=lambda each: each.__name__)
@pytest.mark.parametrize("name", ["a_ocr_results.json", "a_ocr_results.txt"])
@pytest.mark.usefixtures("settled_soon")
def test_a_result_that_is_not_what_was_written_is_not_learned(
    desk: Desk, name: str, change: Callable[[Path], None]
) -> None:
    quick, _ = learn_of_reading(desk)
    change(desk.folder / name)
    settle()
    desk.now = 3.0
    quick.end()
    assert desk.known.look_up(desk.items()) == {}


@pytest.mark.usefixtures("settled_soon")
def test_a_result_that_has_not_settled_is_not_learned(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    quick, _ = learn_of_reading(desk)
    monkeypatch.undo()  # two seconds, as it is
    desk.now = 3.0
    quick.end()
    assert desk.known.look_up(desk.items()) == {}


def test_an_image_that_has_just_come_is_not_learned(desk: Desk) -> None:
    _, attempt = learn_of_reading(desk)
    assert attempt.known is None


@pytest.mark.usefixtures("settled_soon")
def test_results_that_have_just_been_made_are_not_learned_by_looking_at_them(desk: Desk) -> None:
    desk.put("a.png")
    settle()
    first, second = desk.run(), desk.run()
    assert (first[0].state, second[0].state) == (ItemState.COMPLETED, ItemState.SKIPPED)
    assert desk.known.look_up(desk.items()) == {}


@pytest.mark.usefixtures("settled_soon")
def test_a_numbered_result_is_not_learned(desk: Desk) -> None:
    desk.put("a.png")
    desk.know_all()
    desk.choose(overwrite=Overwrite.SUFFIX)
    attempt = desk.slowly(desk.items()[0]).attempt
    assert attempt.outcome.result_files[0].endswith("_2.json")
    assert attempt.known is None


@pytest.mark.usefixtures("settled_soon")
def test_what_was_learned_is_written_before_a_long_run_ends(desk: Desk) -> None:
    for number in range(3):
        desk.put(f"{number}.png")
    settle()
    desk.run()
    settle()
    items = desk.items()
    quick = desk.new_pass()
    completions = [desk.slowly(item) for item in items]
    quick.learn(completions)
    assert desk.known.look_up(items) == {}
    for _ in range(70):
        quick.learn(completions)
    assert len(desk.known.look_up(items)) == 3
