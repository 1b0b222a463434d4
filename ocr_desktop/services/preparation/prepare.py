"""One page made ready for the engine."""

from enum import StrEnum

import msgspec
from PIL import Image

from ocr_desktop.domain.preparation import PreparationRecord
from ocr_desktop.services.preparation.box_map import BoxMap
from ocr_desktop.services.preparation.measures import measure_pixels
from ocr_desktop.services.preparation.pixels import Grey, grey_pixels, image_of
from ocr_desktop.services.preparation.plan import FULL_LAYOUT, Plan, plan_preparation
from ocr_desktop.services.preparation.steps import levelled, reshaped, turned


class PrepareMode(StrEnum):
    """How pages are prepared."""

    AUTO = "auto"
    """As measures of each page advise."""
    OFF = "off"
    """Not at all: the engine gets the pixels as they are."""


class PrepareOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What the user wants."""

    mode: PrepareMode = PrepareMode.AUTO
    segmentation: int = FULL_LAYOUT
    """Page segmentation mode; mode 3 leaves the choice to the measures."""
    may_turn: bool = True
    """Whether pages may be turned; False where the user has said which way up they stand."""


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A page as the engine gets it. The image that it was made of is unchanged."""

    image: Image.Image
    """Mode ``L``; or the image as it was, if nothing was to be done."""
    resolution: int | None
    """Dots per inch to tell the engine; None leaves it to estimate."""
    segmentation: int
    turn: int
    """Degrees clockwise by which the given image was turned to stand upright."""
    box_map: BoxMap
    """From this image to the given one, turned by ``turn``, at its full size."""
    record: PreparationRecord


def prepare(image: Image.Image, dpi: int | None, options: PrepareOptions) -> Prepared:
    """Prepare a page by its measures, without asking an engine.

    Args:
        image: Mode ``L`` or ``RGB``, upright as the file and the user say.
        dpi: Resolution as the file says, if it does.
        options: What the user wants.
    """
    if options.mode is PrepareMode.OFF:
        return unprepared(image, dpi, options)
    page = grey_pixels(image)
    plan = plan_preparation(
        measure_pixels(page), dpi=dpi, segmentation=options.segmentation, may_turn=options.may_turn
    )
    return carry_out(plan, page)


def unprepared(image: Image.Image, dpi: int | None, options: PrepareOptions) -> Prepared:
    """Return a page as it is."""
    return Prepared(
        image=image,
        resolution=dpi,
        segmentation=options.segmentation,
        turn=0,
        box_map=BoxMap(width=image.width, height=image.height),
        record=PreparationRecord(),
    )


def carry_out(plan: Plan, page: Grey) -> Prepared:
    """Do to a page what the plan says."""
    pixels, box_map = reshaped(turned(page, plan.turn), plan.scale, plan.angle)
    if plan.level:
        pixels = levelled(pixels, plan.level)
    return Prepared(
        image=image_of(pixels),
        resolution=plan.resolution,
        segmentation=plan.segmentation,
        turn=plan.turn,
        box_map=box_map,
        record=PreparationRecord(steps=plan.steps),
    )
