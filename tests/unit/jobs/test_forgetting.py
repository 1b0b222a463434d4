"""Deleting a job: what goes, what stays, and that nothing of it can be found afterwards."""

import hashlib
import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from ocr_desktop.batch.scratch import make_scratch
from ocr_desktop.bootstrap import Application, build_application
from ocr_desktop.domain.errors import JobBusyError, JobNotFoundError
from ocr_desktop.domain.events import Event, ItemFinished
from ocr_desktop.domain.items import FoundImage, ImageItem, ItemOutcome
from ocr_desktop.domain.options import OutputFormat, Overwrite, RunOptions
from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.jobs.database import JobDatabase
from ocr_desktop.jobs.forgetting import KeptFile, Traces, WhyKept, forget_job
from ocr_desktop.jobs.sqlite_store import SqliteJobStore
from ocr_desktop.jobs.store import JobRecord
from ocr_desktop.services.thumbnails import Bitmap, ThumbnailStore
from tests.conftest import MakeImages
from tests.fakes.engines import GIVING_UP, NOOP
from tests.fakes.privileges import needs_permissions, open_folder, unprivileged


@pytest.fixture
def app() -> Iterator[Application]:
    application = build_application(engines=[NOOP], serial=True)
    yield application
    application.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteJobStore]:
    opened = SqliteJobStore(JobDatabase(tmp_path / "data" / "jobs.db"))
    yield opened
    opened.close()


def read(app: Application, paths: list[Path], **options: object) -> str:
    """Run a job over the images and return its id."""
    chosen = RunOptions(**options)  # type: ignore[arg-type]
    images = [FoundImage(str(path), str(path.parent)) for path in paths]
    return app.jobs.start(app.jobs.create(images, chosen).id).id


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def add(store: SqliteJobStore, job_id: str, items: int) -> None:
    record = JobRecord(id=job_id, state=JobState.QUEUED, options=RunOptions(), created_at=datetime.now(UTC))
    paths = [f"/scans/{job_id} letter {number}.png" for number in range(items)]
    planned = [ImageItem(number, path, "/scans", ("x",)) for number, path in enumerate(paths)]
    store.add(record, planned)


def complete(store: SqliteJobStore, job_id: str, outcomes: list[ItemOutcome]) -> None:
    store.set_job_state(job_id, JobState.PROCESSING)
    for outcome in outcomes:
        store.set_item_state(job_id, outcome.item_id, ItemState.PROCESSING)
        store.settle(job_id, [outcome])
    store.set_job_state(job_id, JobState.COMPLETED)


def test_results_stay_unless_they_are_to_go(
    app: Application, tmp_path: Path, make_images: MakeImages
) -> None:
    job_id = read(app, make_images(tmp_path, 2))
    before = names(tmp_path)
    forgotten = app.jobs.delete(job_id)
    assert (forgotten.items, forgotten.results_removed, forgotten.kept) == (2, 0, ())
    assert names(tmp_path) == before
    with pytest.raises(JobNotFoundError):
        app.jobs.get(job_id)


def test_results_go_and_images_stay(app: Application, tmp_path: Path, make_images: MakeImages) -> None:
    paths = make_images(tmp_path, 3)
    content = [path.read_bytes() for path in paths]
    forgotten = app.jobs.delete(read(app, paths), results=True)
    assert (forgotten.results_removed, forgotten.results_kept) == (6, 0)
    assert names(tmp_path) == [path.name for path in paths]
    assert [path.read_bytes() for path in paths] == content


def test_results_of_another_job_stay(app: Application, tmp_path: Path, make_images: MakeImages) -> None:
    """Those that the job has skipped are not its own."""
    paths = make_images(tmp_path, 2)
    read(app, paths[:1])
    forgotten = app.jobs.delete(read(app, paths), results=True)
    assert forgotten.results_removed == 2
    assert names(tmp_path) == [
        "scan 0000.png",
        "scan 0000_ocr_results.json",
        "scan 0000_ocr_results.txt",
        "scan 0001.png",
    ]


def test_a_job_whose_images_failed_can_be_forgotten(tmp_path: Path, make_images: MakeImages) -> None:
    app = build_application(engines=[GIVING_UP], serial=True)
    job_id = read(app, make_images(tmp_path, 3, marked={1}))
    assert app.jobs.delete(job_id, results=True).results_removed == 4
    app.close()


