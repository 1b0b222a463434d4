"""Boxes of a prepared page, back on the upright image."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.services.preparation.box_map import BoxMap
from ocr_desktop.services.preparation.steps import reshaped, turned

scales = st.floats(0.25, 2.5)
angles = st.floats(-15, 15)


def white(width: int, height: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    return np.full((height, width), 255, np.uint8)


@given(scale=scales, angle=angles, x=st.floats(0, 90), y=st.floats(0, 60))
def test_points_go_there_and_back(scale: float, angle: float, x: float, y: float) -> None:
    _, box_map = reshaped(white(90, 60), scale, angle)
    assert box_map.point(*box_map.back(x, y)) == pytest.approx((x, y), abs=1e-6)


@given(scale=scales, angle=angles)
def test_the_whole_page_is_kept(scale: float, angle: float) -> None:
    pixels, box_map = reshaped(white(90, 60), scale, angle)
    height, width = pixels.shape
    for corner in ((0, 0), (90, 0), (0, 60), (90, 60)):
        x, y = box_map.back(*corner)
        assert -0.6 * max(1, scale) <= x <= width + 0.6 * max(1, scale)
        assert -0.6 * max(1, scale) <= y <= height + 0.6 * max(1, scale)


places, sides = st.integers(10, 60), st.integers(12, 40)


@given(scale=st.floats(0.5, 2.5), angle=st.floats(-10, 10), box=st.tuples(places, places, sides, sides))
def test_what_is_seen_in_a_box_is_there_in_the_image(
    scale: float, angle: float, box: tuple[int, int, int, int]
) -> None:
    """A black rectangle is found on the prepared page and mapped back: the box holds it, and little more."""
    left, top, width, height = box
    page = white(120, 110)
    page[top : top + height, left : left + width] = 0
    pixels, box_map = reshaped(page, scale, angle)
    rows, columns = np.nonzero(pixels < 128)
    seen = (int(columns.min()), int(rows.min()), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)
    x, y, box_width, box_height = box_map.box(seen)
    slack = 1 + 1 / scale
    tilt = abs(np.sin(np.radians(angle)))
    for found, true, other in (
        ((x, x + box_width), (left, left + width), height),
        ((y, y + box_height), (top, top + height), width),
    ):
        grown = 2 * tilt * other + tilt * tilt * max(width, height)
        assert true[0] - grown - slack <= found[0] <= true[0] + slack
        assert true[1] - slack <= found[1] <= true[1] + grown + slack


@given(
    scale=scales,
    angle=angles,
    box=st.tuples(st.integers(-20, 300), st.integers(-20, 300), st.integers(0, 300), st.integers(0, 300)),
)
def test_boxes_stay_inside_the_image(scale: float, angle: float, box: tuple[int, int, int, int]) -> None:
    _, box_map = reshaped(white(90, 60), scale, angle)
    x, y, width, height = box_map.box(box)
    assert 0 <= x <= x + width <= 90
    assert 0 <= y <= y + height <= 60


@pytest.mark.parametrize("scale", [0.5, 1.0, 2.0])
def test_scaling_alone_maps_whole_boxes_onto_whole_boxes(scale: float) -> None:
    pixels, box_map = reshaped(white(100, 80), scale, 0.0)
    assert pixels.shape == (80 * scale, 100 * scale)
    found = (round(10 * scale), round(20 * scale), round(30 * scale), round(40 * scale))
    assert box_map.box(found) == (10, 20, 30, 40)


def test_nothing_done_means_nothing_mapped() -> None:
    page = white(100, 80)
    pixels, box_map = reshaped(page, 1.0, 0.0)
    assert pixels is page
    assert box_map.is_identity
    assert BoxMap(width=100, height=80).box((1, 2, 3, 4)) == (1, 2, 3, 4)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_turns_are_clockwise_and_exact(degrees: int) -> None:
    page = np.arange(12, dtype=np.uint8).reshape(3, 4)
    assert np.array_equal(turned(page, degrees), np.rot90(page, -degrees // 90))
