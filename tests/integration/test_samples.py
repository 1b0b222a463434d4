"""The sample scans: what the script draws is what is kept, and the engine reads each of them."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image, ImageChops

from ocr_desktop.services.engines.embedded import open_engine
from ocr_desktop.services.engines.protocol import EngineConfig
from ocr_desktop.services.image_loader import load_upright

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
PHRASES = {
    "letter.png": ("412 of them have now been scanned", "Thomas Ellery, Librarian"),
    "licence specimen.png": ("SPECIMEN", "ALEX JORDAN", "01.02.1990"),
    "photo of a page.jpg": ("Nobody had used it since the", "others to catch up"),
    "receipt.jpg": ("CORNER BAKERY", "TOTAL 10.80"),
}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawn")
    _script().main(folder)
    return folder


def test_all_samples_are_known() -> None:
    assert {path.name for path in (RESOURCES / "samples").iterdir()} == set(PHRASES)


@pytest.mark.parametrize("name", PHRASES)
def test_a_sample_is_what_the_script_draws(name: str, drawn: Path) -> None:
    kept = Image.open(RESOURCES / "samples" / name).convert("RGB")
    again = Image.open(drawn / name).convert("RGB")
    # Not bit by bit: another version of Pillow may pack, or round, the same picture a little differently.
    assert sum(ImageChops.difference(kept, again).convert("L").histogram()[64:]) < 20


@pytest.mark.parametrize("name", PHRASES)
def test_a_sample_can_be_read(name: str) -> None:
    engine = open_engine(EngineConfig(languages=("eng",), page_segmentation=3))
    loaded = load_upright(str(RESOURCES / "samples" / name), max_pixels=10_000_000)
    recognition = engine.recognize(loaded.image, loaded.dpi)
    engine.close()
    for phrase in PHRASES[name]:
        assert phrase in recognition.text


def test_the_photo_lies_on_its_side() -> None:
    path = str(RESOURCES / "samples" / "photo of a page.jpg")
    assert load_upright(path, max_pixels=10_000_000).rotation == 90


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_samples", RESOURCES / "make_samples.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
