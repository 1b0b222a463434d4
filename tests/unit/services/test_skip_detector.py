"""The skip detector: skips what this very image's sound result allows to skip, and nothing else."""

import json
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from ocr_desktop.domain.items import ImageItem
from ocr_desktop.domain.options import OutputFormat, Overwrite, Redo, RunOptions
from ocr_desktop.domain.results import Settings
from ocr_desktop.services.discovery import find_images
from ocr_desktop.services.item_planner import plan_items
from ocr_desktop.services.result_saver import ResultTarget, save_result
from ocr_desktop.services.skip_detector import SkipDetector, Verdict
from ocr_desktop.services.source_file import describe_source
from tests.fakes.results import OTHER_SETTINGS, SETTINGS, document_of

JSON_ONLY = (OutputFormat.JSON,)
TXT_ONLY = (OutputFormat.TXT,)
BOTH = (OutputFormat.JSON, OutputFormat.TXT)
each_format = pytest.mark.parametrize("formats", [JSON_ONLY, TXT_ONLY, BOTH], ids=["json", "txt", "both"])


@dataclass
class Desk:
    """A folder of images that are planned, judged and read as a batch does it."""

    folder: Path
    formats: tuple[OutputFormat, ...] = BOTH

    def put(self, name: str, content: str = "") -> Path:
        path = self.folder / name
        path.write_text(content or f"pixels of {name!r}", encoding="utf-8")
        return path

    def item(self, name: str) -> ImageItem:
        """The item of an image, planned together with all that are in the folder."""
        found = {Path(image.path) for image in find_images([self.folder], recursive=True)}
        images = find_images([*found, self.folder / name], recursive=True)
        items = {item.path: item for item in plan_items(list(images), None)}
        return items[str(self.folder / name)]

    def judge(
        self,
        name: str,
        settings: Settings = SETTINGS,
        *,
        overwrite: Overwrite = Overwrite.SKIP,
        redo: Redo = Redo.NONE,
    ) -> Verdict:
        options = RunOptions(formats=self.formats, overwrite=overwrite, redo=redo)
        item = self.item(name)
        return SkipDetector(options, settings).examine(item, describe_source(item.path))

    def read(
        self, name: str, settings: Settings = SETTINGS, *, overwrite: Overwrite = Overwrite.SKIP
    ) -> dict[str, bytes]:
        """Read an image unless it is to be skipped; return the names and contents of its result files."""
        verdict = self.judge(name, settings, overwrite=overwrite)
        files = verdict.files
        if not verdict.skip:
            document = document_of(self.folder / name, settings=settings)
            target = ResultTarget(
                folder=str(self.folder),
                stem=verdict.stem,
                number=verdict.number,
                exclusive=overwrite is Overwrite.SUFFIX,
                token=secrets.token_hex(4),
            )
            files = tuple(save_result(document, target, self.formats))
        return {Path(file).name: Path(file).read_bytes() for file in files}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# --- skip -------------------------------------------------------------------------------------------------


@each_format
def test_what_was_read_is_skipped(desk: Desk, formats: tuple[OutputFormat, ...]) -> None:
    desk.formats = formats
    desk.put("a.png")
    assert desk.judge("a.png").reason == "It has not been read yet."

    files = desk.read("a.png")

    verdict = desk.judge("a.png")
    assert verdict.skip
    assert not verdict.stale
    assert verdict.reason == "Already read with these settings."
    assert verdict.confidence == 0.9
    assert verdict.files == tuple(str(desk.folder / f"a_ocr_results.{output}") for output in formats)
    assert set(files) == {f"a_ocr_results.{output}" for output in formats}


@each_format
def test_dates_do_not_matter(desk: Desk, formats: tuple[OutputFormat, ...]) -> None:
    desk.formats = formats
    image = desk.put("a.png")
    desk.read("a.png")
    os.utime(image, (2e9, 2e9))

    assert desk.judge("a.png").skip


