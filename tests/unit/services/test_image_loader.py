"""The image loader: every kind of file becomes upright pixels, or one plain sentence."""

import contextlib
import errno
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat, PngImagePlugin

from ocr_desktop.domain.errors import (
    ImageAccessError,
    ImageLockedError,
    ImageMissingError,
    ImageTooLargeError,
    ImageUnreadableError,
    ItemError,
)
from ocr_desktop.services import heif, source_file
from ocr_desktop.services.image_loader import LoadedImage, load_upright
from tests.fakes import images

MAX_PIXELS = 20_000_000
ROTATIONS = {1: 0, 2: 0, 3: 180, 4: 180, 5: 270, 6: 90, 7: 90, 8: 270}


def load(path: Path, max_pixels: int = MAX_PIXELS) -> LoadedImage:
    return load_upright(str(path), max_pixels=max_pixels)


def difference(loaded: LoadedImage, expected: Image.Image | None = None) -> float:
    """Mean difference of grey levels from the page as it was drawn, 0..255."""
    page = expected or images.draw_page()
    assert loaded.image.size == page.size
    return ImageStat.Stat(ImageChops.difference(loaded.image.convert("L"), page)).mean[0]


# --- what is read -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif", "bmp", "gif", "webp", "pgm", "jp2", "j2k", "avif"])
def test_pages_of_all_formats_look_as_drawn(tmp_path: Path, suffix: str) -> None:
    loaded = load(images.write_page(tmp_path / f"page.{suffix}"))

    assert difference(loaded) < 3
    assert (loaded.rotation, loaded.width, loaded.height) == (0, *images.draw_page().size)


@pytest.mark.parametrize("is_lying", [False, True])
@pytest.mark.parametrize("name", ["page.heic", "page.jpg", "page"])
def test_photos_of_phones_look_as_drawn(tmp_path: Path, name: str, is_lying: bool) -> None:
    loaded = load(images.write_heic(tmp_path / name, is_lying=is_lying))

    assert difference(loaded) < 3


def test_photos_of_phones_are_explained_where_nothing_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pi_heif", None)  # as if it were not installed
    heif.register.cache_clear()

    with pytest.raises(ImageUnreadableError, match="is a HEIC photo") as caught:
        load(images.write_heic(tmp_path / "page.heic"))

    heif.register.cache_clear()
    assert "pi-heif" in caught.value.remedy


def test_nothing_is_imported_for_formats_that_do_not_come_up(tmp_path: Path) -> None:
    path = images.write_page(tmp_path / "page.png")
    script = (
        "import sys; from ocr_desktop.services.discovery import find_images\n"
        f"list(find_images([{str(tmp_path)!r}], recursive=True)); assert 'PIL' not in sys.modules\n"
        "from ocr_desktop.services.image_loader import load_upright\n"
        f"load_upright({str(path)!r}, max_pixels=9**9); assert 'pi_heif' not in sys.modules\n"
    )

    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


@pytest.mark.parametrize(
    ("mode", "suffix", "expected"),
    [
        ("1", "png", "L"),
        ("1", "tif", "L"),
        ("L", "png", "L"),
        ("LA", "png", "L"),
        ("RGB", "png", "RGB"),
        ("RGBA", "png", "RGB"),
        ("YCbCr", "jpg", "RGB"),
        ("LAB", "tif", "RGB"),
    ],
)
def test_grey_stays_grey_and_colour_becomes_rgb(
    tmp_path: Path, mode: str, suffix: str, expected: str
) -> None:
    path = tmp_path / f"page.{suffix}"
    images.draw_page(mode="RGB").convert(mode).save(path)

    loaded = load(path)

    assert loaded.image.mode == expected
    assert difference(loaded) < 20


@pytest.mark.parametrize("suffix", ["jpg", "tif"])
def test_cmyk_is_not_inverted(tmp_path: Path, suffix: str) -> None:
    loaded = load(images.write_cmyk(tmp_path / f"page.{suffix}"))

    assert loaded.image.mode == "RGB"
    assert difference(loaded) < 3


