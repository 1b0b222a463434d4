"""The thumbnail store: what it shows, what it refuses, what it keeps."""

import os
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from ocr_desktop.services.thumbnails import Bitmap, ThumbnailStore, Unshowable
from tests.fakes import images

EXIF_ORIENTATION = 0x0112


@pytest.fixture
def store(tmp_path: Path) -> ThumbnailStore:
    return ThumbnailStore(tmp_path / "thumbnails")


def save(path: Path, image: Image.Image, **options: object) -> str:
    image.save(path, **options)  # type: ignore[arg-type]
    return str(path)


def shown(answer: Bitmap | Unshowable) -> Bitmap:
    assert isinstance(answer, Bitmap), answer
    return answer


def pixel(bitmap: Bitmap, x: int, y: int) -> tuple[int, int, int]:
    """Red, green, blue."""
    start = 4 * (y * bitmap.width + x)
    blue, green, red, _ = bitmap.pixels[start : start + 4]
    return red, green, blue


def stored_files(tmp_path: Path) -> list[Path]:
    return sorted(path for path in (tmp_path / "thumbnails").rglob("*") if path.is_file())


def test_scales_down_and_keeps_the_proportions(store: ThumbnailStore, tmp_path: Path) -> None:
    path = save(tmp_path / "a.jpg", Image.new("RGB", (1000, 500), "red"))
    bitmap = shown(store.get(path, 200))
    assert (bitmap.width, bitmap.height) == (200, 100)
    assert len(bitmap.pixels) == 200 * 100 * 4
    red, green, blue = pixel(bitmap, 100, 50)
    assert red > 240
    assert green < 15
    assert blue < 15


def test_a_small_image_is_not_blown_up(store: ThumbnailStore, tmp_path: Path) -> None:
    path = save(tmp_path / "a.png", Image.new("RGB", (30, 20), "blue"))
    bitmap = shown(store.get(path, 200))
    assert (bitmap.width, bitmap.height) == (30, 20)


@pytest.mark.parametrize("extension", ["jpg", "png"])
def test_stands_upright_as_exif_says(store: ThumbnailStore, tmp_path: Path, extension: str) -> None:
    image = Image.new("RGB", (400, 200), "white")
    image.paste("red", (0, 0, 100, 200))  # red at the left of the stored pixels
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = 6  # to be turned clockwise: left becomes top
    path = save(tmp_path / f"a.{extension}", image, exif=exif)
    for _ in ("made", "from the cache"):
        bitmap = shown(store.get(path, 200))
        assert (bitmap.width, bitmap.height) == (100, 200)
        assert pixel(bitmap, 50, 10)[1] < 60
        assert pixel(bitmap, 50, 190)[1] > 200


def test_photos_of_phones_are_shown_upright(store: ThumbnailStore, tmp_path: Path) -> None:
    width, height = images.draw_page().size
    bitmap = shown(store.get(str(images.write_heic(tmp_path / "a.heic", is_lying=True)), 1024))
    assert (bitmap.width, bitmap.height) == (width, height)


def test_names_do_not_matter(store: ThumbnailStore, tmp_path: Path) -> None:
    path = images.write_page(tmp_path / "a.png").rename(tmp_path / "a.jpg")
    shown(store.get(str(path), 256))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I", "I;16", "F"])
def test_every_mode_is_shown(store: ThumbnailStore, tmp_path: Path, mode: str) -> None:
    if mode == "I;16":
        image = Image.new(mode, (64, 64), 40_000)
    else:
        image = Image.new("L", (64, 64), 120).convert("RGB" if mode == "CMYK" else mode).convert(mode)
    shown(store.get(save(tmp_path / "a.tif", image), 32))


def test_sixteen_bit_greys_keep_their_contrast(store: ThumbnailStore, tmp_path: Path) -> None:
    image = Image.new("I;16", (64, 64), 60_000)
    image.paste(Image.new("I;16", (32, 64), 1_000), (0, 0))
    bitmap = shown(store.get(save(tmp_path / "a.png", image), 64))
    assert pixel(bitmap, 8, 32)[0] < 20
    assert pixel(bitmap, 56, 32)[0] > 225


def test_transparency_is_laid_over_white(store: ThumbnailStore, tmp_path: Path) -> None:
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 20, 40))
    bitmap = shown(store.get(save(tmp_path / "a.png", image), 40))
    assert pixel(bitmap, 5, 20) == (0, 0, 0)
    assert pixel(bitmap, 35, 20) == (255, 255, 255)


