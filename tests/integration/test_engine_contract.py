"""The contract of an OCR engine, held by both adapters on the real Tesseract."""

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ocr_desktop.domain.errors import BugError, LanguageMissingError
from ocr_desktop.domain.results import Box, Recognition
from ocr_desktop.services.engines.catalog import DEFAULT_ENGINES, EngineCatalog
from ocr_desktop.services.engines.embedded import EMBEDDED
from ocr_desktop.services.engines.protocol import EngineConfig, EngineSpec, OcrEngine
from ocr_desktop.services.image_loader import load_upright
from tests.fakes import images

ENGLISH = EngineConfig(languages=("eng",), page_segmentation=3)
MAX_PIXELS = 40_000_000
SAME_TEXT = 0.95
"""Similarity (0..1) from which two readings of a clean page count as the same."""
NEAR = 12
"""Pixels by which a box may miss the ink that was drawn."""


@pytest.fixture(params=DEFAULT_ENGINES, ids=lambda spec: spec.name)
def spec(request: pytest.FixtureRequest) -> EngineSpec:
    chosen: EngineSpec = request.param
    status = chosen.probe()
    if not status.available:
        pytest.skip(f"{status.problem} {status.remedy}")
    return chosen


@pytest.fixture
def engine(spec: EngineSpec) -> Iterator[OcrEngine]:
    opened = spec.open(ENGLISH)
    yield opened
    opened.close()


def similarity(text: str, expected: str) -> float:
    return difflib.SequenceMatcher(None, text.split(), expected.split()).ratio()


def assert_consistent(recognition: Recognition, image: Image.Image) -> None:
    """Words, lines and blocks fit each other, the text and the image."""
    words, lines, blocks = recognition.words, recognition.lines, recognition.blocks
    assert [word.text for word in words] == recognition.text.split()
    assert list(dict.fromkeys(word.line for word in words)) == list(range(len(lines)))
    assert list(dict.fromkeys(word.block for word in words)) == list(range(len(blocks)))
    for word in words:
        assert 0 <= word.confidence <= 1
        assert lines[word.line].block == word.block
        assert encloses(lines[word.line].box, word.box)
        assert encloses(blocks[word.block].box, word.box)
    for block in blocks:
        assert encloses((0, 0, *image.size), block.box)


def encloses(outer: Box, inner: Box) -> bool:
    return (
        outer[0] <= inner[0]
        and outer[1] <= inner[1]
        and inner[0] + inner[2] <= outer[0] + outer[2]
        and inner[1] + inner[3] <= outer[1] + outer[3]
    )


def ink_box(image: Image.Image, around: Box) -> Box:
    """Where the ink is, near a box."""
    x, y, width, height = around
    area = (x - NEAR, y - NEAR, x + width + NEAR, y + height + NEAR)
    ink = image.crop(area).convert("L").point([255] * 128 + [0] * 128).getbbox()
    assert ink is not None
    return (area[0] + ink[0], area[1] + ink[1], ink[2] - ink[0], ink[3] - ink[1])


# --- reading ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_page_is_read(engine: OcrEngine, mode: str) -> None:
    page = images.draw_page(mode=mode)

    recognition = engine.recognize(page, None)

    assert similarity(recognition.text, "\n".join(images.LINES)) >= SAME_TEXT
    assert recognition.text.rstrip("\n").count("\n") >= len(images.LINES) - 1
    assert len(recognition.lines) == len(images.LINES)
    assert recognition.confidence > 0.8
    assert_consistent(recognition, page)


def test_boxes_are_around_their_words(engine: OcrEngine) -> None:
    page = images.draw_page(("first", "second"), font_size=60)

    recognition = engine.recognize(page, 300)

    assert [word.text for word in recognition.words] == ["first", "second"]
    for word in recognition.words:
        ink = ink_box(page, word.box)
        assert all(abs(found - drawn) <= 4 for found, drawn in zip(word.box, ink, strict=True))
    first, second = recognition.words
    assert first.box[1] + first.box[3] < second.box[1]


def test_columns_are_told_apart(engine: OcrEngine) -> None:
    column = images.draw_page(("many words on", "the one side", "of this page"), font_size=30)
    page = Image.new("L", (column.width * 2 + 200, column.height), 255)
    page.paste(column, (0, 0))
    page.paste(column, (column.width + 200, 0))

    recognition = engine.recognize(page, 200)

    assert len(recognition.blocks) >= 2
    assert_consistent(recognition, page)


@pytest.mark.parametrize("orientation", images.ORIENTATIONS)
def test_a_turned_page_has_boxes_in_the_upright_image(
    engine: OcrEngine, tmp_path: Path, orientation: int
) -> None:
    upright = images.draw_page()
    path = images.write_oriented(tmp_path / "page.png", orientation)

    loaded = load_upright(str(path), max_pixels=MAX_PIXELS)
    turned = engine.recognize(loaded.image, loaded.dpi)

    assert loaded.image.size == upright.size
    assert turned == engine.recognize(upright, None)
    assert all(encloses((0, 0, *upright.size), word.box) for word in turned.words)


@pytest.mark.parametrize("size", [(600, 400), (1, 1), (1, 3000), (3000, 1), (3, 3)])
@pytest.mark.parametrize("level", [0, 200, 255])
def test_images_without_text_give_an_empty_result(
    engine: OcrEngine, size: tuple[int, int], level: int
) -> None:
    recognition = engine.recognize(Image.new("L", size, level), None)

    assert recognition.text.strip() == ""
    assert (recognition.words, recognition.lines, recognition.blocks) == ((), (), ())
    assert recognition.confidence == 0


