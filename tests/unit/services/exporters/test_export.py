"""Exporting: where the files go, that they are whole, and what becomes of results that cannot be exported."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ocr_desktop.domain.errors import OutputNotWritableError, UsageError
from ocr_desktop.services.exporters.catalog import EXPORT_FORMATS
from ocr_desktop.services.exporters.export import ExportSource, ExportTarget, export_results
from tests.fakes.disks import fill, small_disk
from tests.fakes.stored_results import (
    WORLD,
    corrected,
    document_with,
    export_all,
    export_one,
    page_of,
    store,
    store_text,
)

WITHOUT_IMAGE = [key for key in EXPORT_FORMATS if key != "pdf"]
"""Formats that need nothing but the result."""
HAND_MADE_PDF = b"%PDF-1.4\nsomebody's scan\n%%EOF\n"


def names_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def never() -> bool:
    return False


@pytest.mark.parametrize("key", WITHOUT_IMAGE)
def test_one_file_beside_each_result(tmp_path: Path, key: str) -> None:
    sources = [store(tmp_path, name, document_with(page_of(WORLD))) for name in ("a.jpg", "b.png")]
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}

    summary, done = export_all(sources, key)

    extension = EXPORT_FORMATS[key].extension
    made = {f"a_ocr.{extension}", f"b_ocr.{extension}"}
    assert names_in(tmp_path) == {path.name for path in before} | made
    assert {Path(one.file).name for one in done} == made
    assert (summary.exported, summary.failed, summary.stopped, summary.file) == (2, 0, False, "")
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize("key", WITHOUT_IMAGE)
def test_the_same_results_give_the_same_file_again(tmp_path: Path, key: str) -> None:
    if key == "xlsx":
        pytest.skip("a workbook says when it was made")
    source = store(tmp_path, "a.jpg", document_with(page_of(WORLD)))
    first = export_one(source, key).read_bytes()

    assert export_one(source, key).read_bytes() == first
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_mirrors_the_tree(tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    sources = [store_text(scans / sub, "a.jpg", sub) for sub in ("", "x", "y")]
    out = tmp_path / "out"

    export_all(sources, "txt", ExportTarget(folder=str(out), base=str(scans)))

    assert names_in(out) == {"a_ocr.txt", "x/a_ocr.txt", "y/a_ocr.txt"}
    assert (out / "y" / "a_ocr.txt").read_text(encoding="utf-8") == "y\n"


def test_results_of_one_name_never_share_a_file(tmp_path: Path) -> None:
    sources = [store_text(tmp_path / sub, name, sub) for sub in ("x", "y") for name in ("a.jpg", "A.png")]
    out = tmp_path / "out"

    _, done = export_all(sources, "txt", ExportTarget(folder=str(out)))
    again = export_all(sources, "txt", ExportTarget(folder=str(out)))[1]

    assert len({one.file.casefold() for one in done}) == 4
    assert [one.file for one in again] == [one.file for one in done]
    assert len(names_in(out)) == 4


def test_numbered_results_keep_their_numbers(tmp_path: Path) -> None:
    page = page_of(WORLD)
    sources = [store(tmp_path, "a.jpg", document_with(page), number=number) for number in (1, 2)]

    _, done = export_all(sources, "txt")

    assert [Path(one.file).name for one in done] == ["a_ocr.txt", "a_ocr_2.txt"]


def test_a_correction_takes_the_place_of_the_text(tmp_path: Path) -> None:
    pages = (page_of([["teh", "first"]]), page_of([["teh", "second"]], number=2))
    document = corrected(document_with(*pages), "the first\n\fthe second\n")
    source = store(tmp_path, "a.jpg", document)

    for key in ("txt", "md", "csv", "tsv", "json", "jsonl"):
        text = export_one(source, key).read_text(encoding="utf-8")
        assert "the first" in text, key
        assert "the second" in text, key
        assert "teh first" not in text, key


def test_a_correction_that_lost_its_page_breaks_loses_no_text(tmp_path: Path) -> None:
    pages = (page_of([["one"]]), page_of([["two"]], number=2))
    for text in ("all of it\n", "one\n\ftwo\n\fthree\n"):
        source = store(tmp_path, "a.jpg", corrected(document_with(*pages), text))
        exported = export_one(source, "txt").read_text(encoding="utf-8")
        assert exported.replace("\f", "").split() == text.replace("\f", "").split()


@pytest.mark.parametrize("key", [key for key in WITHOUT_IMAGE if EXPORT_FORMATS[key].combined])
def test_one_file_for_all(tmp_path: Path, key: str) -> None:
    sources = [store_text(tmp_path, f"{number}.jpg", f"text {number}") for number in range(3)]
    target = tmp_path / "new" / f"all.{EXPORT_FORMATS[key].extension}"

    summary, done = export_all(sources, key, ExportTarget(file=str(target)))

    assert summary.file == str(target)
    assert {one.file for one in done} == {str(target)}
    assert names_in(target.parent) == {target.name}


def test_alto_takes_one_result_a_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot hold several"):
        export_all([store_text(tmp_path, "a.jpg", "a")], "alto", ExportTarget(file=str(tmp_path / "a.xml")))


def test_a_damaged_result_is_reported_and_left_out(tmp_path: Path) -> None:
    good = store_text(tmp_path, "a.jpg", "good")
    bad = store_text(tmp_path, "b.jpg", "bad")
    Path(bad.json_path).write_bytes(b'{"text": "cut o')
    gone = ExportSource(str(tmp_path / "c_ocr_results.json"))
    target = tmp_path / "all.txt"

    summary, done = export_all([bad, good, gone], "txt", ExportTarget(file=str(target)))

    assert (summary.exported, summary.failed) == (1, 2)
    assert "“b_ocr_results.json” is damaged" in done[0].error
    assert done[0].error_kind == "result-damaged"
    assert "“c_ocr_results.json” is not there any more" in done[2].error
    assert target.read_text(encoding="utf-8") == "good\n"


def test_nothing_is_written_if_nothing_can_be(tmp_path: Path) -> None:
    bad = store_text(tmp_path, "b.jpg", "bad")
    Path(bad.json_path).write_bytes(b"{}")
    for target in (ExportTarget(), ExportTarget(file=str(tmp_path / "all.txt"))):
        summary, _ = export_all([bad], "txt", target)
        assert (summary.exported, summary.failed, summary.file) == (0, 1, "")
    assert names_in(tmp_path) == {"b_ocr_results.json"}


@pytest.mark.parametrize("key", ["txt", "xlsx", "docx"])
def test_a_stop_leaves_no_half_file(tmp_path: Path, key: str) -> None:
    sources = [store_text(tmp_path, f"{number}.jpg", "text") for number in range(4)]
    stops = iter([False, False, True])
    target = ExportTarget(file=str(tmp_path / "out" / "all"))

    summary = export_results(sources, key, target, lambda _: None, lambda: next(stops))

    assert (summary.exported, summary.stopped, summary.file) == (2, True, "")
    assert names_in(tmp_path / "out") == set()


def test_files_that_are_done_stay_after_a_stop(tmp_path: Path) -> None:
    sources = [store_text(tmp_path / "in", f"{number}.jpg", "text") for number in range(4)]
    stops = iter([False, False, True])
    out = tmp_path / "out"

    export_results(sources, "txt", ExportTarget(folder=str(out)), lambda _: None, lambda: next(stops))

    assert names_in(out) == {"0_ocr.txt", "1_ocr.txt"}


@pytest.mark.parametrize("key", ["txt", "xlsx", "docx", "json"])
def test_an_exception_in_between_leaves_no_half_file(tmp_path: Path, key: str) -> None:
    sources = [store_text(tmp_path, f"{number}.jpg", "text") for number in range(2)]

    def fail(_exported: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        export_results(sources, key, ExportTarget(file=str(tmp_path / "out" / "all")), fail, never)

    assert names_in(tmp_path / "out") == set()


@pytest.mark.parametrize(
    "name", ["a.jpg", "new.PNG", "a_ocr_results.json", "b_ocr_results_2.txt", "scan.pdf", ""]
)
def test_images_and_results_are_never_written_over(tmp_path: Path, name: str) -> None:
    source = store_text(tmp_path, "a.jpg", "text")
    (tmp_path / "a.jpg").write_bytes(b"image")
    (tmp_path / "scan.pdf").write_bytes(HAND_MADE_PDF)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}

    with pytest.raises(UsageError):
        export_all([source], "txt", ExportTarget(file=str(tmp_path / name)))

    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_source_without_a_telling_name_is_not_written_over(tmp_path: Path) -> None:
    source = store_text(tmp_path, "a.jpg", "text")
    renamed = tmp_path / "renamed.json"
    Path(source.json_path).rename(renamed)
    before = renamed.read_bytes()

    with pytest.raises(UsageError, match="one of the images or results"):
        export_all([ExportSource(str(renamed))], "json", ExportTarget(file=str(renamed)))

    assert renamed.read_bytes() == before
    assert names_in(tmp_path) == {"renamed.json"}


@pytest.mark.parametrize("to_file", [False, True])
def test_a_full_disk_is_said_so(tmp_path: Path, to_file: bool) -> None:
    source = store_text(tmp_path / "in", "a.jpg", "long " * 100_000)
    with small_disk(tmp_path / "small", 200) as disk:
        fill(disk, leave=40)
        target = ExportTarget(file=str(disk / "all.txt")) if to_file else ExportTarget(folder=str(disk))
        with pytest.raises(OutputNotWritableError, match="the disk is full"):
            export_all([source], "txt", target)
        assert names_in(disk) == {"filler"}


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    source = store_text(tmp_path, "a.jpg", "text")
    with pytest.raises(OutputNotWritableError, match="cannot be written"):
        export_all([source], "txt", ExportTarget(folder=str(tmp_path / "file" / "below")))


def test_each_format_has_a_key_a_title_and_an_extension_of_its_own() -> None:
    take: Callable[[str], set[str]] = lambda field: {getattr(one, field) for one in EXPORT_FORMATS.values()}  # noqa: E731
    for field in ("key", "title", "extension"):
        assert len(take(field)) == len(EXPORT_FORMATS)
    assert take("key") == set(EXPORT_FORMATS)
