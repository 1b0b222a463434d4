"""The quick pass: small images are looked at on the spot."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ocr_desktop.batch.quick_pass import QuickPass
from ocr_desktop.domain.options import OutputFormat
from tests.fakes.quick_pass_desk import Desk, cut, each_format, settle, slow_outcomes, timeless
from tests.fakes.results import change_unnoticed


@each_format
@pytest.mark.usefixtures("settled_soon")
def test_a_small_image_with_a_result_is_looked_at_on_the_spot(
    desk: Desk, formats: tuple[OutputFormat, ...], opened: list[str]
) -> None:
    desk.choose(formats=formats)
    desk.put("a.png")
    settle()
    desk.run()
    settle()
    quick = desk.new_pass()
    assert timeless(quick.sift(desk.items())) == slow_outcomes(desk)
    quick.end()
    opened.clear()
    assert desk.quickly() == timeless(desk.quickly()) != []
    assert not [path for path in opened if path.startswith(str(desk.folder))], "by now it is known"


@pytest.mark.usefixtures("settled_soon")
def test_a_small_image_without_a_result_is_not_opened(desk: Desk, opened: list[str]) -> None:
    desk.put("a.png")
    items = desk.items()
    opened.clear()
    assert desk.quickly(items) == []
    assert not [path for path in opened if path.startswith(str(desk.folder))]


@pytest.mark.parametrize("change", [cut, change_unnoticed, Path.unlink], ids=lambda each: each.__name__)
@pytest.mark.parametrize("name", ["a.png", "a_ocr_results.json"])
def test_a_small_image_that_is_not_to_be_skipped_goes_to_a_worker(
    desk: Desk, name: str, change: Callable[[Path], None]
) -> None:
    desk.put("a.png")
    desk.run()
    items = desk.items()
    assert len(desk.quickly(items)) == 1
    if change is change_unnoticed and name.endswith(".json"):
        (desk.folder / name).write_text("[" * 100_000, "utf-8")
    else:
        change(desk.folder / name)
    assert desk.quickly(items) == []


def test_small_images_are_looked_at_only_so_long(desk: Desk) -> None:
    for number in range(5):
        desk.put(f"{number}.png")
    desk.run()

    def hurry() -> float:
        desk.now += 0.015
        return desk.now

    quick = QuickPass(desk.bench().skip_detector, desk.known, hurry)
    assert 0 < len(quick.sift(desk.items())) < 5