@each_format
def test_a_changed_image_is_read_again_under_its_name(desk: Desk, formats: tuple[OutputFormat, ...]) -> None:
    desk.formats = formats
    desk.put("a.png")
    desk.read("a.png")
    desk.put("a.png", "other pixels")

    verdict = desk.judge("a.png")

    assert not verdict.skip
    assert verdict.reason == "The image has changed since it was read."
    assert verdict.stem == "a"


@pytest.mark.parametrize(
    "name", ["a b.png", " a.png", "a\nb.png", "日本.png", "-a.png", "page", "x" * 250 + ".png"]
)
@each_format
def test_odd_names_are_recognized(desk: Desk, name: str, formats: tuple[OutputFormat, ...]) -> None:
    desk.formats = formats
    desk.put(name)
    assert desk.judge(name).reason == "It has not been read yet."
    desk.read(name)
    assert desk.judge(name).skip

    desk.put(name, "other pixels")

    assert desk.judge(name).reason == "The image has changed since it was read."


@pytest.mark.skipif(os.name == "nt", reason="file names are text there")
@each_format
def test_names_that_are_no_text_are_recognized(desk: Desk, formats: tuple[OutputFormat, ...]) -> None:
    desk.formats = formats
    name = os.fsdecode(b"a\xff.png")
    desk.put(name)

    files = desk.read(name)

    assert os.fsdecode(b"a\xff_ocr_results.") in next(iter(files))
    assert desk.judge(name).skip
    desk.put(os.fsdecode(b"a\xff.jpg"))
    assert desk.judge(name).skip


@pytest.mark.parametrize("length", [0, 1, 50, -10, -1])
def test_a_truncated_result_is_no_reason_to_skip(desk: Desk, length: int) -> None:
    desk.put("a.png")
    desk.read("a.png")
    result = desk.folder / "a_ocr_results.json"
    result.write_bytes(result.read_bytes().rstrip()[:length])

    verdict = desk.judge("a.png")

    assert not verdict.skip
    assert (verdict.reason, verdict.stem) == ("Its result file is damaged.", "a")


@pytest.mark.parametrize("length", [0, 50, 200])
def test_a_text_result_without_its_header_is_no_reason_to_skip(desk: Desk, length: int) -> None:
    desk.formats = TXT_ONLY
    desk.put("a.png")
    desk.read("a.png")
    result = desk.folder / "a_ocr_results.txt"
    result.write_bytes(result.read_bytes()[:length])

    assert desk.judge("a.png").reason == "Its result file is damaged."


@pytest.mark.parametrize("content", ["{}", "[]", json.dumps({"imagePath": "a.png", "text": "x"}), "no JSON"])
def test_some_other_json_is_no_reason_to_skip(desk: Desk, content: str) -> None:
    desk.put("a.png")
    desk.put("a_ocr_results.json", content)

    assert not desk.judge("a.png").skip


@pytest.mark.parametrize(
    ("missing", "word"), [("json", "has not been read"), ("txt", "TXT result is missing")]
)
def test_a_missing_file_is_made_again(desk: Desk, missing: str, word: str) -> None:
    desk.put("a.png")
    desk.read("a.png")
    (desk.folder / f"a_ocr_results.{missing}").unlink()

    verdict = desk.judge("a.png")

    assert (verdict.skip, verdict.stem) == (False, "a")
    assert word in verdict.reason


def test_a_result_of_fewer_formats_is_enough_for_those(desk: Desk) -> None:
    desk.put("a.png")
    desk.read("a.png")

    for formats in (JSON_ONLY, TXT_ONLY):
        desk.formats = formats
        assert desk.judge("a.png").skip


# --- stale ------------------------------------------------------------------------------------------------


@each_format
def test_a_stale_result_counts_unless_it_is_to_be_made_again(
    desk: Desk, formats: tuple[OutputFormat, ...]
) -> None:
    desk.formats = formats
    desk.put("a.png")
    desk.read("a.png", OTHER_SETTINGS)

    kept = desk.judge("a.png")
    redone = desk.judge("a.png", redo=Redo.STALE)

    assert (kept.skip, kept.stale) == (True, True)
    assert "stale" in kept.reason
    assert (redone.skip, redone.stale, redone.stem) == (False, True, "a")
    assert "other settings" in redone.reason
    assert desk.judge("a.png", OTHER_SETTINGS, redo=Redo.STALE).skip