@pytest.mark.parametrize("suffix", ["png", "gif", "bmp"])
def test_palette_colours_are_looked_up(tmp_path: Path, suffix: str) -> None:
    loaded = load(images.write_palette(tmp_path / f"page.{suffix}"))

    assert loaded.image.mode == "RGB"
    assert loaded.image.getpixel((0, 0)) == (255, 240, 120)


@pytest.mark.parametrize("suffix", ["png", "tif"])
@pytest.mark.parametrize("white", [255, 4_095, 65_535])
def test_deep_pixels_are_scaled_by_the_range_in_use(tmp_path: Path, suffix: str, white: int) -> None:
    loaded = load(images.write_deep(tmp_path / f"page.{suffix}", white=white))

    assert loaded.image.mode == "L"
    assert difference(loaded) < 1


@pytest.mark.parametrize("white", [1.0, 255.0, 65_535.0, 3e9])
def test_floating_point_pixels_are_scaled_by_the_range_in_use(tmp_path: Path, white: float) -> None:
    assert difference(load(images.write_float(tmp_path / "page.tif", white=white))) < 1


def test_pixels_that_are_not_numbers_are_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "page.tif"
    Image.new("F", (8, 8), float("nan")).save(path)

    with pytest.raises(ImageUnreadableError, match="damaged"):
        load(path)


@pytest.mark.parametrize("suffix", ["png", "tif", "webp"])
def test_text_that_is_only_in_the_alpha_channel_is_seen(tmp_path: Path, suffix: str) -> None:
    assert difference(load(images.write_text_in_alpha(tmp_path / f"page.{suffix}"))) < 3


def test_white_text_on_nothing_gets_a_dark_background(tmp_path: Path) -> None:
    loaded = load(images.write_text_in_alpha(tmp_path / "page.png", colour=(255, 255, 255)))

    assert difference(loaded, images.draw_page(ink=255, paper=0)) < 3


def test_an_alpha_channel_that_hides_everything_is_ignored(tmp_path: Path) -> None:
    page = images.draw_page(mode="RGBA")
    page.putalpha(0)
    page.save(tmp_path / "page.png")

    assert difference(load(tmp_path / "page.png")) < 1


@pytest.mark.parametrize("suffix", ["gif", "webp", "png", "tif"])
def test_the_first_frame_counts(tmp_path: Path, suffix: str) -> None:
    assert difference(load(images.write_animated(tmp_path / f"page.{suffix}"))) < 3


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
@pytest.mark.parametrize("orientation", images.ORIENTATIONS)
def test_all_orientations_stand_upright(tmp_path: Path, suffix: str, orientation: int) -> None:
    loaded = load(images.write_oriented(tmp_path / f"page.{suffix}", orientation))

    assert difference(loaded) < 3
    assert loaded.rotation == ROTATIONS[orientation]


@pytest.mark.parametrize("orientation", [0, 9, 65_535])
def test_an_orientation_that_makes_no_sense_is_ignored(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    images.draw_page().save(tmp_path / "page.jpg", exif=exif)

    assert load(tmp_path / "page.jpg").rotation == 0


def test_a_broken_exif_block_does_not_cost_the_image(tmp_path: Path) -> None:
    assert difference(load(images.write_broken_exif(tmp_path / "page.jpg"))) < 3


@pytest.mark.parametrize("error", [SyntaxError("x"), TypeError("x"), ZeroDivisionError("x")])
def test_an_exif_block_that_pillow_stumbles_over_does_not_cost_the_image(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    path = images.write_page(tmp_path / "page.png")

    def fail(_image: Image.Image) -> Image.Exif:
        raise error

    # Which blocks Pillow stumbles over changes with its version.
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "getexif", fail)

    assert difference(load(path)) == 0


@pytest.mark.parametrize(
    ("given", "expected"), [(300, 300), (69, None), (70, 70), (2400, 2400), (2401, None)]
)
@pytest.mark.parametrize("suffix", ["png", "jpg", "tif"])
def test_resolution_is_taken_where_it_is_believable(
    tmp_path: Path, suffix: str, given: int, expected: int | None
) -> None:
    assert load(images.write_page(tmp_path / f"page.{suffix}", dpi=given)).dpi == expected


def test_a_resolution_that_pillow_makes_up_is_not_taken(tmp_path: Path) -> None:
    path = images.write_oriented(tmp_path / "page.jpg", 6)
    with Image.open(path) as image:
        assert image.info["dpi"] == (72, 72), "Pillow no longer does this: the workaround can go"

    assert load(path).dpi is None


def test_uneven_resolution_gives_none(tmp_path: Path) -> None:
    images.draw_page().save(tmp_path / "fax.png", dpi=(204, 98))

    assert load(tmp_path / "fax.png").dpi is None


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1)])
def test_degenerate_sizes_are_fine(tmp_path: Path, size: tuple[int, int]) -> None:
    Image.new("L", size).save(tmp_path / "thin.png")

    assert load(tmp_path / "thin.png").image.size == size


