"""The command ``doctor``: what it says where the program cannot begin, and the bundle for a bug report."""

import json
import os
import sqlite3
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ocr_desktop.domain.items import ImageItem
from ocr_desktop.domain.options import RunOptions
from ocr_desktop.domain.states import JobState
from ocr_desktop.jobs.database import JobDatabase
from ocr_desktop.jobs.sqlite_store import SqliteJobStore
from ocr_desktop.jobs.store import JobRecord
from tests.conftest import MakeImages
from tests.fakes.privileges import needs_permissions
from tests.integration.conftest import (
    PROJECT,
    Command,
    command_line_with_fake,
    posix_only,
    run_fake,
    write_scan,
)

SECRETS = ("Meier", "Kaufvertrag", "Scheidung", "Zeugnis", "ottilie")
"""Parts of names of folders and files, recognized words, and the name of the user, in the tests here."""


def run_as_ottilie(
    engine: str, base: Path, *arguments: str | Path, **environment: str
) -> "subprocess.CompletedProcess[str]":
    """Run the program for a user whose name and folders tell a lot."""
    home = base / "ottilie"
    home.mkdir(exist_ok=True)
    own = {"HOME": str(home), "USERPROFILE": str(home), "LOGNAME": "ottilie", "USER": "ottilie"}
    return subprocess.run(
        command_line_with_fake(engine, *arguments),
        capture_output=True,
        text=True,
        cwd=PROJECT,
        env=os.environ | own | environment,
        timeout=120,
        check=False,
    )


def unpack(bundle: Path) -> dict[str, str]:
    with zipfile.ZipFile(bundle) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def secrets_in(texts: dict[str, str]) -> list[str]:
    return [word for word in SECRETS for name, text in texts.items() if word.lower() in (name + text).lower()]


@pytest.fixture
def used(tmp_path: Path, make_images: MakeImages) -> Path:
    """Return a folder in which ottilie has run two jobs, one with a failure that nobody foresaw."""
    make_images(tmp_path / "Mandant Meier" / "Kaufvertrag", 3, marked={1})
    write_scan(tmp_path / "Mandant Meier" / "Scheidung.png")
    (tmp_path / "Mandant Meier" / "Zeugnis.jpg").write_bytes(b"no image")
    out = tmp_path / "ottilie" / "Ergebnisse Meier"
    done = run_as_ottilie("RAISING", tmp_path, "run", tmp_path / "Mandant Meier", "--output-dir", out)
    assert done.returncode == 1, done.stderr
    assert run_as_ottilie("NOOP", tmp_path, "run", tmp_path / "Mandant Meier" / "Kaufvertrag").returncode == 0
    return tmp_path


def test_a_bundle_holds_what_a_bug_report_needs(used: Path, tmp_path: Path) -> None:
    bundle = used / "ottilie" / "report.zip"
    done = run_as_ottilie("NOOP", used, "doctor", "--bundle", bundle)
    assert done.returncode == 0, done.stderr
    assert "report.zip" in done.stdout
    assert "Nothing personal is in it" in done.stdout
    texts = unpack(bundle)
    assert sorted(texts) == [
        "doctor.json", "jobs.json", "logs/ocr-desktop.log", "machine.json", "packages.json",
    ]  # fmt: skip
    report, database = json.loads(texts["doctor.json"]), json.loads(texts["jobs.json"])
    assert report["engines"][0]["available"]
    assert report["problems"] == []
    assert json.loads(texts["machine.json"])["dataDiskFree"] > 0
    assert json.loads(texts["machine.json"])["memory"] > 0
    assert {"msgspec", "pillow", "ocr-desktop"} <= set(json.loads(texts["packages.json"]))
    assert database["quickCheck"] == "ok"
    assert database["schemaVersion"] == database["knownSchemaVersion"]
    newest, older = database["jobs"]
    assert (newest["state"], newest["counts"]) == ("completed", {"completed": 3})
    assert newest["options"]["output_dir"] is None
    assert older["options"]["output_dir"] == "<path>"
    assert older["counts"] == {"completed": 3, "failed": 2}
    assert older["errorKinds"] == {"image-unreadable": 1, "unexpected": 1}
    for job in database["jobs"]:
        assert job["id"] in texts["logs/ocr-desktop.log"]
    assert "RuntimeError" in texts["logs/ocr-desktop.log"]
    assert "ocr_desktop/batch/item_work.py" in texts["logs/ocr-desktop.log"]


def test_nothing_personal_is_in_a_bundle(used: Path, private_home: Path) -> None:
    """Not even where an older version has written paths into its logs."""
    old = private_home / "logs" / "ocr-desktop.log.1"
    old.write_text(
        "2026-01-02 03:04:05,678 ERROR 42 ocr_desktop.gui.results.page_loader: "
        f"'{used}/Scheidung.png' could not be loaded\n"
        "Traceback (most recent call last):\n"
        f'  File "{used}/ottilie/ocr_desktop/services/image_loader.py", line 7, in load\n'
        f"    open('{used}/Kaufvertrag.png')\n"
        f"FileNotFoundError: [Errno 2] No such file: '{used}/Mandant Meier/Zeugnis.jpg'\n",
        encoding="utf-8",
    )
    for data in (private_home, used / "ottilie" / "Daten Meier", used / "Daten Scheidung"):
        bundle = used / f"{data.name}.zip"
        own = {"OCR_DESKTOP_HOME": str(data)}
        assert run_as_ottilie("NOOP", used, "doctor", "--bundle", bundle, **own).returncode == 0
        texts = unpack(bundle)
        assert secrets_in(texts) == []
        assert str(used) not in "".join(texts.values())
        assert "HOME>" in json.loads(texts["doctor.json"])["folders"]["home"]
        if data == private_home:
            older = texts["logs/ocr-desktop.log.1"]
            assert older.startswith("2026-01-02 03:04:05,678 ERROR 42 ocr_desktop.gui.results.page_loader: ")
            assert 'File "ocr_desktop/services/image_loader.py", line 7, in load' in older


