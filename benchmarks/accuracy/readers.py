"""The readers that are compared: this program, stock Tesseract, and RapidOCR where it is installed.

``ours``
    This program with ``prepare auto``.
``embedded``
    Stock Tesseract, the library in this program: the same models, page segmentation 3, no preparation.
``system``
    Stock Tesseract, the ``tesseract`` command of the machine, with its start and the loading of its model.
``rapidocr``
    RapidOCR (PP-OCR models on ONNX Runtime) with its own defaults.

Each is timed from the file to the text, decoding included.
"""

import contextlib
import importlib
import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import msgspec
import tesserocr
from PIL import Image

from ocr_desktop.domain.errors import KnownError
from ocr_desktop.domain.results import Recognition
from ocr_desktop.services.engines.language_data import find_language_data
from ocr_desktop.services.engines.tsv import read_tsv
from ocr_desktop.services.image_loader import load_upright
from ocr_desktop.services.preparation.reading import read_prepared
from ocr_desktop.services.resolution import believable_dpi

MOST_PIXELS = 400_000_000
_STOCK_SEGMENTATION = 3
_SECONDS_FOR_ONE = 600


class Reading(msgspec.Struct, frozen=True):
    """What a reader made of one image."""

    text: str
    confidence: float = 0.0
    """Mean over the words, 0..1; 0 where the reader tells none."""
    note: str = ""
    """What was done to the image, or why it could not be read."""


class Reader(Protocol):
    """Reads one image after another."""

    version: str

    def read(self, path: str) -> Reading:
        """Read an image file."""
        ...


class Tesseract:
    """A warm handle of the library in this program; page segmentation can differ from image to image."""

    def __init__(self, languages: str) -> None:
        """Load the models."""
        data = find_language_data()
        if data is None:
            raise SystemExit("There is no language data for the embedded Tesseract.")
        quiet = {"debug_file": os.devnull}
        self._api: Any = tesserocr.PyTessBaseAPI(path=data.folder, lang=languages, psm=3, variables=quiet)
        self.version = " ".join(str(tesserocr.tesseract_version()).split()[:2])

    def recognize(self, image: Image.Image, dpi: int | None, segmentation: int) -> Recognition:
        """Read the pixels as they are."""
        api, (width, height), channels = self._api, image.size, len(image.getbands())
        api.SetPageSegMode(segmentation)
        api.SetImageBytes(image.tobytes(), width, height, channels, width * channels)
        known = believable_dpi(dpi)
        if known is not None:
            api.SetSourceResolution(known)
        try:
            api.Recognize()
            return read_tsv(api.GetTSVText(0), api.GetUTF8Text(), width=width, height=height)
        finally:
            api.Clear()
            api.ClearAdaptiveClassifier()


class Ours:
    """This program, with preparation."""

    def __init__(self, languages: str) -> None:
        """Load the models."""
        self._tesseract = Tesseract(languages)
        self.version = f"preparation auto, {self._tesseract.version}"

    def read(self, path: str) -> Reading:
        """Prepare and read an image file."""
        loaded = load_upright(path, max_pixels=MOST_PIXELS)
        reading = read_prepared(loaded.image, loaded.dpi, self._tesseract.recognize)
        recognition = reading.recognition
        return Reading(recognition.text, recognition.confidence, "; ".join(reading.record.sentences))


class Embedded:
    """Stock Tesseract in this process."""

    def __init__(self, languages: str) -> None:
        """Load the models."""
        self._tesseract = Tesseract(languages)
        self.version = self._tesseract.version

    def read(self, path: str) -> Reading:
        """Read an image file as it is."""
        loaded = load_upright(path, max_pixels=MOST_PIXELS)
        recognition = self._tesseract.recognize(loaded.image, loaded.dpi, _STOCK_SEGMENTATION)
        return Reading(recognition.text, recognition.confidence)


class System:
    """The command of the machine."""

    def __init__(self, languages: str) -> None:
        """Ask for its version."""
        self._languages = languages
        answer = subprocess.run(["tesseract", "--version"], capture_output=True, text=True, check=True)
        self.version = (answer.stdout or answer.stderr).splitlines()[0]

    def read(self, path: str) -> Reading:
        """Read an image file, turned upright as its EXIF says, which the command does not do by itself."""
        with _upright_file(path) as upright:
            command = [
                "tesseract",
                upright,
                "stdout",
                "-l",
                self._languages,
                "--psm",
                str(_STOCK_SEGMENTATION),
            ]
            answer = subprocess.run(command, capture_output=True, timeout=_SECONDS_FOR_ONE, check=False)
        note = "" if answer.returncode == 0 else answer.stderr.decode("utf-8", "replace").strip()
        return Reading(answer.stdout.decode("utf-8", "replace"), note=note)


class RapidOcr:
    """RapidOCR with its own defaults."""

    def __init__(self, languages: str) -> None:
        """Load its models; languages are its own."""
        del languages
        name = "rapidocr" if importlib.util.find_spec("rapidocr") else "rapidocr_onnxruntime"
        self._read: Callable[[Any], Any] = importlib.import_module(name).RapidOCR()
        self.version = importlib.metadata.version(name.replace("_", "-"))

    def read(self, path: str) -> Reading:
        """Read an image file."""
        loaded = load_upright(path, max_pixels=MOST_PIXELS)
        found = self._read(loaded.image.convert("RGB"))
        texts = found[0] if isinstance(found, tuple) else found
        lines = [row[1] for row in texts or ()] if isinstance(found, tuple) else list(texts.txts or ())
        return Reading("\n".join(lines))


READERS: dict[str, Callable[[str], Reader]] = {
    "embedded": Embedded,
    "ours": Ours,
    "system": System,
    "rapidocr": RapidOcr,
}
STOCK = "embedded"
OURS = "ours"


def installed_readers() -> list[str]:
    """Return the names of those that can be used here."""
    there = {
        "system": shutil.which("tesseract") is not None,
        "rapidocr": any(importlib.util.find_spec(name) for name in ("rapidocr", "rapidocr_onnxruntime")),
    }
    return [name for name in READERS if there.get(name, True)]


def read_safely(reader: Reader, path: str) -> Reading:
    """Read an image file; what goes wrong is in the note, with an empty text."""
    try:
        return reader.read(path)
    except (KnownError, OSError, RuntimeError, ValueError, subprocess.SubprocessError) as error:
        return Reading("", note=f"not read: {error}")


@contextlib.contextmanager
def _upright_file(path: str) -> Iterator[str]:
    with Image.open(path) as image:
        turned = image.getexif().get(0x0112, 1) != 1
    if not turned:
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        upright = Path(folder) / "upright.png"
        load_upright(path, max_pixels=MOST_PIXELS).image.save(upright, compress_level=1)
        yield str(upright)