@pytest.mark.parametrize(
    "name",
    [
        "no extension",
        "a.jpg",
        "a.heic",
        "scan.dat",
        " leading space",
        "-dash",
        "ünï©ode\nnew line",
        "UPPER.PNG",
    ],
)
def test_names_and_extensions_play_no_role(tmp_path: Path, name: str) -> None:
    images.write_page(tmp_path / "page.png").rename(tmp_path / name)

    assert difference(load(tmp_path / name)) == 0


def test_the_result_is_independent_of_the_file(tmp_path: Path) -> None:
    path = images.write_page(tmp_path / "page.png")
    loaded = load(path)
    path.unlink()

    assert type(loaded.image) is Image.Image
    assert difference(loaded) == 0


# --- what is refused --------------------------------------------------------------------------------------


def write_bytes(data: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(data)
        return path

    return write


REFUSED: list[tuple[str, Callable[[Path], Path], str]] = [
    ("empty.png", images.write_empty, "is empty"),
    ("list.png", images.write_plain_text, "is not an image"),
    ("half.jpg", images.write_truncated, "is cut off"),
    ("half.png", images.write_truncated, "is cut off"),
    ("letter.pdf", write_bytes(b"%PDF-1.7\n1 0 obj\n"), "is a PDF, which cannot be read yet"),
    ("letter.png", write_bytes(b"\n\n%PDF-1.7\n1 0 obj\n"), "is a PDF"),
    ("photo.heic", write_bytes(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), "is not an image"),
    ("photo.jpg", images.write_half_heic, "is damaged"),
    ("plot.eps", write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"), "PostScript"),
    ("noise.tif", write_bytes(b"II*\x00\xff\xff\xff\xff" + b"\x00" * 50), "is not an image"),
    ("noise.jpg", write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF"), "is cut off"),
    ("comment.png", images.write_text_chunk_bomb, "is damaged"),
]


@pytest.mark.parametrize(("name", "write", "sentence"), REFUSED, ids=[name for name, *_ in REFUSED])
def test_bad_files_are_unreadable_in_plain_words(
    tmp_path: Path, name: str, write: Callable[[Path], Path], sentence: str
) -> None:
    path = write(tmp_path / name)

    with pytest.raises(ImageUnreadableError, match=sentence) as caught:
        load(path)

    assert f"“{name}”" in caught.value.message
    assert caught.value.remedy.endswith(".")
    assert not caught.value.can_pass


@pytest.mark.parametrize("write", [images.write_bomb, images.write_icon_bomb])
def test_a_bomb_is_refused_before_it_is_decoded(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    path = write(tmp_path / "bomb.png")
    assert path.stat().st_size < 1_000_000

    with pytest.raises(ImageTooLargeError, match=r"has 1,225 megapixels; the limit is 20\.") as caught:
        load(path)

    assert "raise the setting" in caught.value.remedy


def test_the_limit_itself_is_allowed_and_one_pixel_more_is_not(tmp_path: Path) -> None:
    path = tmp_path / "exact.png"
    Image.new("L", (100, 50)).save(path)

    assert load(path, max_pixels=5_000).width == 100
    with pytest.raises(ImageTooLargeError):
        load(path, max_pixels=4_999)


def test_images_above_pillows_own_limit_are_read_if_ours_is_higher(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.png"
    Image.new("L", (100, 100)).save(path)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1_000)

    assert load(path).width == 100
    assert Image.MAX_IMAGE_PIXELS == 1_000


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ImageMissingError, match=r"“gone.png”"):
        load(tmp_path / "gone.png")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ImageAccessError, match="folder"):
        load(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")

    with pytest.raises(ImageAccessError, match="not a file"):
        load(tmp_path / "pipe.png")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = images.write_page(tmp_path / "secret.png")
    path.chmod(0)

    with pytest.raises(ImageAccessError, match="not allowed"):
        load(path)


def test_a_refusal_of_the_operating_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = images.write_page(tmp_path / "secret.png")

    def refuse(*_arguments: object, **_options: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    # So that it is tested for an administrator too.
    monkeypatch.setattr(source_file, "open", refuse, raising=False)

    with pytest.raises(ImageAccessError, match="not allowed"):
        load(path)


@pytest.mark.parametrize("number", [errno.EIO, errno.EBUSY, errno.ESTALE])
@pytest.mark.parametrize("moment", ["opening", "reading"])
def test_a_drive_that_fails_may_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, moment: str
) -> None:
    path = images.write_page(tmp_path / "page.png")

    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number))

    # A failing drive cannot be had otherwise.
    if moment == "opening":
        monkeypatch.setattr(source_file, "open", fail, raising=False)
    else:
        monkeypatch.setattr(Image.Image, "load", fail)

    with pytest.raises(ImageLockedError) as caught:
        load(path)
    assert caught.value.can_pass


@pytest.mark.parametrize("error", [SyntaxError("x"), IndexError("x"), KeyError("x"), ZeroDivisionError("x")])
def test_whatever_pillow_raises_is_translated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    path = images.write_page(tmp_path / "page.png")

    def fail(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr(Image.Image, "load", fail)

    with pytest.raises(ImageUnreadableError, match="damaged"):
        load(path)


def test_too_little_memory_is_left_to_the_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = images.write_page(tmp_path / "page.png")

    def fail(*_arguments: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Image.Image, "load", fail)

    with pytest.raises(MemoryError):
        load(path)


# --- side effects -----------------------------------------------------------------------------------------


def test_nothing_global_is_left_changed(tmp_path: Path) -> None:
    good, bomb = images.write_page(tmp_path / "good.png"), images.write_bomb(tmp_path / "bomb.png")
    before = (Image.MAX_IMAGE_PIXELS, list(warnings.filters))

    def work() -> None:
        for _ in range(20):
            load(good)
            with pytest.raises(ImageTooLargeError):
                load(bomb)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (Image.MAX_IMAGE_PIXELS, list(warnings.filters)) == before


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc to count open files")
def test_no_file_stays_open(tmp_path: Path) -> None:
    paths = [
        images.write_page(tmp_path / "page.png"),
        images.write_animated(tmp_path / "page.gif"),
        images.write_animated(tmp_path / "page.tif"),
        images.write_truncated(tmp_path / "half.jpg"),
        images.write_plain_text(tmp_path / "text.png"),
    ]
    kept: list[LoadedImage] = []
    for path in paths:
        with contextlib.suppress(ItemError):
            kept.append(load(path))

    assert len(kept) == 3
    open_files = {str(entry.readlink()) for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()}
    assert not open_files & {str(path) for path in paths}


@pytest.mark.scans
def test_hostile_files_load_or_fail_in_plain_words(shared_data: Path) -> None:
    files = sorted(path for path in (shared_data / "hostile").iterdir() if path.is_file())
    assert len(files) > 100

    refused: dict[str, str] = {}
    for path in files:
        try:
            loaded = load(path)
        except ItemError as error:
            refused[path.name] = error.message
        else:
            assert loaded.image.mode in {"L", "RGB"}, path.name

    assert [name for name, message in refused.items() if f"“{name}”" not in message] == []


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("orientation", images.ORIENTATIONS)
def test_the_users_hint_turns_what_the_file_says_is_upright(
    tmp_path: Path, orientation: int, rotation: int
) -> None:
    path = images.write_oriented(tmp_path / "page.png", orientation)
    before = path.read_bytes()
    loaded = load_upright(str(path), max_pixels=10_000_000, rotation=rotation)

    expected = images.draw_page().rotate(-rotation, expand=True)
    assert ImageChops.difference(loaded.image, expected).getbbox() is None
    assert loaded.rotation == (ROTATIONS[orientation] + rotation) % 360
    assert path.read_bytes() == before
