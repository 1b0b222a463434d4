"""pytesseract in N processes. Paths come in on stdin, NUL-separated; N is the argument."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor

import pytesseract
from PIL import Image


def read(path: str) -> int:
    """Read one image; return the length of its text."""
    with Image.open(path) as image:
        return len(pytesseract.image_to_string(image, lang="eng"))


if __name__ == "__main__":
    os.environ["OMP_THREAD_LIMIT"] = "1"
    paths = sys.stdin.read().split("\0")
    with ProcessPoolExecutor(int(sys.argv[1])) as pool:
        for path, length in zip(paths, pool.map(read, paths), strict=True):
            print(path, length)