@posix_only
def test_the_usual_data_folder_is_told_from_the_home_folder_on(tmp_path: Path) -> None:
    bundle = tmp_path / "b.zip"
    own = {"OCR_DESKTOP_HOME": "", "XDG_DATA_HOME": ""}
    assert run_as_ottilie("NOOP", tmp_path, "doctor", "--bundle", bundle, **own).returncode == 0
    home = json.loads(unpack(bundle)["doctor.json"])["folders"]["home"]
    assert home.startswith("~/")
    assert home.endswith("ocr-desktop")


def test_a_bundle_never_replaces_a_file(tmp_path: Path) -> None:
    bundle = tmp_path / "b.zip"
    bundle.write_text("something else", encoding="utf-8")
    done = run_fake("NOOP", "doctor", "--bundle", bundle)
    assert (done.returncode, "is there already" in done.stderr) == (2, True)
    assert bundle.read_text(encoding="utf-8") == "something else"
    assert run_fake("NOOP", "doctor", "--bundle", tmp_path).returncode == 2


def test_a_bundle_that_cannot_be_written_is_no_bug(tmp_path: Path) -> None:
    done = run_fake("NOOP", "doctor", "--bundle", tmp_path / "missing" / "b.zip")
    assert done.returncode == 5
    assert "could not be written" in done.stderr
    assert "Choose a folder" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_with_json_the_bundle_is_named_in_the_report(tmp_path: Path) -> None:
    done = run_fake("MISSING", "doctor", "--json", "--bundle", tmp_path / "b.zip")
    assert done.returncode == 0
    report = json.loads(done.stdout)
    assert (report["usable"], report["bundle"]) == (False, str(tmp_path / "b.zip"))
    assert json.loads(run_fake("MISSING", "doctor", "--json").stdout)["bundle"] is None


@needs_permissions
def test_a_bundle_is_as_private_as_its_folder(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir(mode=0o700)
    run_fake("NOOP", "doctor", "--bundle", tmp_path / "own" / "b.zip")
    assert (tmp_path / "own" / "b.zip").stat().st_mode & 0o077 == 0


def test_a_list_of_jobs_of_a_newer_version_is_reported(tmp_path: Path, private_home: Path) -> None:
    with sqlite3.connect(private_home / "jobs.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    done = run_fake("NOOP", "doctor", "--json", "--bundle", tmp_path / "b.zip")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    (problem,) = report["problems"]
    assert "newer version" in problem["problem"]
    assert "Update this program" in problem["remedy"]
    assert {engine["name"] for engine in report["engines"]} == {"embedded", "system"}
    assert json.loads(unpack(tmp_path / "b.zip")["jobs.json"])["schemaVersion"] == 99
    plain = run_fake("NOOP", "doctor")
    assert plain.returncode == run_fake("NOOP", "jobs", "list").returncode == 2
    assert "newer version" in plain.stdout
    assert "Not ready to read." in plain.stdout
    assert "Traceback" not in plain.stderr


def test_a_data_folder_that_cannot_be_made_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("OCR_DESKTOP_HOME", str(tmp_path / "file" / "data"))
    done = run_fake("NOOP", "doctor", "--json", "--bundle", tmp_path / "b.zip")
    assert done.returncode == 0, done.stderr
    (problem, *_) = json.loads(done.stdout)["problems"]
    assert "could not be made" in problem["problem"]
    assert "OCR_DESKTOP_HOME" in problem["remedy"]
    assert run_fake("NOOP", "doctor").returncode == 5
    assert secrets_in(unpack(tmp_path / "b.zip")) == []


def test_a_list_of_jobs_that_is_no_file_is_reported(private_home: Path) -> None:
    (private_home / "jobs.db").mkdir()
    done = run_fake("NOOP", "doctor", "--json")
    assert done.returncode == 5
    (problem,) = json.loads(done.stdout)["problems"]
    assert "cannot be used" in problem["problem"]


def test_a_damaged_list_of_jobs_is_described_as_it_was(
    tmp_path: Path, used: Path, ocr_desktop: Command, private_home: Path
) -> None:
    database = private_home / "jobs.db"
    content = bytearray(database.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    database.write_bytes(content)
    done = ocr_desktop("doctor", "--bundle", tmp_path / "b.zip")
    assert done.returncode == 0, done.stderr
    described = json.loads(unpack(tmp_path / "b.zip")["jobs.json"])
    assert described["quickCheck"] not in {"", "ok"}
    assert secrets_in(unpack(tmp_path / "b.zip")) == []


def test_doctor_leaves_the_jobs_as_they_are(private_home: Path) -> None:
    """Another command would put the books of a job in order whose process has died."""
    store = SqliteJobStore(JobDatabase(private_home / "jobs.db"))
    options, now = RunOptions(), datetime.now(UTC)
    record = JobRecord(id="job", state=JobState.QUEUED, options=options, created_at=now)
    store.add(record, [ImageItem(0, "/x/a.png", "/x", ("a",))])
    store.set_job_state("job", JobState.PROCESSING)
    done = run_fake("NOOP", "doctor")
    assert (done.returncode, "Ready to read." in done.stdout) == (0, True)
    assert store.get("job").state is JobState.PROCESSING
    store.close()