def test_a_result_that_was_changed_stays_and_is_named(
    store: SqliteJobStore, tmp_path: Path, make_images: MakeImages
) -> None:
    app = build_application(engines=[NOOP], serial=True)
    paths = make_images(tmp_path / "scans", 3)
    job_id = read(app, paths)
    items = app.jobs.items(job_id)
    app.close()
    add_job_of(store, [item.item for item in items])
    outcomes = []
    for item in items:
        assert item.outcome is not None
        files = item.outcome.result_files
        hashes = tuple(hashlib.sha256(Path(file).read_bytes()).hexdigest() for file in files)
        outcomes.append(msgspec.structs.replace(item.outcome, result_hashes=hashes))
    complete(store, "job", outcomes)
    changed = [
        paths[0].with_name("scan 0000_ocr_results.txt"),
        paths[1].with_name("scan 0001_ocr_results.json"),
    ]
    for path in changed:
        path.write_text("my own words", encoding="utf-8")
    paths[2].with_name("scan 0002_ocr_results.txt").unlink()  # somebody was faster

    forgotten = forget_job(store, "job", Traces(), results=True)

    assert forgotten.results_removed == 3
    assert forgotten.results_kept == 2
    assert [(Path(file.path), file.why) for file in forgotten.kept] == [
        (path, WhyKept.CHANGED) for path in changed
    ]
    assert all(path.name in file.sentence for path, file in zip(changed, forgotten.kept, strict=True))
    assert not forgotten.is_refused
    assert names(tmp_path / "scans") == sorted(path.name for path in (*paths, *changed))


def test_a_result_that_a_later_job_has_replaced_stays(
    app: Application, tmp_path: Path, make_images: MakeImages
) -> None:
    paths = make_images(tmp_path, 1)
    first = read(app, paths, formats=(OutputFormat.JSON,))
    (record,) = app.jobs.items(first)
    assert record.outcome is not None
    assert record.outcome.result_hashes
    read(app, paths, formats=(OutputFormat.JSON,), overwrite=Overwrite.OVERWRITE, page_segmentation=6)
    forgotten = app.jobs.delete(first, results=True)
    assert (forgotten.results_removed, forgotten.results_kept) == (0, 1)


def test_a_result_whose_hash_is_unknown_stays(
    store: SqliteJobStore, tmp_path: Path, make_images: MakeImages
) -> None:
    """Nothing tells it from one that another run has made of the same image."""
    app = build_application(engines=[NOOP], serial=True)
    (record,) = app.jobs.items(read(app, make_images(tmp_path / "scans", 1)))
    app.close()
    assert record.outcome is not None
    add_job_of(store, [record.item])
    complete(store, "job", [msgspec.structs.replace(record.outcome, result_hashes=())])
    before = names(tmp_path / "scans")
    assert forget_job(store, "job", Traces(), results=True).results_kept == 2
    assert names(tmp_path / "scans") == before


@pytest.mark.parametrize("digest", ["own", ""])
def test_never_an_image_nor_what_is_no_result(store: SqliteJobStore, tmp_path: Path, digest: str) -> None:
    """Whatever the list of jobs says."""
    image = tmp_path / "a.png"
    Image.new("L", (10, 10)).save(image)
    link = tmp_path / "a_ocr_results.json"
    link.symlink_to(image)
    own = hashlib.sha256(image.read_bytes()).hexdigest() if digest else ""
    add_job_of(store, [ImageItem(0, str(image), str(tmp_path), ("a",))])
    files, hashes = (str(image), str(link)), (own, own) if own else ()
    outcome = ItemOutcome(item_id=0, state=ItemState.COMPLETED, result_files=files, result_hashes=hashes)
    complete(store, "job", [outcome])
    assert forget_job(store, "job", Traces(), results=True).results_kept == 2
    assert names(tmp_path) == ["a.png", "a_ocr_results.json", "data"]


@needs_permissions
def test_a_result_that_cannot_be_removed_is_named_first(make_images: MakeImages) -> None:
    with open_folder() as folder:
        app = build_application(engines=[NOOP], serial=True, home=folder / "home")
        paths = make_images(folder / "scans", 2)
        job_id = read(app, paths)
        paths[0].with_name("scan 0000_ocr_results.json").write_text("changed", encoding="utf-8")
        for path in (folder / "home").rglob("*"):
            path.chmod(0o777)
        (folder / "home").chmod(0o777)
        app.close()
        with unprivileged():
            app = build_application(engines=[NOOP], serial=True, home=folder / "home")
            forgotten = app.jobs.delete(job_id, results=True)
            app.close()
        assert forgotten.is_refused
        assert [file.why.value for file in forgotten.kept] == ["refused"] * 3 + ["changed"]
        assert len(list((folder / "scans").iterdir())) == 6


def test_thumbnails_go_too(
    app: Application, tmp_path: Path, make_images: MakeImages, private_home: Path
) -> None:
    paths = make_images(tmp_path, 2)
    other = make_images(tmp_path / "other", 1)
    thumbnails = ThumbnailStore(app.folders.thumbnails)
    for path in (*paths, *other):
        assert isinstance(thumbnails.get(str(path), 100), Bitmap)
    app.jobs.delete(read(app, paths))
    assert len(list(app.folders.thumbnails.rglob("*.jpg"))) == 1