# --- images that share a stem -----------------------------------------------------------------------------


@each_format
def test_images_that_share_a_stem_have_results_of_their_own(
    desk: Desk, formats: tuple[OutputFormat, ...]
) -> None:
    desk.formats = formats
    desk.put("a.jpg", "the same")
    desk.put("a.png", "the same")

    files = desk.read("a.jpg")

    assert not desk.judge("a.png").skip
    assert not files.keys() & desk.read("a.png").keys()
    assert desk.judge("a.jpg").skip
    assert desk.judge("a.png").skip


@pytest.mark.parametrize("twin", ["other pixels", "pixels of 'a.jpg'"], ids=["other content", "a copy"])
@each_format
def test_a_result_keeps_counting_when_a_twin_joins_the_folder(
    desk: Desk, formats: tuple[OutputFormat, ...], twin: str
) -> None:
    desk.formats = formats
    desk.put("a.jpg")
    before = desk.read("a.jpg")
    desk.put("a.png", twin)

    assert desk.judge("a.jpg").skip
    assert not desk.judge("a.png").skip
    assert not before.keys() & desk.read("a.png").keys()
    assert desk.read("a.jpg") == before


def test_a_long_name_keeps_counting_when_a_twin_joins_the_folder(desk: Desk) -> None:
    stem = "x" * 220
    desk.put(f"{stem}.jpg")
    desk.read(f"{stem}.jpg")
    desk.put(f"{stem}.png")

    assert desk.judge(f"{stem}.jpg").skip
    assert desk.judge(f"{stem}.png").reason == "It has not been read yet."


@each_format
def test_the_result_of_an_image_that_is_gone_is_kept(desk: Desk, formats: tuple[OutputFormat, ...]) -> None:
    desk.formats = formats
    gone = desk.put("a.jpg")
    before = desk.read("a.jpg")
    gone.unlink()
    desk.put("a.png")

    verdict = desk.judge("a.png")
    files = desk.read("a.png")

    assert not verdict.skip
    assert verdict.reason == "The result file of that name belongs to another image."
    assert not before.keys() & files.keys()
    assert {name: (desk.folder / name).read_bytes() for name in before} == before
    assert desk.judge("a.png").skip


@pytest.mark.parametrize(
    ("first", "second"), [(TXT_ONLY, BOTH), (TXT_ONLY, JSON_ONLY), (JSON_ONLY, TXT_ONLY)]
)
def test_the_result_of_an_image_that_is_gone_is_kept_by_other_formats_too(
    desk: Desk, first: tuple[OutputFormat, ...], second: tuple[OutputFormat, ...]
) -> None:
    desk.formats = first
    gone = desk.put("a.jpg")
    before = desk.read("a.jpg")
    gone.unlink()
    desk.put("a.png")
    desk.formats = second

    files = desk.read("a.png")

    assert {name: (desk.folder / name).read_bytes() for name in before} == before
    assert all(name.startswith("a.png_ocr_results") for name in files)


def test_an_image_converted_to_another_format_is_read_again(desk: Desk) -> None:
    converted = desk.put("a.jpg")
    desk.read("a.jpg")
    converted.unlink()

    desk.put("a.png", "the same page, other bytes")

    assert not desk.judge("a.png").skip


@each_format
def test_a_changed_extension_is_the_same_image(desk: Desk, formats: tuple[OutputFormat, ...]) -> None:
    desk.formats = formats
    image = desk.put("a.jpg")
    desk.read("a.jpg")
    image.rename(desk.folder / "a.jpeg")

    assert desk.judge("a.jpeg").skip


def test_a_renamed_image_is_not_taken_for_the_one_that_had_the_name(desk: Desk) -> None:
    image = desk.put("a.png")
    other = desk.put("b.png")
    desk.read("a.png")
    image.unlink()
    other.rename(image)

    assert not desk.judge("a.png").skip


