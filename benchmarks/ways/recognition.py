"""The limit: CPU time of recognition alone, of images already in memory, with the program's own settings.

Paths come in on stdin, NUL-separated; the argument says how many processes share them. Prints the sum of the
CPU seconds.
"""

import multiprocessing
import os
import sys
import time

from ocr_desktop.domain.options import RunOptions
from ocr_desktop.services.engines.language_data import find_language_data
from ocr_desktop.services.image_loader import load_upright
from ocr_desktop.services.resolution import believable_dpi

OPTIONS = RunOptions()


def recognize_all(paths: list[str]) -> float:
    """Return the CPU seconds that the engine needs for ``paths``, opening and decoding left out."""
    import tesserocr  # noqa: PLC0415 - OMP_THREAD_LIMIT has to be set before

    data = find_language_data()
    if data is None:
        sys.exit("There is no language data.")
    with tesserocr.PyTessBaseAPI(
        path=data.folder,
        lang=OPTIONS.language_code,
        psm=OPTIONS.page_segmentation,
        variables={"debug_file": os.devnull},
    ) as api:
        return sum(_recognize(api, path) for path in paths)


def _recognize(api: object, path: str) -> float:
    loaded = load_upright(path, max_pixels=int(OPTIONS.max_megapixels * 1e6))
    image, dpi = loaded.image, believable_dpi(loaded.dpi)
    channels = len(image.getbands())
    pixels = image.tobytes()
    began = time.process_time()
    api.SetImageBytes(pixels, image.width, image.height, channels, image.width * channels)  # type: ignore[attr-defined]
    if dpi is not None:
        api.SetSourceResolution(dpi)  # type: ignore[attr-defined]
    api.Recognize()  # type: ignore[attr-defined]
    seconds = time.process_time() - began
    api.Clear()  # type: ignore[attr-defined]
    api.ClearAdaptiveClassifier()  # type: ignore[attr-defined]
    return seconds


if __name__ == "__main__":
    os.environ["OMP_THREAD_LIMIT"] = "1"
    processes = int(sys.argv[1])
    everything = sys.stdin.read().split("\0")
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        print(sum(pool.map(recognize_all, [everything[n::processes] for n in range(processes)], chunksize=1)))
