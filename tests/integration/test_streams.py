"""Standard streams and limits that are not as usual, through the whole command line."""

import shutil
import subprocess
from pathlib import Path

import pytest

from ocr_desktop.services.result_reader import read_result
from tests.integration.conftest import (
    Command,
    command_line,
    posix_only,
    write_scan,
)


@posix_only
class TestStreams:
    """Standard streams that are closed, full, or of another encoding."""

    def shell(self, script: str, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        """Run a line of shell in which ``"$@"`` is the program."""
        return subprocess.run(
            ["/bin/sh", "-c", script, "sh", *command_line(*arguments)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    @pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
    def test_closed(self, tmp_path: Path, closed: str) -> None:
        write_scan(tmp_path / "one.png")
        done = self.shell(f'"$@" {closed}', "run", tmp_path)
        assert done.returncode == 0, done.stderr
        assert read_result(tmp_path / "one_ocr_results.json").text.strip() == "Hello World"
        assert "Hello World" in (tmp_path / "one_ocr_results.txt").read_text()

    def test_a_reader_that_has_gone(self, tmp_path: Path) -> None:
        (tmp_path / "bad.png").write_text("no image")
        done = self.shell('("$@"; echo "code $?" >&2) | true', "run", tmp_path, "--json")
        assert "code 1" in done.stderr
        assert "Traceback" not in done.stderr
        assert "Exception" not in done.stderr

    def test_workers_that_the_system_refuses(self, tmp_path: Path) -> None:
        write_scan(tmp_path / "one.png")
        for number in range(60):
            shutil.copy(tmp_path / "one.png", tmp_path / f"{number}.png")
        done = self.shell('ulimit -n 40; "$@"', "run", tmp_path, "--jobs", "60")
        assert done.returncode == 3, done.stderr
        assert "Use fewer workers" in done.stderr
        assert "Traceback" not in done.stderr

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
    def test_full(self, tmp_path: Path) -> None:
        write_scan(tmp_path / "one.png")
        done = self.shell('"$@" > /dev/full', "run", tmp_path, "--json")
        assert done.returncode == 5
        assert "all results are saved" in done.stderr
        assert "Traceback" not in done.stderr

    def test_an_old_encoding(self, tmp_path: Path, ocr_desktop: Command) -> None:
        (tmp_path / "漢字.png").write_text("no image")
        done = ocr_desktop("run", tmp_path, PYTHONIOENCODING="cp1252")
        assert done.returncode == 1
        assert "1 failed" in done.stdout
        assert "Traceback" not in done.stderr
