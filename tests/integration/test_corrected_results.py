"""Corrected results through whole jobs: skipped, carried over, verified, and never deleted with a job."""

from pathlib import Path

import pytest
from PIL import Image

from ocr_desktop.bootstrap import Application, build_application
from ocr_desktop.domain.items import FoundImage, ItemOutcome
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.results import ResultDocument
from ocr_desktop.domain.states import ItemState
from ocr_desktop.domain.verification import Finding, FindingKind
from ocr_desktop.jobs.forgetting import WhyKept
from ocr_desktop.services.corrections import remove_correction, save_correction
from ocr_desktop.services.result_reader import read_result
from ocr_desktop.services.verifier import verify
from tests.fakes.engines import NOOP

BETTER = "What it really says\n"


class Desk:
    """A folder of images, read job after job."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.add("page.png")
        self.app: Application = build_application(engines=[NOOP], serial=True)
        self.job_id = ""

    def add(self, name: str, width: int = 40) -> Path:
        path = self.folder / name
        Image.new("L", (width, 20), 255).save(path)
        return path

    def read(self, **options: object) -> ItemOutcome:
        found = [FoundImage(str(self.folder / "page.png"), str(self.folder))]
        self.job_id = self.app.jobs.create(found, RunOptions.from_values(options)).id
        self.app.jobs.start(self.job_id)
        (record,) = self.app.jobs.items(self.job_id)
        assert record.outcome is not None
        return record.outcome

    def document(self, name: str = "page_ocr_results.json") -> ResultDocument:
        return read_result(self.folder / name)

    def verify(self) -> Finding:
        (finding,) = verify([str(self.folder)])
        return finding

    def check_receipt(self, job_id: str = "") -> Finding:
        (finding,) = verify([str(self.app.receipts.path_of(job_id or self.job_id))])
        return finding

    def names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_corrected_result_counts_as_read(desk: Desk) -> None:
    save_correction(desk.read().result_files, BETTER)

    outcome = desk.read()

    assert (outcome.state, outcome.reason) == (ItemState.SKIPPED, "Already read with these settings.")
    assert desk.document().best_text == BETTER


@pytest.mark.parametrize("options", [{"overwrite": "overwrite"}, {"redo": "stale", "page_segmentation": 6}])
@pytest.mark.parametrize("formats", [["json"], ["json", "txt"]])
def test_reading_again_keeps_the_correction(
    desk: Desk, options: dict[str, object], formats: list[str]
) -> None:
    save_correction(desk.read(formats=formats).result_files, BETTER)
    before = desk.document()

    outcome = desk.read(formats=formats, **options)

    assert outcome.state is ItemState.COMPLETED
    assert desk.document().correction == before.correction
    assert desk.verify().detail == "It has been read and corrected, and its result is whole."


def test_a_numbered_result_is_the_engines_own(desk: Desk) -> None:
    save_correction(desk.read().result_files, BETTER)

    desk.read(overwrite="suffix")

    assert desk.document().best_text == BETTER
    assert desk.document("page_ocr_results_2.json").correction is None


def test_a_correction_follows_to_the_name_that_its_image_has_now(desk: Desk) -> None:
    """Another image of the same stem has joined the folder, so that results go by full names."""
    save_correction(desk.read().result_files, BETTER)
    desk.add("page.jpg", width=50)

    outcome = desk.read(overwrite="overwrite")

    assert Path(outcome.result_files[0]).name == "page.png_ocr_results.json"
    assert desk.document("page.png_ocr_results.json").best_text == BETTER
    assert desk.document().best_text == BETTER


def test_where_the_image_has_changed_the_corrected_result_is_set_aside(desk: Desk) -> None:
    save_correction(desk.read().result_files, BETTER)
    desk.add("page.png", width=60)

    outcome = desk.read()

    kept = "page_ocr_results_2.json"
    assert outcome.reason == f"The text that was corrected before the image changed is kept in “{kept}”."
    assert desk.document().best_text == "60x20\n"
    assert desk.document(kept).best_text == BETTER
    assert "page_ocr_results_2.txt" in desk.names()
    assert desk.verify().kind is FindingKind.SOUND
    assert desk.read().state is ItemState.SKIPPED


def test_a_receipt_knows_a_correction_from_damage(desk: Desk) -> None:
    outcome = desk.read()
    assert desk.check_receipt().detail == "The image and its results are as the receipt says."

    save_correction(outcome.result_files, BETTER)
    finding = desk.check_receipt()
    assert finding.kind is FindingKind.SOUND
    assert finding.detail == (
        "The image is as the receipt says, and so is its result, but that its text was corrected."
    )

    txt = desk.folder / "page_ocr_results.txt"
    txt.write_bytes(txt.read_bytes() + b"and more")
    assert desk.check_receipt().kind is FindingKind.DAMAGED


def test_a_receipt_finds_what_was_changed_beside_the_correction(desk: Desk) -> None:
    save_correction(desk.read().result_files, BETTER)
    path = desk.folder / "page_ocr_results.json"
    path.write_bytes(path.read_bytes().replace(b'"text": "40x20"', b'"text": "50x20"'))
    assert desk.document().best_text == BETTER

    assert desk.check_receipt().kind is FindingKind.DAMAGED


def test_receipts_of_later_jobs_do_not_depend_on_the_correction(desk: Desk) -> None:
    files = desk.read().result_files
    save_correction(files, BETTER)
    desk.read(overwrite="overwrite")
    overwritten = desk.job_id
    desk.read()
    skipped = desk.job_id
    for text in ("Once more\n", ""):
        save_correction(files, text) if text else remove_correction(files)
        for job_id in (overwritten, skipped):
            assert desk.check_receipt(job_id).kind is FindingKind.SOUND


def test_a_corrected_result_outlives_its_job(desk: Desk) -> None:
    desk.read()
    save_correction(desk.read(overwrite="overwrite").result_files, BETTER)
    desk.read(overwrite="overwrite")  # wrote the correction itself, as it was carried over
    before = desk.names()

    forgotten = desk.app.jobs.delete(desk.job_id, results=True)

    assert desk.names() == before
    assert (forgotten.results_removed, forgotten.results_kept) == (0, 2)
    assert {file.why for file in forgotten.kept} == {WhyKept.CORRECTED}
    assert forgotten.kept[0].sentence == (
        f"“{desk.folder / 'page_ocr_results.json'}” stays: its text was corrected by hand."
    )
    assert not forgotten.is_refused
