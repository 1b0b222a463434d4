"""Searchable PDF, looked at by PDFium and qpdf: the words are where they are, the image is what it was."""

import shutil
import subprocess
import tracemalloc
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageStat
from pypdfium2 import raw

from ocr_desktop.domain.results import Line, Page, Word
from ocr_desktop.services.exporters.export import ExportSource, ExportTarget
from ocr_desktop.services.exporters.pdf_export import scales
from ocr_desktop.services.image_loader import load_upright
from tests.fakes.images import ORIENTATIONS, write_cmyk, write_deep, write_oriented, write_palette
from tests.fakes.results import document_of
from tests.fakes.stored_results import WORLD, export_all, export_one, page_of, store_scan
from tests.pdf_reader import TOLERANCE, characters_of, check_words, opened

LIMIT = 10**9


def drawn(width: int = 1000, height: int = 800, mode: str = "L") -> Image.Image:
    """Draw a picture in which every corner looks different."""
    image = Image.new(mode, (width, height), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 3, height // 4), fill="black")
    draw.ellipse((width // 2, height // 2, width // 2 + 90, height // 2 + 90), fill="grey")
    return image


def qpdf(path: Path, *arguments: str) -> bytes:
    program = shutil.which("qpdf")
    if program is None:
        pytest.skip("qpdf is not installed")
    return subprocess.run([program, *arguments, str(path)], check=True, capture_output=True).stdout


@pytest.fixture
def scan(tmp_path: Path) -> ExportSource:
    """A JPEG of 150 dpi with words in several scripts."""
    return store_scan(tmp_path / "a.jpg", drawn(), page_of(WORLD), dpi=(150, 150))


def test_the_words_are_where_they_are(scan: ExportSource) -> None:
    path = export_one(scan, "pdf")
    check_words(path, page_of(WORLD))
    with opened(path) as document:
        assert document[0].get_size() == pytest.approx((480, 384))


def test_lines_are_read_in_their_own_direction(tmp_path: Path) -> None:
    hebrew = ("שלום", "עולם")  # the first word is on the right
    page = page_of([["Hello", "world"], hebrew[::-1], ["日本", "語"]])
    words = (*page.words[:2], page.words[3], page.words[2], *page.words[4:])
    page = msgspec.structs.replace(page, words=words)
    path = export_one(store_scan(tmp_path / "a.jpg", drawn(), page), "pdf")
    with opened(path) as document:
        lines = str(document[0].get_textpage().get_text_range()).splitlines()
    assert [line.strip() for line in lines[:2]] == ["Hello world", "שלום עולם"]
    assert lines[2].replace(" ", "") == "日本語"


def test_lines_that_overlap_do_not_run_together(tmp_path: Path) -> None:
    words = (
        Word("din", 0.5, (193, 259, 42, 37), line=0, block=0),
        Word("Round", 0.5, (131, 265, 73, 31), line=1, block=0),
        Word("eek", 0.5, (663, 588, 48, 18), line=2, block=0),
        Word("vi", 0.5, (645, 595, 17, 17), line=3, block=0),
    )
    page = msgspec.structs.replace(page_of([]), words=words)
    with opened(export_one(store_scan(tmp_path / "a.jpg", drawn(), page), "pdf")) as document:
        text = str(document[0].get_textpage().get_text_range())
    assert sorted(text.split()) == sorted(word.text for word in words)


def test_the_text_is_invisible(scan: ExportSource) -> None:
    with opened(export_one(scan, "pdf")) as document:
        shown = document[0].render(scale=1000 / 480).to_pil().convert("L")
    difference = ImageChops.difference(shown.resize((1000, 800)), drawn())
    assert ImageStat.Stat(difference).mean[0] < 1


def test_qpdf_has_nothing_to_say(scan: ExportSource, tmp_path: Path) -> None:
    assert b"No syntax or stream encoding errors" in qpdf(export_one(scan, "pdf"), "--check")
    target = tmp_path / "all.pdf"
    export_all([scan] * 70, "pdf", ExportTarget(file=str(target)))
    assert b"No syntax or stream encoding errors" in qpdf(target, "--check")


@pytest.mark.parametrize("how", [{"quality": 30}, {"progressive": True}, {"exif": b"Exif\x00\x00nothing"}])
def test_a_jpeg_is_passed_through_byte_for_byte(tmp_path: Path, how: dict[str, object]) -> None:
    image = tmp_path / "a.jpg"
    source = store_scan(image, drawn(mode="RGB"), page_of(WORLD), **how)
    before = image.read_bytes(), image.stat().st_mtime_ns

    path = export_one(source, "pdf")

    with opened(path) as document:
        (picture,) = document[0].get_objects([raw.FPDF_PAGEOBJ_IMAGE])
        assert bytes(picture.get_data()) == before[0]
        assert picture.get_filters() == ["DCTDecode"]
    number = next(
        line.split()[0].partition(",")[0]
        for line in qpdf(path, "--show-xref").decode().splitlines()
        if b"DCTDecode" in qpdf(path, f"--show-object={line.split('/')[0]}")
    ).split("/")[0]
    assert qpdf(path, f"--show-object={number}", "--raw-stream-data") == before[0]
    assert (image.read_bytes(), image.stat().st_mtime_ns) == before


def upright(image: Path) -> Image.Image:
    return load_upright(str(image), max_pixels=LIMIT).image.convert("RGB")


def store_upright(image: Path) -> tuple[ExportSource, Page]:
    """Write the result that reading an image that is there already could have given."""
    loaded = load_upright(str(image), max_pixels=LIMIT)
    page = msgspec.structs.replace(
        page_of([["Hello", "world"]]), width=loaded.width, height=loaded.height, rotation=loaded.rotation
    )
    path = image.with_name(f"{image.stem}_ocr_results.json")
    path.write_bytes(msgspec.json.encode(document_of(image, pages=(page,), text=page.text)))
    return ExportSource(str(path)), page


def check_picture(path: Path, image: Path, tolerance: float) -> None:
    """Check that the page shows the upright image."""
    expected = upright(image)
    with opened(path) as document:
        page = document[0]
        scale = expected.width / page.get_width()
        shown = page.render(scale=scale).to_pil().convert("RGB").resize(expected.size)
    difference = ImageStat.Stat(ImageChops.difference(shown, expected)).mean
    assert max(difference) < tolerance, difference


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("extension", ["jpg", "png", "tif"])
def test_every_orientation_stands_upright(tmp_path: Path, orientation: int, extension: str) -> None:
    image = write_oriented(tmp_path / f"a.{extension}", orientation)
    source, page = store_upright(image)
    path = export_one(source, "pdf")
    check_picture(path, image, 6)
    check_words(path, page)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("cmyk.jpg", write_cmyk),
        ("cmyk.tif", write_cmyk),
        ("palette.png", write_palette),
        ("palette.gif", write_palette),
        ("deep.png", write_deep),
        ("bilevel.tif", lambda path: drawn(mode="1").save(path, compression="group4")),
        ("bilevel.png", lambda path: drawn(mode="1").save(path)),
        ("grey.png", lambda path: drawn().save(path)),
        ("colour.png", lambda path: drawn(mode="RGB").save(path)),
        ("see-through.png", lambda path: drawn(mode="RGBA").save(path)),
        ("grey.webp", lambda path: drawn(mode="RGB").save(path, lossless=True)),
        ("small.bmp", lambda path: drawn(mode="RGB").save(path)),
    ],
)
def test_every_kind_of_image_is_shown_as_it_is(tmp_path: Path, name: str, write: object) -> None:
    image = tmp_path / name
    write(image)  # type: ignore[operator]
    source, page = store_upright(image)
    path = export_one(source, "pdf")
    check_picture(path, image, 12 if "cmyk" in name else 4)
    check_words(path, page)
    assert b"No syntax or stream encoding errors" in qpdf(path, "--check")


@pytest.mark.parametrize("degrees", [90, 180, 270])
@pytest.mark.parametrize("extension", ["jpg", "png", "bmp"])
def test_an_image_that_the_user_has_turned(tmp_path: Path, degrees: int, extension: str) -> None:
    image = tmp_path / f"a.{extension}"
    drawn(600, 400, "RGB").save(image)
    turned = drawn(600, 400, "RGB").rotate(-degrees, expand=True)
    page = msgspec.structs.replace(
        page_of([["Hello", "world"]]), width=turned.width, height=turned.height, rotation=degrees
    )
    document = document_of(image, pages=(page,), text=page.text)
    document = msgspec.structs.replace(document, settings=document.settings.turned(degrees))
    path = tmp_path / "a_ocr_results.json"
    path.write_bytes(msgspec.json.encode(document))

    exported = export_one(ExportSource(str(path)), "pdf")

    turned.save(tmp_path / "turned.png")
    check_picture(exported, tmp_path / "turned.png", 6)
    check_words(exported, page)


def test_one_file_for_all_has_bookmarks(tmp_path: Path) -> None:
    names = [f"page {number} größer 語.jpg" for number in range(130)]
    sources = [
        store_scan(tmp_path / name, drawn(300, 200), page_of([["one"]], width=300, height=200))
        for name in names
    ]
    target = tmp_path / "all.pdf"

    summary, _ = export_all(sources, "pdf", ExportTarget(file=str(target)))

    assert summary.exported == 130
    with opened(target) as document:
        assert len(document) == 130
        marks = [(mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]
        assert document.get_metadata_value("Title") == "all"
    assert marks == [(name, number) for number, name in enumerate(names)]
    assert b"No syntax or stream encoding errors" in qpdf(target, "--check")


def test_an_image_that_cannot_be_used_is_left_out(tmp_path: Path) -> None:
    page = page_of(WORLD)
    gone, changed, good = (store_scan(tmp_path / f"{name}.jpg", drawn(), page) for name in ("a", "b", "c"))
    (tmp_path / "a.jpg").unlink()
    drawn().rotate(1).save(tmp_path / "b.jpg")
    target = tmp_path / "all.pdf"

    summary, done = export_all([gone, changed, good], "pdf", ExportTarget(file=str(target)))

    assert (summary.exported, summary.failed) == (1, 2)
    assert "“a.jpg” is not there any more" in done[0].error
    assert "“b.jpg” has changed since it was read" in done[1].error
    with opened(target) as document:
        assert len(document) == 1
    check_words(target, page)


@pytest.mark.parametrize("order", ["good bad good", "good bad"])
def test_a_page_that_fails_takes_the_pages_before_it_back(tmp_path: Path, order: str) -> None:
    good = store_scan(tmp_path / "a.jpg", drawn(), page_of(WORLD))
    two = (page_of(WORLD), page_of(WORLD, number=2))
    bad = tmp_path / "b_ocr_results.json"
    bad.write_bytes(msgspec.json.encode(document_of(tmp_path / "a.jpg", pages=two, text="x\n\fx\n")))
    target = tmp_path / "all.pdf"
    sources = [{"good": good, "bad": ExportSource(str(bad))}[name] for name in order.split()]

    summary, _ = export_all(sources, "pdf", ExportTarget(file=str(target)))

    assert (summary.exported, summary.failed) == (order.count("good"), 1)
    with opened(target) as document:
        assert len(document) == order.count("good")
    assert target.read_bytes().count(b"/DCTDecode") == order.count("good")
    assert target.read_bytes().endswith(b"%%EOF\n")
    assert b"No syntax or stream encoding errors" in qpdf(target, "--check")


def test_a_pdf_that_somebody_made_is_not_replaced(scan: ExportSource, tmp_path: Path) -> None:
    own = tmp_path / "a_ocr.pdf"
    own.write_bytes(b"%PDF-1.4\nsomebody's\n")
    first, second = export_one(scan, "pdf"), export_one(scan, "pdf")
    assert own.read_bytes() == b"%PDF-1.4\nsomebody's\n"
    assert first == second != own
    assert export_one(scan, "pdf").read_bytes() == first.read_bytes()


def test_results_that_moved_with_their_images(scan: ExportSource, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    moved.mkdir()
    for path in list(tmp_path.glob("a*")):
        path.rename(moved / path.name)
    path = export_one(ExportSource(str(moved / Path(scan.json_path).name)), "pdf")
    assert path.parent == moved


def test_page_sizes_stay_within_what_pdf_allows() -> None:
    for width, height, dpi in (
        (60_000, 10, (72, 72)),
        (1, 1, (2400, 2400)),
        (3000, 4000, None),
        (10, 9000, None),
    ):
        page = msgspec.structs.replace(page_of([]), width=width, height=height)
        across, down = scales(page, dpi)
        assert 0 < width * across <= 14_400.01
        assert 0 < height * down <= 14_400.01
    assert scales(page_of([]), (204, 98)) == pytest.approx((72 / 204, 72 / 98))


WORD = st.builds(
    lambda text, left, top, width, height: Word(text, 0.5, (left, top, width, height), line=0, block=0),
    st.text(st.characters(categories=["L", "N"], max_codepoint=0x1FFFF), min_size=1, max_size=10),
    st.just(50),
    st.just(40),
    st.integers(20, 900),
    st.integers(8, 300),
)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(word=WORD)
def test_any_word_can_be_found_in_its_box(tmp_path: Path, word: Word) -> None:
    page = msgspec.structs.replace(page_of([]), words=(word,), lines=(Line(word.box, 0, 0),))
    path = export_one(store_scan(tmp_path / "a.png", drawn(), page), "pdf")
    with opened(path) as document:
        shown = document[0]
        width, height = shown.get_size()
        across, down = width / page.width, height / page.height
        x, y, wide, high = word.box
        for _, (left, bottom, right, top) in characters_of(shown):
            assert x * across - TOLERANCE <= left <= right <= (x + wide) * across + TOLERANCE
            assert height - (y + high) * down - TOLERANCE <= bottom <= top <= height - y * down + TOLERANCE
        assert len(characters_of(shown)) >= 1
        shown.close()


def test_memory_does_not_grow_with_the_pages(tmp_path: Path) -> None:
    source = store_scan(tmp_path / "a.jpg", drawn(), page_of(WORLD))

    def peak(count: int) -> int:
        tracemalloc.start()
        try:
            export_all([source] * count, "pdf", ExportTarget(file=str(tmp_path / f"{count}.pdf")))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(2)
    assert peak(300) - peak(10) < 500_000
