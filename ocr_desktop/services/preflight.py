"""Preflight: what the user should know of a job before it starts.

What cannot work at all is refused; the rest comes as notices, whole sentences that are kept with the job. The
looks at the images take two seconds at most, however many there are; what was not reached then is said.
"""

import time
from collections.abc import Callable, Sequence
from typing import Final

from ocr_desktop.domain.items import ImageItem
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.services.cloud_placeholders import placeholder_notice
from ocr_desktop.services.duplicates import copies_notice, find_copies
from ocr_desktop.services.image_survey import survey_images
from ocr_desktop.services.result_space import space_notice
from ocr_desktop.services.shared_names import shared_names_notice

TIME_LIMIT: Final = 2.0
"""Seconds for all looks at the images themselves."""


def look_ahead(
    items: Sequence[ImageItem], options: RunOptions, *, clock: Callable[[], float] = time.monotonic
) -> tuple[str, ...]:
    """Return the notices on a job of these items.

    Raises:
        OutputNotWritableError: If there is no space for results.
    """
    deadline = clock() + TIME_LIMIT

    def is_late() -> bool:
        return clock() >= deadline

    survey = survey_images([item.path for item in items], is_late=is_late)
    copies = find_copies(survey.images, is_late=is_late)
    notices = (
        space_notice(items, options),
        shared_names_notice(items),
        placeholder_notice([image.path for image in survey.images if image.is_placeholder]),
        copies_notice(copies),
        "" if survey.is_complete and copies.is_complete else _cut_off(),
    )
    return tuple(notice for notice in notices if notice)


def _cut_off() -> str:
    return "To begin soon, not all images were compared with each other; there may be more copies among them."
