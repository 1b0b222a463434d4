"""Reads a page with preparation: measure, plan, read; and look again where the page was read badly.

This is the one entry point for the work on an item. It costs one recognition, and a trial of some four lines
where the measures leave a doubt which way up the page stands.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec
from PIL import Image

from ocr_desktop.domain.preparation import PreparationRecord, PreparationStep
from ocr_desktop.domain.results import Block, Line, Recognition, Word
from ocr_desktop.services.preparation.box_map import BoxMap
from ocr_desktop.services.preparation.measures import PageMeasures, measure_pixels
from ocr_desktop.services.preparation.pixels import Grey, grey_pixels, image_of
from ocr_desktop.services.preparation.plan import ONE_BLOCK, Plan, plan_preparation
from ocr_desktop.services.preparation.prepare import (
    Prepared,
    PrepareMode,
    PrepareOptions,
    carry_out,
    unprepared,
)
from ocr_desktop.services.preparation.steps import reshaped, turned

Recognize = Callable[[Image.Image, int | None, int], Recognition]
"""Reads an image of a resolution (dots per inch, or None) with a page segmentation mode."""

_Item = TypeVar("_Item", Word, Line, Block)

TRUSTED = 0.45
"""Confidence that the better way up has to reach in a trial to be believed."""
LEAD = 0.2
"""By how much it has to be more confident than the other."""
_BADLY_READ = 0.55
"""Mean confidence of a page below which it may stand on its head after all."""
_FEWEST_LETTERS = 8
"""A trial that reads fewer letters says nothing."""
_HALF_TURN = 180


class PreparedReading(msgspec.Struct, frozen=True, kw_only=True):
    """What was read off a page, in pixels of the upright image at its full size."""

    recognition: Recognition
    turn: int
    """Degrees clockwise by which the given image was turned to stand upright."""
    width: int
    height: int
    """Size of the upright image."""
    record: PreparationRecord


def read_prepared(
    image: Image.Image, dpi: int | None, recognize: Recognize, options: PrepareOptions | None = None
) -> PreparedReading:
    """Prepare and read a page.

    Args:
        image: Mode ``L`` or ``RGB``, upright as the file and the user say. Stays as it is.
        dpi: Resolution as the file says, if it does.
        recognize: The engine.
        options: What the user wants; ``auto`` if not given.

    Raises:
        RecognitionError: Whatever ``recognize`` raises.
    """
    options = options or PrepareOptions()
    if options.mode is PrepareMode.OFF:
        return _read(unprepared(image, dpi, options), recognize)
    page = grey_pixels(image)
    measures = measure_pixels(page)
    plan = plan_preparation(measures, dpi=dpi, segmentation=options.segmentation, may_turn=options.may_turn)
    if plan.doubts_turn:
        return _read(carry_out(_after_trial(plan, page, measures, recognize), page), recognize)
    reading = _read(carry_out(plan, page), recognize)
    if not plan.may_be_inverted or reading.recognition.confidence >= _BADLY_READ:
        return reading
    other = _after_trial(plan, page, measures, recognize)
    return reading if other.turn == plan.turn else _read(carry_out(other, page), recognize)


def _read(prepared: Prepared, recognize: Recognize) -> PreparedReading:
    found = recognize(prepared.image, prepared.resolution, prepared.segmentation)
    return PreparedReading(
        recognition=mapped(found, prepared.box_map),
        turn=prepared.turn,
        width=prepared.box_map.width,
        height=prepared.box_map.height,
        record=prepared.record,
    )


def mapped(found: Recognition, box_map: BoxMap) -> Recognition:
    """Return a recognition with its boxes in pixels of the upright image."""
    if box_map.is_identity:
        return found
    return Recognition(
        text=found.text,
        words=tuple(_with_box(word, box_map) for word in found.words),
        lines=tuple(_with_box(line, box_map) for line in found.lines),
        blocks=tuple(_with_box(block, box_map) for block in found.blocks),
    )


def _with_box(item: _Item, box_map: BoxMap) -> _Item:
    return msgspec.structs.replace(item, box=box_map.box(item.box))


def _after_trial(plan: Plan, page: Grey, measures: PageMeasures, recognize: Recognize) -> Plan:
    """Read a few lines both ways up; return the plan for the better one if the trial can be believed."""
    top, bottom = measures.band
    strip = turned(page, plan.turn - _HALF_TURN if plan.turn > _HALF_TURN else plan.turn)[top:bottom]
    if not strip.size:
        return plan
    strip, _ = reshaped(strip, plan.scale, plan.angle)
    as_planned, on_head = strip, turned(strip, _HALF_TURN)
    if plan.turn > _HALF_TURN:  # the band is that of the page turned by 90 degrees
        as_planned, on_head = on_head, as_planned
    here, there = (
        _legibility(recognize(image_of(way), plan.resolution, ONE_BLOCK).words)
        for way in (as_planned, on_head)
    )
    if there < TRUSTED or there < here + LEAD:
        return plan
    turn = (plan.turn + _HALF_TURN) % 360
    step = PreparationStep(
        name="turn",
        value=turn,
        reason=f"some lines are read with confidence {there:.2f} this way up, {here:.2f} the other",
    )
    others = tuple(done for done in plan.steps if done.name != "turn")
    return msgspec.structs.replace(plan, turn=turn, steps=(step, *others))


def _legibility(words: Sequence[Word]) -> float:
    """Return the mean confidence by letter, 0 where there are too few letters."""
    letters = [sum(map(str.isalnum, word.text)) for word in words]
    total = sum(letters)
    if total < _FEWEST_LETTERS:
        return 0.0
    return sum(count * word.confidence for count, word in zip(letters, words, strict=True)) / total