def test_a_second_look_comes_from_the_cache(store: ThumbnailStore, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    save(path, Image.new("RGB", (600, 600), "red"))
    shown(store.get(str(path), 200))
    about = path.stat()
    path.write_bytes(b"x" * about.st_size)  # same size and, below, same time: only the cache can know
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert pixel(shown(store.get(str(path), 200)), 5, 5)[0] > 240


def test_a_changed_file_is_looked_at_again(store: ThumbnailStore, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    save(path, Image.new("RGB", (60, 60), "red"))
    shown(store.get(str(path), 60))
    save(path, Image.new("RGB", (60, 60), "blue"))
    os.utime(path, ns=(1, 1))
    assert pixel(shown(store.get(str(path), 60)), 30, 30)[2] > 240


def test_a_damaged_cache_file_is_made_again(store: ThumbnailStore, tmp_path: Path) -> None:
    path = save(tmp_path / "a.png", Image.new("RGB", (60, 60), "red"))
    shown(store.get(path, 60))
    (cached,) = stored_files(tmp_path)
    whole = cached.read_bytes()
    cached.write_bytes(whole[: len(whole) // 2])
    assert pixel(shown(store.get(path, 60)), 30, 30)[0] > 240
    assert cached.read_bytes() == whole


def test_nothing_temporary_is_left_behind(store: ThumbnailStore, tmp_path: Path) -> None:
    for number in range(5):
        shown(store.get(save(tmp_path / f"{number}.png", Image.new("L", (60, 60), number)), 60))
    assert {path.suffix for path in stored_files(tmp_path)} == {".jpg"}


def test_pruning_keeps_the_last_used(tmp_path: Path) -> None:
    store = ThumbnailStore(tmp_path / "thumbnails", max_bytes=10_000_000)
    for number in range(4):
        noise = Image.effect_noise((256, 256), 80)
        shown(store.get(save(tmp_path / f"{number}.png", noise), 256))
    files = stored_files(tmp_path)
    for age, file in enumerate(files):
        os.utime(file, (1_000_000 + age, 1_000_000 + age))
    sizes = [file.stat().st_size for file in files]
    ThumbnailStore(tmp_path / "thumbnails", max_bytes=sum(sizes) - 1).prune()
    left = stored_files(tmp_path)
    assert files[0] not in left
    assert files[-1] in left
    assert sum(file.stat().st_size for file in left) <= sum(sizes) * 0.8


def test_the_store_stays_within_its_space_by_itself(tmp_path: Path) -> None:
    store = ThumbnailStore(tmp_path / "thumbnails", max_bytes=150_000)
    for number in range(12):
        noise = Image.effect_noise((256, 256), 80)
        shown(store.get(save(tmp_path / f"{number}.png", noise), 256))
    assert sum(file.stat().st_size for file in stored_files(tmp_path)) <= 150_000 * 1.2


def test_a_store_that_cannot_be_written_still_shows(tmp_path: Path) -> None:
    (tmp_path / "in-the-way").write_text("a file where the folder should be")
    store = ThumbnailStore(tmp_path / "in-the-way")
    shown(store.get(save(tmp_path / "a.png", Image.new("L", (20, 20))), 20))


def bomb_png(width: int, height: int) -> bytes:
    """A PNG whose header promises far more pixels than its few bytes hold."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(100)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.jpg", b"", "damaged"),
        ("text.png", b"This is no picture.", "damaged"),
        ("bomb.png", bomb_png(35_000, 35_000), ""),
        ("large.png", bomb_png(12_000, 12_000), ""),
    ],
)
def test_a_bad_file_is_an_answer(
    store: ThumbnailStore, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    answer = store.get(str(path), 100)
    assert isinstance(answer, Unshowable)
    assert words in answer.reason
    assert stored_files(tmp_path) == []


def test_an_image_over_the_limit_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    store = ThumbnailStore(tmp_path / "thumbnails", max_source_pixels=100)
    answer = store.get(save(tmp_path / "a.png", Image.new("L", (11, 10))), 10)
    assert answer == Unshowable("The image has too many pixels for a preview.")


def test_a_missing_file_and_a_folder_are_answers(store: ThumbnailStore, tmp_path: Path) -> None:
    missing = store.get(str(tmp_path / "gone.jpg"), 100)
    assert missing == Unshowable("The file is not there any more.")
    assert isinstance(store.get(str(tmp_path), 100), Unshowable)


def test_the_source_is_left_alone(store: ThumbnailStore, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    save(path, Image.new("RGB", (600, 600), "red"))
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    store.get(str(path), 100)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_pruning_removes_what_killed_programs_left_half_written(
    store: ThumbnailStore, tmp_path: Path
) -> None:
    path = save(tmp_path / "a.png", Image.new("RGB", (2000, 1000), "red"))
    store.get(path, 100)
    (kept,) = stored_files(tmp_path)
    left, in_work = kept.with_suffix(".x1.tmp"), kept.with_suffix(".x2.tmp")
    left.write_bytes(b"half")
    in_work.write_bytes(b"half")
    os.utime(left, (0, 0))
    store.prune()
    assert stored_files(tmp_path) == sorted([kept, in_work])
    assert store.forget([path]) == 2, "what lies there half-written goes with its image"
    assert stored_files(tmp_path) == []


def test_forgets_all_thumbnails_of_an_image_and_no_others(store: ThumbnailStore, tmp_path: Path) -> None:
    other = save(tmp_path / "other.png", Image.new("RGB", (2000, 1000), "red"))
    store.get(other, 100)
    kept = stored_files(tmp_path)
    path = save(tmp_path / "a.png", Image.new("RGB", (2000, 1000), "red"))
    store.get(path, 100)
    store.get(path, 800)
    save(tmp_path / "a.png", Image.new("RGB", (2100, 1000), "blue"))  # it was another image before
    store.get(path, 100)
    assert len(stored_files(tmp_path)) == 4

    (tmp_path / "a.png").unlink()
    assert store.forget([path, str(tmp_path / "never seen.png")]) == 3

    assert stored_files(tmp_path) == kept
    assert store.forget([path]) == 0
