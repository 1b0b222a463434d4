"""Many tiny images, for benchmarks of everything but the recognition."""

from pathlib import Path

from PIL import Image


def draw_tiny_images(folder: Path, count: int) -> None:
    """Make ``count`` images of different content, 20 x 20 pixels each, in a new folder."""
    folder.mkdir()
    for number in range(count):
        pixels = number.to_bytes(4, "big") * 100
        Image.frombytes("L", (20, 20), pixels).save(folder / f"scan {number}.png")
