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
        return is_same_content or not _is_elsewhere(proof, item)
    return is_same_content and stem in item.result_stems


def _is_elsewhere(proof: ResultProof, item: ImageItem) -> bool:
    """Whether the result is of an image of the same name in another folder, whose results go here too."""
    is_mirrored = item.output_dir != os.path.dirname(item.path)
    return is_mirrored and proof.path != one_line(printable(item.path)) and os.path.exists(proof.path)
