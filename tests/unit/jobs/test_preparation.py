"""The preparation of jobs: what becomes part of them, and what the user is told."""

from pathlib import Path

import pytest

from ocr_desktop.bootstrap import Application, build_application
from ocr_desktop.domain.errors import NothingFoundError, OutputNotWritableError
from ocr_desktop.domain.items import FoundImage
from ocr_desktop.domain.options import Redo, RunOptions
from ocr_desktop.domain.states import JobState
from tests.conftest import MakeImages
from tests.fakes.engines import GIVING_UP, NOOP

FAILED = RunOptions(redo=Redo.FAILED)


def application(engine: object = NOOP) -> Application:
    return build_application(engines=(engine,), serial=True)  # type: ignore[arg-type]


def found(paths: list[Path]) -> list[FoundImage]:
    return [FoundImage(str(path), str(path.parent)) for path in paths]


def read(app: Application, images: list[FoundImage], options: RunOptions | None = None) -> str:
    job = app.jobs.create(images, options or RunOptions())
    return app.jobs.start(job.id).id


def paths_of(app: Application, job_id: str) -> list[str]:
    return [record.item.path for record in app.jobs.items(job_id)]


# --- what failed before -----------------------------------------------------------------------------------


def test_only_what_failed_in_any_earlier_job_is_chosen(tmp_path: Path, make_images: MakeImages) -> None:
    images = found(make_images(tmp_path / "a", 4, marked={1}) + make_images(tmp_path / "b", 4, marked={0, 3}))
    app = application(GIVING_UP)
    read(app, images[:4])
    read(app, images[4:])

    job = app.jobs.create(images, FAILED)

    assert paths_of(app, job.id) == [images[number].path for number in (1, 4, 7)]
    assert [record.item.id for record in app.jobs.items(job.id)] == [0, 1, 2]
    app.close()


def test_results_go_where_they_would_have_gone(tmp_path: Path, make_images: MakeImages) -> None:
    """Also where all that failed is in one of the folders."""
    images = found(make_images(tmp_path / "a", 2) + make_images(tmp_path / "b", 2, marked={0}))
    app = application(GIVING_UP)
    options = RunOptions(output_dir=str(tmp_path / "out"))
    first = app.jobs.get(read(app, images, options))
    (before,) = [record.item for record in app.jobs.items(first.id) if record.item.path == images[2].path]

    job = app.jobs.create(images, RunOptions(output_dir=str(tmp_path / "out"), redo=Redo.FAILED))

    (record,) = app.jobs.items(job.id)
    assert record.item.output_dir == before.output_dir == str(tmp_path / "out" / "b")
    assert record.item.result_stems == before.result_stems
    app.close()


def test_where_nothing_failed_nothing_is_begun(tmp_path: Path, make_images: MakeImages) -> None:
    images = found(make_images(tmp_path, 2))
    app = application()
    read(app, images)

    with pytest.raises(NothingFoundError, match="None of these images failed") as caught:
        app.jobs.create(images, FAILED)

    assert caught.value.remedy
    assert len(app.jobs.list()) == 1
    app.close()


def test_failures_are_found_by_the_index(private_home: Path) -> None:
    app = application()
    statements: list[str] = []
    with app.store._database.reading() as connection:
        connection.set_trace_callback(statements.append)
        app.store.failed_paths()
        (query,) = statements
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}")]
    app.close()

    assert any("USING INDEX items_by_state" in step for step in plan), plan


# --- notices ----------------------------------------------------------------------------------------------


def test_notices_are_kept_with_the_job(tmp_path: Path, make_images: MakeImages) -> None:
    images = make_images(tmp_path, 3, marked={1, 2})
    app = application()
    job = app.jobs.create(found(images), RunOptions())
    app.close()
    copy, original = images[2].name, images[1].name

    again = application()
    assert again.jobs.get(job.id).notices == job.notices
    assert job.notices == (
        f"1 image is a copy of another: “{copy}” = “{original}”. Each gets a result of its own.",
    )
    again.close()


# --- output folders ---------------------------------------------------------------------------------------


def test_the_output_folder_is_there_from_the_start(tmp_path: Path, make_images: MakeImages) -> None:
    out = tmp_path / "not" / "yet"
    app = application()
    job = app.jobs.create(found(make_images(tmp_path / "scans", 1)), RunOptions(output_dir=str(out)))
    assert out.is_dir()
    out.rmdir()

    with pytest.raises(OutputNotWritableError, match="not there any more"):
        app.jobs.start(job.id)

    assert app.jobs.get(job.id).state is JobState.QUEUED
    app.close()


def test_what_is_refused_makes_no_folder(tmp_path: Path, make_images: MakeImages) -> None:
    app = application()
    options = RunOptions(output_dir=str(tmp_path / "out"), redo=Redo.FAILED)

    with pytest.raises(NothingFoundError):
        app.jobs.create(found(make_images(tmp_path / "scans", 1)), options)

    assert not (tmp_path / "out").exists()
    app.close()