@pytest.mark.parametrize("dpi", [None, 0, 69, 70, 300, 2401, 65_000])
def test_any_resolution_is_taken(engine: OcrEngine, dpi: int | None) -> None:
    page = images.draw_page()

    assert similarity(engine.recognize(page, dpi).text, "\n".join(images.LINES)) >= SAME_TEXT


def test_the_page_segmentation_mode_is_used(spec: EngineSpec) -> None:
    engine = spec.open(EngineConfig(languages=("eng",), page_segmentation=8))
    try:
        recognition = engine.recognize(images.draw_page(("one", "two")), 300)
    finally:
        engine.close()

    assert len(recognition.lines) <= 1, "mode 8 takes the image for one word"


# --- the handle -------------------------------------------------------------------------------------------


def test_the_stamp_names_engine_version_and_languages(spec: EngineSpec, engine: OcrEngine) -> None:
    status = spec.probe()

    assert (engine.stamp.name, engine.stamp.version) == (spec.name, status.version)
    assert engine.stamp.languages == ("eng",)


def test_the_order_of_images_plays_no_role(engine: OcrEngine) -> None:
    pages = [
        images.draw_page(),
        images.draw_page(images.OTHER_LINES, mode="RGB", ink=90),
        Image.new("L", (300, 200), 255),
        images.draw_page(("1lI|0O 5S8B", "rn m vv w"), font_size=24),
    ]

    forwards = [engine.recognize(page, 300) for page in pages]
    backwards = [engine.recognize(page, 300) for page in reversed(pages)]

    assert forwards == backwards[::-1]


def test_a_resolution_does_not_stick(engine: OcrEngine) -> None:
    page = images.draw_page()
    before = engine.recognize(page, None)

    engine.recognize(page, 1200)

    assert engine.recognize(page, None) == before


@pytest.mark.parametrize("mode", ["1", "P", "RGBA", "F"])
def test_other_modes_are_refused_and_the_engine_stays_usable(engine: OcrEngine, mode: str) -> None:
    page = images.draw_page()
    before = engine.recognize(page, None)

    with pytest.raises(BugError, match=f"mode {mode}"):
        engine.recognize(Image.new(mode, (200, 100)), None)

    assert engine.recognize(page, None) == before


def test_closing_twice_does_no_harm_and_then_it_is_over(spec: EngineSpec) -> None:
    engine = spec.open(ENGLISH)
    engine.close()
    engine.close()

    with pytest.raises(BugError, match="closed"):
        engine.recognize(images.draw_page(), None)


def test_two_handles_do_not_disturb_each_other(spec: EngineSpec) -> None:
    first, second = spec.open(ENGLISH), spec.open(ENGLISH)
    page = images.draw_page()
    try:
        before = first.recognize(page, None)
        second.recognize(images.draw_page(images.OTHER_LINES), None)
        second.close()
        assert first.recognize(page, None) == before
    finally:
        first.close()
        second.close()


def test_a_missing_language_is_an_error_with_a_remedy(spec: EngineSpec) -> None:
    with pytest.raises(LanguageMissingError, match="no data for xyz") as caught:
        spec.open(EngineConfig(languages=("eng", "xyz"), page_segmentation=3))

    assert caught.value.remedy


def test_nothing_is_printed(engine: OcrEngine, capfd: pytest.CaptureFixture[str]) -> None:
    engine.recognize(Image.new("L", (1, 3000)), 1)
    engine.recognize(Image.new("L", (600, 400), 255), None)
    engine.recognize(images.draw_page(), None)

    assert capfd.readouterr() == ("", "")


@pytest.mark.scans
def test_two_languages_at_once(shared_data: Path) -> None:
    specs = [spec for spec in DEFAULT_ENGINES if {"eng", "deu"} <= set(spec.probe().languages)]
    if not specs:
        pytest.skip("No engine here has both English and German.")
    letter = load_upright(str(shared_data / "multilang" / "deu_synth_1_clean.png"), max_pixels=MAX_PIXELS)
    engine = specs[0].open(EngineConfig(languages=("eng", "deu"), page_segmentation=3))
    try:
        recognition = engine.recognize(letter.image, letter.dpi)
    finally:
        engine.close()

    assert "Mit freundlichen Grüßen" in recognition.text
    assert engine.stamp.languages == ("eng", "deu")


def test_the_catalog_finds_what_is_there() -> None:
    statuses = EngineCatalog().statuses()

    assert [status.name for status in statuses] == ["embedded", "system"]
    assert statuses[0].available


# --- the embedded engine against its library ----------------------------------------------------------------


@pytest.mark.scans
@pytest.mark.parametrize("number", range(3))
def test_the_embedded_engine_reads_what_tesserocr_reads(
    shared_data: Path, tmp_path: Path, number: int
) -> None:
    tesserocr: Any = pytest.importorskip("tesserocr")
    receipts = sorted((shared_data / "receipts").glob("*.jpg"), key=lambda path: path.stat().st_size)
    loaded = load_upright(str(receipts[number]), max_pixels=MAX_PIXELS)
    # From a file, so that the pixels take another way in. Not by SetImage(), which passes them on as a BMP
    # that claims 96 dpi.
    page = tmp_path / "page.png"
    loaded.image.save(page, dpi=loaded.dpi and (loaded.dpi, loaded.dpi))
    with tesserocr.PyTessBaseAPI(path=EMBEDDED.probe().location, lang="eng", psm=3) as api:
        api.SetImageFile(str(page))
        expected = api.GetUTF8Text()

    engine = EMBEDDED.open(ENGLISH)
    try:
        engine.recognize(images.draw_page(), None)
        recognition = engine.recognize(loaded.image, loaded.dpi)
    finally:
        engine.close()

    assert len(expected) > 100
    assert recognition.text == expected
    assert_consistent(recognition, loaded.image)
