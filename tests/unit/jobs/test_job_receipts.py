"""Receipts of jobs: written when a job ends, however it ends, and forgotten with it."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from ocr_desktop.bootstrap import Application, build_application
from ocr_desktop.domain.errors import JobBusyError, JobNotFoundError, OutputNotWritableError
from ocr_desktop.domain.events import Event, ItemFinished
from ocr_desktop.domain.items import FoundImage
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import JobState
from ocr_desktop.domain.verification import FindingKind
from ocr_desktop.services.engines.protocol import EngineSpec
from ocr_desktop.services.receipt_files import ensure_whole
from ocr_desktop.services.verifier import verify
from tests.conftest import MakeImages
from tests.fakes.engines import GIVING_UP, NOOP


def application(engine: EngineSpec = NOOP) -> Application:
    return build_application(engines=(engine,), serial=True)


def job_of(app: Application, paths: list[Path], **options: Any) -> str:  # noqa: ANN401 - of any setting
    images = [FoundImage(str(path), str(path.parent)) for path in paths]
    return app.jobs.create(images, RunOptions(**options)).id


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_a_job_leaves_a_receipt(tmp_path: Path, make_images: MakeImages, private_home: Path) -> None:
    app = application(GIVING_UP)
    paths = make_images(tmp_path, 3, marked={1})
    job_id = job_of(app, paths)

    assert app.jobs.start(job_id).state is JobState.COMPLETED_WITH_ERRORS

    receipt = private_home / "receipts" / f"{job_id}.jsonl"
    header, *items, footer = lines(receipt)
    assert (header["jobId"], header["status"]) == (job_id, "completed_with_errors")
    assert header["settings"]["values"]["languages"] == "eng"
    assert header["options"]["languages"] == ["eng"]
    assert [item["status"] for item in items] == ["completed", "failed", "completed"]
    assert [item["path"] for item in items] == [str(path) for path in paths]
    assert items[1]["error"]
    assert items[1]["errorKind"] == "recognition"
    assert footer["stats"] == {"total": 3, "completed": 2, "skipped": 0, "failed": 1, "cancelled": 0}
    assert {finding.kind for finding in verify([str(receipt)])} == {FindingKind.SOUND}
    assert app.receipts.path_of(job_id) == receipt


def test_hashes_are_those_of_the_files(tmp_path: Path, make_images: MakeImages) -> None:
    app = application()
    for _ in range(2):  # the second job skips what the first has read
        job_id = job_of(app, make_images(tmp_path, 2))
        app.jobs.start(job_id)
        _header, *items, _footer = lines(app.receipts.path_of(job_id))
        for item in items:
            known = {item["path"]: item["sha256"]} | {
                file["path"]: file["sha256"] for file in item["results"]
            }
            assert len(known) == 3
            for path, digest in known.items():
                assert digest in {None, hashlib.sha256(Path(path).read_bytes()).hexdigest()}


def test_a_long_receipt_is_written_page_by_page(tmp_path: Path, make_images: MakeImages) -> None:
    app = application()
    (image,) = make_images(tmp_path, 1)
    images = [FoundImage(str(image), str(tmp_path))] + [
        FoundImage(str(tmp_path / f"gone {number}.png"), str(tmp_path)) for number in range(1100)
    ]
    job_id = app.jobs.create(images, RunOptions()).id
    app.jobs.cancel(job_id)

    _header, *items, footer = lines(app.receipts.path_of(job_id))

    assert [item["id"] for item in items] == list(range(1101))
    assert footer["stats"]["cancelled"] == 1101


def test_a_job_that_is_cancelled_leaves_one_too(
    tmp_path: Path, make_images: MakeImages, private_home: Path
) -> None:
    app = application()
    idle = job_of(app, make_images(tmp_path, 2))
    app.jobs.cancel(idle)
    running = job_of(app, make_images(tmp_path, 5), chunk_size=1)

    def cancel_after_the_first(event: Event) -> None:
        if isinstance(event, ItemFinished):
            app.jobs.cancel(event.job_id)

    app.jobs.subscribe(cancel_after_the_first)
    app.jobs.start(running)

    for job_id in (idle, running):
        receipt = private_home / "receipts" / f"{job_id}.jsonl"
        assert ensure_whole(str(receipt)).status is JobState.CANCELLED
        assert lines(receipt)[-1]["stats"]["cancelled"] > 0


def test_a_job_that_has_not_ended_has_none(
    tmp_path: Path, make_images: MakeImages, private_home: Path
) -> None:
    app = application()
    waiting = job_of(app, make_images(tmp_path, 3))
    with pytest.raises(JobBusyError, match="queued and has no receipt yet"):
        app.receipts.path_of(waiting)

    def interrupt_after_the_first(event: Event) -> None:
        if isinstance(event, ItemFinished):
            app.jobs.interrupt(event.job_id)

    app.jobs.subscribe(interrupt_after_the_first)
    assert app.jobs.start(waiting).state is JobState.INTERRUPTED

    with pytest.raises(JobBusyError, match="interrupted"):
        app.receipts.path_of(waiting)
    with pytest.raises(JobNotFoundError):
        app.receipts.path_of("../jobs")
    assert not (private_home / "receipts").exists()


def test_a_receipt_that_cannot_be_written_does_not_cost_the_job(
    tmp_path: Path, make_images: MakeImages, private_home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = application()
    (private_home / "receipts").write_bytes(b"in the way")
    job_id = job_of(app, make_images(tmp_path, 1))

    assert app.jobs.start(job_id).state is JobState.COMPLETED

    assert f"receipt of job {job_id} could not be written" in caplog.text
    with pytest.raises(OutputNotWritableError):
        app.receipts.path_of(job_id)
    (private_home / "receipts").unlink()
    assert ensure_whole(str(app.receipts.path_of(job_id))).job_id == job_id


def test_a_receipt_is_forgotten_with_its_job(tmp_path: Path, make_images: MakeImages) -> None:
    app = application()
    job_id = job_of(app, make_images(tmp_path, 1))
    app.jobs.start(job_id)
    receipt = app.receipts.path_of(job_id)

    app.jobs.delete(job_id)

    assert not receipt.exists()
    app.receipts.forget(job_id)
