"""Privacy: nothing leaves the machine, and what is left behind on it tells no more than it must."""

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import MakeImages
from tests.fakes.network_watch import is_possible, run_watched
from tests.fakes.privileges import needs_permissions
from tests.integration.conftest import (
    PROJECT,
    Command,
    command_line,
    command_line_with_fake,
    posix_only,
    run_fake,
    write_scan,
)

SECRETS = ("Meier", "Kaufvertrag", "Scheidung", "Zeugnis", "ottilie", "scan 0", "Dear")
"""Parts of names of folders and files, of recognized texts, and the name of the user."""

watching = pytest.mark.skipif(not is_possible(), reason="the system does not tell about connections")


def run_as_ottilie(engine: str, base: Path, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run the program for a user whose name and folders tell a lot."""
    home = base / "ottilie"
    home.mkdir(exist_ok=True)
    own = {"HOME": str(home), "USERPROFILE": str(home), "LOGNAME": "ottilie", "USER": "ottilie"}
    own["OCR_DESKTOP_HOME"] = str(home / "Daten Meier")
    return subprocess.run(
        command_line_with_fake(engine, *arguments),
        capture_output=True,
        text=True,
        cwd=PROJECT,
        env=os.environ | own,
        timeout=120,
        check=False,
    )


def logs_of_ottilie(base: Path) -> str:
    files = sorted((base / "ottilie" / "Daten Meier" / "logs").iterdir())
    return "".join(file.name + file.read_text(encoding="utf-8") for file in files)


class TestLogs:
    @posix_only
    @pytest.mark.parametrize(
        ("engine", "words"),
        [
            ("NOOP", ["ended as completed", "5 items", "completed, "]),
            ("RAISING", ["failed:", "RuntimeError", "ocr_desktop/batch/item_work.py"]),
            ("TALKATIVE", ["failed:", "ValueError", "ended as"]),
            ("CRASHING", ["worker-lost", "ended as"]),
            ("GIVING_UP", ["recognition", "2 failed"]),
            ("HANGING", ["timeout", "2 failed"]),
            ("DYING_AT_START", ["ended as interrupted"]),
        ],
    )
    def test_tell_what_happened_and_to_whom_it_happened_not(
        self, tmp_path: Path, make_images: MakeImages, engine: str, words: list[str]
    ) -> None:
        folder = tmp_path / "Mandant Meier" / "Kaufvertrag"
        make_images(folder, 3, marked={1})
        write_scan(folder / "Scheidung.png", "Dear Ottilie")
        (folder / "Zeugnis Ottilie.jpg").write_bytes(b"no image")
        out = tmp_path / "ottilie" / "Ergebnisse Meier"
        done = run_as_ottilie(engine, tmp_path, "run", folder, "--output-dir", out, "--timeout", "2")
        assert "Traceback" not in done.stderr
        text = logs_of_ottilie(tmp_path)
        assert [word for word in words if word not in text] == []
        assert [word for word in SECRETS if word.lower() in text.lower()] == []
        assert str(tmp_path) not in text

    def test_name_the_job(self, tmp_path: Path, make_images: MakeImages) -> None:
        make_images(tmp_path / "Meier", 3, marked={1})
        done = run_as_ottilie("GIVING_UP", tmp_path, "run", tmp_path / "Meier", "--json")
        job_id = json.loads(done.stdout)["jobId"]
        text = logs_of_ottilie(tmp_path)
        assert f"Job {job_id} is at work: 3 items, 3 pending" in text
        assert f"Item 1 of job {job_id} failed at attempt 1: recognition" in text
        assert f"Job {job_id} ended as completed_with_errors: 2 completed, 1 failed, " in text

    def test_tell_why_a_job_paused(self, tmp_path: Path, make_images: MakeImages) -> None:
        make_images(tmp_path / "Meier", 12)
        done = run_as_ottilie("TALKATIVE", tmp_path, "run", tmp_path / "Meier")
        assert done.returncode == 130, done.stderr
        text = logs_of_ottilie(tmp_path)
        assert "is paused (unexpected): " in text
        assert "ended as interrupted: " in text
        assert [word for word in SECRETS if word.lower() in text.lower()] == []

    def test_hold_no_recognized_text(self, tmp_path: Path, ocr_desktop: Command, private_home: Path) -> None:
        write_scan(tmp_path / "one.png", "Dear Meier")
        assert ocr_desktop("run", tmp_path).returncode == 0
        assert "Meier" in (tmp_path / "one_ocr_results.txt").read_text(encoding="utf-8")
        text = "".join(path.read_text(encoding="utf-8") for path in (private_home / "logs").iterdir())
        assert "ended as completed: 1 completed" in text
        assert [word for word in ("Meier", "Dear", "one.png", "one_ocr") if word in text] == []

    def test_an_error_that_ends_the_program(self, tmp_path: Path) -> None:
        """The last resort logs an exception, whose message may hold anything."""
        (tmp_path / "ottilie").mkdir()
        program = (
            "import sys; from ocr_desktop.cli.main import run_command_line\n"
            "from ocr_desktop.services.folders import AppFolders\n"
            "from ocr_desktop.services.logs import start_logging\n"
            "start_logging(AppFolders.locate().logs)\n"
            f"def build(): open({str(tmp_path / 'ottilie' / 'Zeugnis Meier.png')!r})\n"
            "sys.exit(run_command_line(['jobs'], open_window=len, build=build))"
        )
        done = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            env=os.environ | {"OCR_DESKTOP_HOME": str(tmp_path / "ottilie" / "Daten Meier")},
            timeout=60,
            check=False,
        )
        assert done.returncode == 70
        text = logs_of_ottilie(tmp_path)
        assert "FileNotFoundError (ENOENT)" in text
        assert "ocr_desktop/cli/main.py" in text
        assert [word for word in SECRETS if word.lower() in text.lower()] == []

    def test_a_damaged_list_of_jobs(self, tmp_path: Path) -> None:
        data = tmp_path / "ottilie" / "Daten Meier"
        data.mkdir(parents=True)
        (data / "jobs.db").write_bytes(b"no database " * 500)
        assert run_as_ottilie("NOOP", tmp_path, "jobs").returncode == 0
        assert run_as_ottilie("NOOP", tmp_path, "jobs").returncode == 0
        (data / "logs").mkdir(exist_ok=True)
        text = logs_of_ottilie(tmp_path)
        assert [word for word in SECRETS if word.lower() in text.lower()] == []


@watching
class TestNetwork:
    def test_the_watch_sees_an_engine_that_uses_it(self, tmp_path: Path, make_images: MakeImages) -> None:
        """Both in Python and in a program that Python knows nothing of."""
        make_images(tmp_path / "scans", 1)
        command = command_line_with_fake("NETWORKING", "run", tmp_path / "scans", "--jobs", "1")
        watched = run_watched(command, tmp_path / "watch", PROJECT)
        assert watched.done.returncode == 0, watched.done.stderr
        events = {line.split()[1] for line in watched.notes}
        assert {"socket.__new__", "socket.bind", "socket.getaddrinfo"} <= events
        assert len({line.split()[0] for line in watched.connections}) >= 2

    @pytest.mark.parametrize("engine", ["embedded", "system"])
    def test_a_batch_uses_none(self, tmp_path: Path, engine: str) -> None:
        if engine == "system" and shutil.which("tesseract") is None:
            pytest.skip("there is no tesseract on this machine")
        scans = tmp_path / "scans"
        scans.mkdir()
        for number in range(4):
            write_scan(scans / f"{number}.png", f"Page {number}")
        (scans / "bad.png").write_bytes(b"no image")
        options = ("--engine", engine, "--jobs", "2", "--output-dir", tmp_path / "out")
        watched = run_watched(command_line("run", scans, *options), tmp_path / "watch", PROJECT)
        assert watched.done.returncode == 1, watched.done.stderr
        assert len(list((tmp_path / "out").glob("*.json"))) == 4
        assert watched.interpreters >= 3, "the workers were not watched"
        assert watched.notes == []
        assert watched.connections == set()

    def test_neither_do_the_other_commands(self, tmp_path: Path) -> None:
        for number, arguments in enumerate((("doctor", "--bundle", tmp_path / "b.zip"), ("jobs", "list"))):
            watched = run_watched(command_line(*arguments), tmp_path / f"watch{number}", PROJECT)
            assert watched.done.returncode == 0, watched.done.stderr
            assert (watched.notes, watched.connections) == ([], set())


@needs_permissions
class TestPermissions:
    @pytest.mark.parametrize(
        ("folder_mode", "file_mode"), [(0o700, 0o600), (0o750, 0o640), (0o755, 0o644), (0o775, 0o644)]
    )
    def test_results_are_as_open_as_their_folder(
        self, tmp_path: Path, make_images: MakeImages, folder_mode: int, file_mode: int
    ) -> None:
        folder = tmp_path / "scans"
        make_images(folder, 2)
        folder.chmod(folder_mode)
        for overwrite in ("skip", "overwrite"):
            before = os.umask(0o022)
            try:
                assert run_fake("NOOP", "run", folder, "--overwrite", overwrite).returncode == 0
            finally:
                os.umask(before)
            results = list(folder.glob("*_ocr_results.*"))
            assert len(results) == 4
            assert {stat.S_IMODE(path.stat().st_mode) for path in results} == {file_mode}
            for path in results:
                path.chmod(0o666)  # a result that is replaced gets what a new one gets

    def test_the_program_s_own_files_are_for_the_user_only(
        self, tmp_path: Path, make_images: MakeImages, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Also in a folder that was there before and is open, and where an older version made them so."""
        home = tmp_path / "data"
        home.mkdir()
        home.chmod(0o777)
        monkeypatch.setenv("OCR_DESKTOP_HOME", str(home))
        make_images(tmp_path / "scans", 3, marked={1})
        before = os.umask(0)
        try:
            for overwrite in ("skip", "overwrite"):
                done = run_fake("GIVING_UP", "run", tmp_path / "scans", "--overwrite", overwrite)
                assert done.returncode == 1, done.stderr
                files = [path for path in home.rglob("*") if path.is_file()]
                assert {path.name for path in files} >= {"jobs.db", "ocr-desktop.log"}
                assert {path: oct(stat.S_IMODE(path.stat().st_mode)) for path in files} == dict.fromkeys(
                    files, oct(0o600)
                )
                folders = [path for path in home.rglob("*") if path.is_dir()]
                assert {path: oct(stat.S_IMODE(path.stat().st_mode)) for path in folders} == dict.fromkeys(
                    folders, oct(0o700)
                )
                for path in (home / "jobs.db", home / "logs" / "ocr-desktop.log"):
                    path.chmod(0o644)
        finally:
            os.umask(before)


class TestForgetting:
    def test_nothing_of_a_deleted_job_is_left(
        self, tmp_path: Path, make_images: MakeImages, private_home: Path
    ) -> None:
        make_images(tmp_path / "Mandant Meier", 3, marked={1})
        done = run_fake("GIVING_UP", "run", tmp_path / "Mandant Meier", "--json")
        job_id = json.loads(done.stdout)["jobId"]
        assert holds(private_home, "Meier")
        deleted = run_fake("GIVING_UP", "jobs", "delete", job_id, "--results")
        assert deleted.returncode == 0, deleted.stderr
        assert f"The job {job_id} is forgotten." in deleted.stdout
        assert "4 result files were removed." in deleted.stdout
        assert holds(private_home, "Meier") == []
        # The log keeps the id and the numbers, which tell nothing.
        assert [name for name in holds(private_home, job_id) if "logs" not in name] == []
        assert len(list((tmp_path / "Mandant Meier").iterdir())) == 3

    def test_results_stay_if_not_asked_for(self, tmp_path: Path, ocr_desktop: Command) -> None:
        write_scan(tmp_path / "one.png")
        job_id = json.loads(ocr_desktop("run", tmp_path, "--json").stdout)["jobId"]
        answer = json.loads(ocr_desktop("jobs", "delete", job_id, "--json").stdout)
        assert answer == {
            "jobId": job_id,
            "done": True,
            "items": 1,
            "resultsRemoved": 0,
            "resultsKept": 0,
            "kept": [],
        }
        assert len(list(tmp_path.iterdir())) == 3

    def test_a_changed_result_stays_and_is_named(self, tmp_path: Path, ocr_desktop: Command) -> None:
        write_scan(tmp_path / "one.png")
        job_id = json.loads(ocr_desktop("run", tmp_path, "--json").stdout)["jobId"]
        mine = tmp_path / "one_ocr_results.txt"
        mine.write_text("my own words", encoding="utf-8")
        deleted = ocr_desktop("jobs", "delete", job_id, "--results")
        assert deleted.returncode == 0
        assert "1 result file was removed." in deleted.stdout
        assert f"“{mine}” stays: it was changed since the job wrote it." in deleted.stdout
        assert sorted(path.name for path in tmp_path.iterdir()) == ["one.png", "one_ocr_results.txt"]


def holds(folder: Path, word: str) -> list[str]:
    """Return the files below ``folder`` that have the word in their name or content."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return [str(path) for path in files if word in path.name or word.encode() in path.read_bytes()]
