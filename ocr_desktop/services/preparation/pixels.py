"""Between Pillow's images and OpenCV's arrays.

OpenCV is set to one thread: a batch runs one worker for each core, and threads of threads only take turns.
"""

import os
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image

# Before the import: a second library in the same wheel makes its threads as it is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2

cv2.setNumThreads(1)

Grey: TypeAlias = npt.NDArray[np.uint8]
"""Grey pixels, one byte each; first axis is the row."""


def grey_pixels(image: Image.Image) -> Grey:
    """Return the grey pixels of an image as an array of its own."""
    return np.array(image if image.mode == "L" else image.convert("L"), dtype=np.uint8)


def image_of(pixels: Grey) -> Image.Image:
    """Return grey pixels as an image of mode ``L``."""
    return Image.fromarray(pixels)
