"""Makes a folder of very many images: hard links to a few hundred that are given or drawn."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from ocr_desktop.services.discovery import IMAGE_EXTENSIONS

_DRAWN = 300
"""Different images, where none are given; file systems allow some ten thousand links to one file."""
_PER_FOLDER = 2_000


def fill_folder(folder: Path, count: int, sources: Sequence[Path]) -> None:
    """Make ``count`` images in ``folder``, 2,000 to a subfolder.

    Args:
        folder: Made here.
        count: How many.
        sources: Images, or folders of them, to link to; copied where a link cannot be made. If there are
            none, pages of text are drawn.
    """
    folder.mkdir(parents=True)
    originals = list(_images_in(sources)) or _draw(folder.parent / "originals", min(count, _DRAWN))
    for number in range(count):
        original = originals[number % len(originals)]
        place = folder / f"box {number // _PER_FOLDER + 1}"
        if number % _PER_FOLDER == 0:
            place.mkdir()
        link = place / f"scan {number + 1}{original.suffix}"
        try:
            link.hardlink_to(original)
        except OSError:  # on another disk
            shutil.copyfile(original, link)


def _images_in(sources: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for source in sources:
        files = sorted(source.rglob("*")) if source.is_dir() else [source]
        found.extend(file for file in files if file.suffix.lower() in IMAGE_EXTENSIONS and file.is_file())
    return found


def _draw(folder: Path, count: int) -> list[Path]:
    """Draw pages of text, A4 at 100 dpi."""
    folder.mkdir()
    drawn: list[Path] = []
    for number in range(count):
        page = Image.new("L", (827, 1169), 250)
        pen = ImageDraw.Draw(page)
        for line in range(60):
            words = f"Page {number}, line {line}: " + "lorem ipsum dolor " * 4
            pen.text((60, 40 + 18 * line), words, fill=20)
        path = folder / f"page {number}.jpg"
        page.save(path, quality=80)
        drawn.append(path)
    return drawn
