"""What is done to a page follows from its measures, and says why."""

import msgspec
import pytest
from PIL import Image

from ocr_desktop.services.preparation.measures import PageMeasures, measure_page
from ocr_desktop.services.preparation.plan import (
    ENOUGH_TEXT_HEIGHT,
    FULL_LAYOUT,
    ONE_BLOCK,
    PICTURE_TEXT_HEIGHT,
    Plan,
    plan_preparation,
)
from ocr_desktop.services.preparation.skew import LineFit
from tests.fakes.pages import draw_text, tilted

SHEET = PageMeasures(
    width=1700,
    height=2200,
    characters=2000,
    text_height=18.0,
    fragments=0.1,
    sideways=0.05,
    lines=LineFit(angle=0.1, sharpness=4.0, uprightness=1.4),
    band=(500, 700),
    contrast=230,
    midtones=0.1,
)
"""A page that the engine reads well as it is."""


def changed(**values: object) -> PageMeasures:
    return msgspec.structs.replace(SHEET, **values)


def plan_for(page: PageMeasures, *, dpi: int | None = None, segmentation: int = FULL_LAYOUT) -> Plan:
    return plan_preparation(page, dpi=dpi, segmentation=segmentation)


def names(plan: Plan) -> list[str]:
    return [step.name for step in plan.steps]


def test_a_good_page_is_left_alone() -> None:
    plan = plan_for(SHEET, dpi=300)
    assert plan.steps == ()
    assert (plan.turn, plan.angle, plan.scale, plan.segmentation, plan.resolution) == (0, 0.0, 1.0, 3, 300)


@pytest.mark.parametrize(
    ("height", "scale"), [(10.0, 1.4), (7.0, 2.0), (5.0, 2.5), (36.0, 0.5), (400.0, 0.25)]
)
def test_text_is_brought_to_the_height_that_is_read_best(height: float, scale: float) -> None:
    plan = plan_for(changed(width=850, height=1100, text_height=height), dpi=300)
    assert plan.scale == pytest.approx(scale, rel=0.01)
    assert "scale" in names(plan)


def test_the_resolution_goes_with_the_height_of_the_text() -> None:
    """The engine is told what 10-point print of that height would have, whatever the file says."""
    plan = plan_for(changed(width=850, height=1100, text_height=ENOUGH_TEXT_HEIGHT / 2), dpi=72)
    assert plan.resolution == pytest.approx(210, abs=5)


def test_a_huge_page_is_not_scaled_up_beyond_all_measure() -> None:
    plan = plan_for(changed(width=5000, height=7000, text_height=8.0))
    assert plan.scale == 1.0


@pytest.mark.parametrize(
    ("angle", "sharpness", "straightened"),
    [(1.0, 4.0, False), (3.5, 4.0, True), (-3.5, 4.0, True), (3.5, 1.2, False)],
)
def test_only_a_clear_skew_is_straightened(angle: float, sharpness: float, straightened: bool) -> None:
    plan = plan_for(changed(lines=LineFit(angle=angle, sharpness=sharpness, uprightness=1.4)))
    assert plan.angle == (angle if straightened else 0.0)
    assert ("straighten" in names(plan)) is straightened


@pytest.mark.parametrize(
    ("sideways", "uprightness", "turn", "doubt"),
    [
        (0.05, 1.4, 0, False),
        (0.05, 1.0, 0, False),
        (0.05, 0.7, 0, True),
        (0.95, 1.4, 90, False),
        (0.95, 0.7, 270, False),
        (0.95, 1.02, 90, True),
        (0.95, 0.98, 270, True),
    ],
)
def test_the_way_up(sideways: float, uprightness: float, turn: int, doubt: bool) -> None:
    lines = LineFit(angle=0.0, sharpness=4.0, uprightness=uprightness)
    plan = plan_for(changed(sideways=sideways, lines=lines))
    assert (plan.turn, plan.doubts_turn) == (turn, doubt)
    assert plan.may_be_inverted is (sideways > 0.5 or uprightness < 1.1)


def test_a_strip_of_paper_is_one_block() -> None:
    receipt = changed(width=800, height=2000, text_height=18.0)
    plan = plan_for(receipt)
    assert plan.segmentation == ONE_BLOCK
    assert "segmentation" in names(plan)
    assert plan_for(changed(width=2000, height=800)).segmentation == FULL_LAYOUT
    assert plan_for(SHEET).segmentation == FULL_LAYOUT


def test_a_strip_on_its_side_is_one_block_too() -> None:
    lines = LineFit(angle=0.0, sharpness=4.0, uprightness=1.4)
    plan = plan_for(changed(width=2000, height=800, sideways=0.95, lines=lines))
    assert plan.segmentation == ONE_BLOCK


def test_text_on_a_picture_is_made_larger() -> None:
    card = changed(width=1000, height=630, text_height=10.0)
    plain, picture = (plan_for(msgspec.structs.replace(card, midtones=tones)).scale for tones in (0.1, 0.5))
    assert picture == pytest.approx(plain * PICTURE_TEXT_HEIGHT / ENOUGH_TEXT_HEIGHT)


def test_the_background_of_a_photographed_receipt_is_divided_out() -> None:
    receipt = changed(width=800, height=2000, midtones=0.5)
    plan = plan_for(receipt)
    assert "level" in names(plan)
    assert plan.level == pytest.approx(18.0 * plan.scale)
    assert plan_for(msgspec.structs.replace(receipt, midtones=0.1)).level == 0.0
    assert plan_for(changed(midtones=0.5)).level == 0.0


def test_a_segmentation_chosen_by_hand_is_kept() -> None:
    assert plan_for(changed(width=800, height=2000), segmentation=11).segmentation == 11


def test_each_step_says_why() -> None:
    page = tilted(draw_text(width=700, font=16), 5).transpose(Image.Transpose.ROTATE_90)
    plan = plan_for(measure_page(page))
    assert set(names(plan)) >= {"turn", "straighten", "scale"}
    assert all(any(map(str.isdigit, step.reason)) for step in plan.steps)


def test_a_scrap_of_the_screen_is_doubled() -> None:
    scrap = changed(width=190, height=40, text_height=None, lines=None, characters=3)
    assert plan_for(scrap).scale == 2.0
    assert plan_for(changed(text_height=None, lines=None)).scale == 1.0


@pytest.mark.parametrize("sideways", [0.05, 0.95])
def test_a_page_that_the_user_has_turned_is_not_turned_again(sideways: float) -> None:
    on_head = LineFit(angle=4.0, sharpness=4.0, uprightness=0.7)
    page = changed(sideways=sideways, lines=on_head)
    plan = plan_preparation(page, dpi=None, segmentation=FULL_LAYOUT, may_turn=False)
    assert plan.turn == 0
    assert not plan.doubts_turn
    assert not plan.may_be_inverted