def test_a_copied_result_is_no_result_of_another_image(desk: Desk) -> None:
    desk.put("a.png")
    desk.put("b.png")
    desk.read("a.png")
    shutil.copy(desk.folder / "a_ocr_results.json", desk.folder / "b_ocr_results.json")
    shutil.copy(desk.folder / "a_ocr_results.txt", desk.folder / "b_ocr_results.txt")

    assert desk.judge("b.png").reason == "The result file of that name belongs to another image."


# --- overwrite and suffix ---------------------------------------------------------------------------------


@each_format
def test_overwrite_reads_again_into_the_same_files(desk: Desk, formats: tuple[OutputFormat, ...]) -> None:
    desk.formats = formats
    desk.put("a.png")
    before = desk.read("a.png")

    verdict = desk.judge("a.png", overwrite=Overwrite.OVERWRITE)
    after = desk.read("a.png", OTHER_SETTINGS, overwrite=Overwrite.OVERWRITE)

    assert (verdict.skip, verdict.reason) == (False, "Results are overwritten.")
    assert after.keys() == before.keys()
    assert after != before


def test_overwrite_spares_the_results_of_other_images(desk: Desk) -> None:
    gone = desk.put("a.jpg")
    before = desk.read("a.jpg")
    gone.unlink()
    desk.put("a.png")

    after = desk.read("a.png", overwrite=Overwrite.OVERWRITE)

    assert not after.keys() & before.keys()


@each_format
def test_suffix_adds_a_number_and_touches_nothing(desk: Desk, formats: tuple[OutputFormat, ...]) -> None:
    desk.formats = formats
    desk.put("a.png")
    rounds = [desk.read("a.png", overwrite=Overwrite.SUFFIX) for _ in range(3)]

    for number, files in zip(["", "_2", "_3"], rounds, strict=True):
        assert set(files) == {f"a_ocr_results{number}.{output}" for output in formats}
        for name, content in files.items():
            assert (desk.folder / name).read_bytes() == content
    assert desk.judge("a.png", overwrite=Overwrite.SUFFIX).reason == "A new result is added."


@pytest.mark.parametrize("taken", ["a_ocr_results.txt", "a_ocr_results.json"])
@each_format
def test_suffix_passes_over_a_number_of_which_any_file_is_taken(
    desk: Desk, taken: str, formats: tuple[OutputFormat, ...]
) -> None:
    desk.formats = formats
    desk.put("a.png")
    desk.put(taken, "something of somebody")

    assert desk.judge("a.png", overwrite=Overwrite.SUFFIX).number == 2


@each_format
def test_folders_whose_results_go_into_one_share_nothing(
    tmp_path: Path, formats: tuple[OutputFormat, ...]
) -> None:
    """Read one after the other with the same output folder, images of one name keep their own results."""
    options = RunOptions(formats=formats)
    detector = SkipDetector(options, SETTINGS)
    files: list[set[str]] = []
    for name in ("march", "april", "may", "june"):
        folder = tmp_path / name
        folder.mkdir()
        image = folder / "x.jpg"
        image.write_text(f"pixels of {name}")
        (item,) = plan_items(list(find_images([folder], recursive=True)), str(tmp_path / "out"))
        verdict = detector.examine(item, describe_source(item.path))
        assert not verdict.skip
        target = ResultTarget(folder=item.output_dir, stem=verdict.stem, token=secrets.token_hex(6))
        files.append(set(save_result(document_of(image), target, formats)))
        assert detector.examine(item, describe_source(item.path)).skip
    assert len(set().union(*files)) == 4 * len(formats)


def test_a_mirrored_result_of_an_image_that_is_gone_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    image = tmp_path / "old" / "x.jpg"
    image.write_text("pixels")
    target = ResultTarget(folder=str(tmp_path / "out"), stem="x", token=secrets.token_hex(6))
    save_result(document_of(image), target, BOTH)
    image.unlink()
    (tmp_path / "new" / "x.jpg").write_text("other pixels")
    (item,) = plan_items(list(find_images([tmp_path / "new"], recursive=True)), str(tmp_path / "out"))
    verdict = SkipDetector(RunOptions(), SETTINGS).examine(item, describe_source(item.path))
    assert (verdict.skip, verdict.stem) == (False, "x")
