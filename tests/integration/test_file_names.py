"""File names that break programs, through the whole command line."""

import json
import os
import sys
from pathlib import Path

import pytest

from ocr_desktop.services.result_reader import read_result
from tests.integration.conftest import (
    Command,
    write_scan,
)


class TestNames:
    """Names that break programs. Every image gets results of its own."""

    NAMES = (
        "with space.png",
        " leading space.png",
        "ünïcödé 漢字 🙂.png",
        "-leading-dash.png",
        "--json.png",
        "dots.in.name.png",
        "dots.in.other.png",
        "UPPER.PNG",
        "same.png",
        "same.jpg",
        "no_extension",
        "a" * 240 + ".png",
    )

    def test_each_name_gets_a_result_of_its_own(self, tmp_path: Path, ocr_desktop: Command) -> None:
        names = list(self.NAMES)
        if sys.platform != "win32":
            names += ["new\nline.png", "quote\"'`.png", "back\\slash.png", "star*?.png"]
        source = write_scan(tmp_path / "source.png").read_bytes()
        folder = tmp_path / "scans"
        folder.mkdir()
        for name in names:
            (folder / name).write_bytes(source)
        done = ocr_desktop("run", folder, "--json")
        assert done.returncode == 0, done.stderr
        items = json.loads(done.stdout)["items"]
        assert sorted(Path(item["path"]).name for item in items) == sorted(names)
        files = [file for item in items for file in item["resultFiles"]]
        assert len(set(files)) == 2 * len(names)
        for item in items:
            result = read_result(item["resultFiles"][0])
            assert result.source.name == Path(item["path"]).name
            assert result.text.strip() == "Hello World"
        again = json.loads(ocr_desktop("run", folder, "--json").stdout)
        assert again["stats"]["skipped"] == len(names)

    def test_a_leading_dash_after_the_double_dash(self, tmp_path: Path, ocr_desktop: Command) -> None:
        write_scan(tmp_path / "-dash.png")
        assert ocr_desktop("run", "--", "-dash.png", cwd=tmp_path).returncode == 0
        assert (tmp_path / "-dash_ocr_results.json").exists()

    @pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes only on Linux")
    def test_a_name_that_is_no_text(self, tmp_path: Path, ocr_desktop: Command) -> None:
        source = write_scan(tmp_path / "source.png")
        folder = tmp_path / "scans"
        folder.mkdir()
        (folder / os.fsdecode(b"caf\xe9.png")).write_bytes(source.read_bytes())
        done = ocr_desktop("run", folder, "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(ocr_desktop("run", folder, "--json").stdout)["stats"]["skipped"] == 1
