"""Result ownership: which image a result belongs to, by what it says and by its name."""

import os

from ocr_desktop.domain.items import ImageItem
from ocr_desktop.domain.naming import one_line, plan_stems, printable
from ocr_desktop.domain.results import Source
from ocr_desktop.services.text_result import ResultProof


def known_stems(item: ImageItem) -> tuple[str, ...]:
    """The names that are planned now, then those that were used before other images joined the folder."""
    alone = plan_stems([item.name])[item.name]
    return tuple(dict.fromkeys((*item.result_stems, *alone)))


def is_own(proof: ResultProof, item: ImageItem, source: Source, stem: str) -> bool:
    """Whether a result is of this image: it names it, or has its content under a name planned for it.

    Args:
        proof: What the result says.
        item: The image.
        source: What its file is like.
        stem: What the name of the result begins with.
    """
    is_same_content = proof.sha256 == source.sha256
    if os.path.basename(proof.path) == one_line(source.name):
        return is_same_content or not is_elsewhere(proof.path, item.path, item.output_dir)
    return is_same_content and stem in item.result_stems


def is_elsewhere(named: str, image: str, output_dir: str) -> bool:
    """Whether a result is of an image of the same name in another folder, whose results go here too.

    Args:
        named: The path of the image that the result says it was made of.
        image: Path of the image that it may be of.
        output_dir: The folder that the result is in.
    """
    is_mirrored = output_dir != os.path.dirname(image)
    return is_mirrored and named != one_line(printable(image)) and os.path.exists(named)