def test_no_lock_file_is_left(app: Application, tmp_path: Path, make_images: MakeImages) -> None:
    job_id = read(app, make_images(tmp_path, 1))
    app.jobs.delete(job_id)
    assert not list((app.folders.home / "locks").iterdir())


def test_receipt_and_scratch_go_too(app: Application, tmp_path: Path, make_images: MakeImages) -> None:
    job_id = read(app, make_images(tmp_path, 1))
    receipt = app.receipts.path_of(job_id)
    scratch = Path(make_scratch(job_id))  # as a run that was killed leaves it
    app.jobs.delete(job_id)
    assert not receipt.exists()
    assert not scratch.exists()


def test_every_trace_is_asked_page_by_page(store: SqliteJobStore) -> None:
    add(store, "job", 4500)
    pages: list[int] = []
    jobs: list[str] = []
    traces = Traces(of_images=(lambda paths: pages.append(len(paths)),), of_job=(jobs.append,))
    assert forget_job(store, "job", traces, results=True).items == 4500
    assert (pages, jobs) == ([2000, 2000, 500], ["job"])


def test_one_that_is_broken_off_can_be_repeated(store: SqliteJobStore) -> None:
    add(store, "job", 3)

    def fail(_job_id: str) -> None:
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        forget_job(store, "job", Traces(of_job=(fail,)), results=False)
    assert forget_job(store, "job", Traces(), results=False).items == 3


def test_only_so_many_kept_files_are_named(store: SqliteJobStore, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}_ocr_results.txt" for number in range(150)]
    for path in paths:
        path.write_text("mine", encoding="utf-8")
    add_job_of(store, [ImageItem(n, str(tmp_path / f"{n}.png"), str(tmp_path), ("x",)) for n in range(150)])
    outcomes = [
        ItemOutcome(item_id=number, state=ItemState.COMPLETED, result_files=(str(path),))
        for number, path in enumerate(paths)
    ]
    complete(store, "job", outcomes)
    forgotten = forget_job(store, "job", Traces(), results=True)
    assert (forgotten.results_kept, len(forgotten.kept)) == (150, 100)
    assert all(isinstance(file, KeptFile) for file in forgotten.kept)


def test_a_running_job_is_not_forgotten(app: Application, tmp_path: Path, make_images: MakeImages) -> None:
    refused: list[str] = []

    def delete(event: Event) -> None:
        if isinstance(event, ItemFinished):
            with pytest.raises(JobBusyError) as caught:
                app.jobs.delete(event.job_id, results=True)
            refused.append(caught.value.remedy)

    app.jobs.subscribe(delete)
    job_id = read(app, make_images(tmp_path, 2))
    assert refused == ["Cancel it first."] * 2
    assert app.jobs.get(job_id).state is JobState.COMPLETED


@pytest.mark.parametrize("seed", [0, 3, 10, 15])
def test_no_name_lingers_in_the_files_of_the_database(
    store: SqliteJobStore, tmp_path: Path, seed: int
) -> None:
    """Neither in free pages, nor between rows, nor in the write-ahead log."""
    order = random.Random(seed)
    sizes = {f"SECRET{number}": 137 * (number + 1) for number in range(5)}
    for job_id, items in sizes.items():
        paths = [f"/x/{job_id}-{number}" + "y" * order.randrange(150) for number in range(items)]
        add_job_of(store, [ImageItem(n, path, "/x", (job_id,)) for n, path in enumerate(paths)], job_id)
    for job_id in order.sample(sorted(sizes), k=len(sizes)):
        ids = list(range(sizes[job_id]))
        order.shuffle(ids)
        errors = [f"{job_id} failed " + "z" * order.randrange(300) for _ in ids]
        outcomes = [
            ItemOutcome(
                item_id=item_id,
                state=ItemState.FAILED,
                error=error,
                result_files=(f"/x/{job_id}-{item_id}",),
            )
            for item_id, error in zip(ids, errors, strict=True)
        ]
        complete(store, job_id, outcomes)
    for job_id in ("SECRET2", "SECRET1"):
        assert occurrences(tmp_path / "data", job_id) > 0
        store.delete(job_id)
        assert occurrences(tmp_path / "data", job_id) == 0
    assert occurrences(tmp_path / "data", "SECRET0") > 0
    assert store.stats("SECRET0").failed == sizes["SECRET0"]


def occurrences(folder: Path, word: str) -> int:
    return sum(path.read_bytes().count(os.fsencode(word)) for path in folder.iterdir())


def add_job_of(store: SqliteJobStore, items: list[ImageItem], job_id: str = "job") -> None:
    record = JobRecord(id=job_id, state=JobState.QUEUED, options=RunOptions(), created_at=datetime.now(UTC))
    store.add(record, items)
