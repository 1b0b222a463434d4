"""Finding results: in folders, of images and of result files; in natural order, none twice."""

import os
from pathlib import Path

import msgspec
import pytest

from ocr_desktop.domain.errors import UsageError
from ocr_desktop.services.exporters.catalog import EXPORT_FORMATS
from ocr_desktop.services.exporters.export import ExportTarget
from ocr_desktop.services.exporters.result_finder import find_results
from ocr_desktop.services.exporters.target_choice import choose_target
from tests.fakes.results import a_document
from tests.fakes.stored_results import document_with, page_of, store, store_text


def find(*paths: Path, recursive: bool = True) -> tuple[list[str], list[str]]:
    """Return the names of the result files found, and the sentences about what has none."""
    problems: list[str] = []
    found = find_results(
        [str(path) for path in paths],
        recursive=recursive,
        on_problem=lambda _path, sentence: problems.append(sentence),
    )
    return [Path(source.json_path).name for source in found], problems


def test_folders_in_natural_order(tmp_path: Path) -> None:
    for name in ("scan 10.jpg", "scan 2.jpg", "Scan 1.jpg"):
        store_text(tmp_path, name, name)
    for folder in ("b 10", "b 9", ".hidden"):
        store_text(tmp_path / folder, f"in {folder}.jpg", folder)
    (tmp_path / "notes.json").write_text("{}", encoding="utf-8")

    found, problems = find(tmp_path)

    names = ["Scan 1", "scan 2", "scan 10", "in b 9", "in b 10"]
    assert found == [f"{name}_ocr_results.json" for name in names]
    assert problems == []
    assert find(tmp_path, recursive=False)[0] == found[:3]


def test_the_latest_of_several_results_counts(tmp_path: Path) -> None:
    page = page_of([["x"]])
    dates = ("2024-01-03", "2024-01-01", "2024-01-02")
    for number, date in enumerate(dates, 1):
        store(tmp_path, "a.jpg", document_with(page, saved_at=f"{date}T00:00:00+00:00"), number=number)
    (tmp_path / "a.jpg").write_bytes(b"")

    assert find(tmp_path)[0] == ["a_ocr_results.json"]
    assert find(tmp_path / "a.jpg")[0] == ["a_ocr_results.json"]
    store(tmp_path, "a.jpg", document_with(page, saved_at="2024-01-04T00:00:00+00:00"), number=2)
    assert find(tmp_path)[0] == ["a_ocr_results_2.json"]
    assert find(tmp_path / "a.jpg")[0] == ["a_ocr_results_2.json"]


def test_files_that_are_named_themselves(tmp_path: Path) -> None:
    json_path = Path(store_text(tmp_path, "a.jpg", "a").json_path)
    store_text(tmp_path, "b.jpg", "b")
    text_path = json_path.with_suffix(".txt")
    for path in (text_path, tmp_path / "a.jpg", tmp_path / "b.jpg", tmp_path / "unread.jpg"):
        path.write_bytes(b"")

    assert find(json_path) == (["a_ocr_results.json"], [])
    assert find(text_path) == (["a_ocr_results.json"], [])
    assert find(tmp_path / "b.jpg") == (["b_ocr_results.json"], [])
    assert find(tmp_path / "unread.jpg") == ([], ["There is no result of “unread.jpg”. Read it first."])
    everything = sorted(tmp_path.iterdir())
    assert find(*everything, tmp_path)[0] == ["a_ocr_results.json", "b_ocr_results.json"]


def test_earlier_exports_are_passed_over(tmp_path: Path) -> None:
    store_text(tmp_path, "a.jpg", "a")
    for name in ("a.jpg", "a_ocr.pdf", "a_ocr.json", "a_ocr_2.txt"):
        (tmp_path / name).write_bytes(b"{}")
    assert find(*sorted(tmp_path.iterdir())) == (["a_ocr_results.json"], [])
    assert find(tmp_path) == (["a_ocr_results.json"], [])


def test_images_that_share_a_stem_have_results_of_their_own(tmp_path: Path) -> None:
    for name in ("a.jpg", "a.png"):
        (tmp_path / name).write_bytes(b"")
        document = document_with(page_of([[name]]))
        source = msgspec.structs.replace(document.source, name=name)
        document = msgspec.structs.replace(document, source=source)
        (tmp_path / f"{name}_ocr_results.json").write_bytes(msgspec.json.encode(document))
    # The one of a.png from before a.jpg came.
    old = a_document(saved_at="2020", source=msgspec.structs.replace(document.source, name="a.png"))
    (tmp_path / "a_ocr_results.json").write_bytes(msgspec.json.encode(old))

    assert find(tmp_path / "a.jpg")[0] == ["a.jpg_ocr_results.json"]
    assert find(tmp_path / "a.png")[0] == ["a.png_ocr_results.json"]


def test_a_damaged_result_is_found_so_that_it_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    (tmp_path / "a_ocr_results.json").write_bytes(b"{")
    assert find(tmp_path / "a.jpg")[0] == ["a_ocr_results.json"]
    assert find(tmp_path)[0] == ["a_ocr_results.json"]


def test_links_that_lead_round_in_circles(tmp_path: Path) -> None:
    store_text(tmp_path / "in", "a.jpg", "a")
    try:
        (tmp_path / "in" / "round").symlink_to(tmp_path, target_is_directory=True)
    except OSError:
        pytest.skip("links cannot be made here")
    assert find(tmp_path)[0] == ["a_ocr_results.json"]


class TestTarget:
    """Where an export goes, from what somebody typed."""

    def choose(self, tmp_path: Path, output: str | None, *, combine: bool = False) -> ExportTarget:
        (tmp_path / "in").mkdir(exist_ok=True)
        entry = EXPORT_FORMATS["csv"]
        place = None if output is None else f"{tmp_path}{os.sep}{output}"
        return choose_target(entry, [str(tmp_path / "in")], place, combine=combine)

    def test_beside_the_results(self, tmp_path: Path) -> None:
        assert self.choose(tmp_path, None) == ExportTarget()

    def test_one_file_in_the_folder_of_the_results(self, tmp_path: Path) -> None:
        assert self.choose(tmp_path, None, combine=True).file == str(tmp_path / "in" / "in_ocr.csv")

    def test_a_folder_mirrors_the_tree(self, tmp_path: Path) -> None:
        target = self.choose(tmp_path, "out")
        assert target == ExportTarget(folder=str(tmp_path / "out"), base=str(tmp_path / "in"))

    @pytest.mark.parametrize("combine", [False, True])
    def test_a_file_by_its_extension(self, tmp_path: Path, combine: bool) -> None:
        assert self.choose(tmp_path, "all.CSV", combine=combine).file == str(tmp_path / "all.CSV")

    def test_one_file_in_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        assert self.choose(tmp_path, "out", combine=True).file == str(tmp_path / "out" / "in_ocr.csv")
        assert self.choose(tmp_path, "new/", combine=True).file == str(tmp_path / "new" / "in_ocr.csv")

    def test_a_file_for_a_folder_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"")
        with pytest.raises(UsageError, match="is a file"):
            self.choose(tmp_path, "file")
