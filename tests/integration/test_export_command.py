"""The command ``export``, as a user calls it."""

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest
from PIL import Image

from ocr_desktop.cli.export_command import export
from ocr_desktop.services.exporters.catalog import EXPORT_FORMATS
from tests.conftest import MakeImages
from tests.fakes.stored_results import page_of, store_scan, store_text
from tests.integration.conftest import Command, command_line, posix_only, run_fake


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """A folder with three images and their results."""
    folder = tmp_path / "scans"
    for name in ("scan 0000.png", "scan 0001.png", "sub/scan 0000.png"):
        page = page_of([["Hello", "world"]], width=300, height=200)
        store_scan(folder / name, Image.new("L", (300, 200), 255), page)
    return folder


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_every_format_of_the_catalogue_is_offered() -> None:
    (to,) = (option for option in export.params if option.name == "key")
    assert list(getattr(to.type, "choices", ())) == list(EXPORT_FORMATS)


@pytest.mark.parametrize("key", EXPORT_FORMATS)
def test_each_format(ocr_desktop: Command, scans: Path, tmp_path: Path, key: str) -> None:
    before = files_in(scans)

    done = ocr_desktop("export", scans, "--to", key, "--output", tmp_path / "out")

    assert (done.returncode, done.stdout, done.stderr) == (0, "3 results exported.\n", "")
    extension = EXPORT_FORMATS[key].extension
    names = ("scan 0000", "scan 0001", "sub/scan 0000")
    assert files_in(tmp_path / "out") == {f"{name}_ocr.{extension}" for name in names}
    assert files_in(scans) == before


def test_exports_are_no_trouble_to_what_comes_after(
    ocr_desktop: Command, tmp_path: Path, make_images: MakeImages
) -> None:
    scans = tmp_path / "read"
    make_images(scans, 3)
    assert run_fake("NOOP", "run", scans, "--jobs", "1").returncode == 0
    for key in EXPORT_FORMATS:
        assert ocr_desktop("export", scans, "--to", key).returncode == 0

    assert run_fake("NOOP", "verify", scans).returncode == 0
    again = json.loads(run_fake("NOOP", "run", scans, "--jobs", "1", "--json").stdout)
    assert again["stats"]["skipped"] == again["stats"]["total"] == 3
    assert ocr_desktop("export", scans, "--to", "txt").stdout == "3 results exported.\n"


def test_one_file_for_all(ocr_desktop: Command, scans: Path) -> None:
    done = ocr_desktop("export", scans, "--to", "txt", "--combine")

    target = scans / "scans_ocr.txt"
    assert (done.returncode, done.stdout) == (0, f"3 results exported to “{target}”.\n")
    assert target.read_text(encoding="utf-8").count("\f") == 2


def test_the_json_summary(ocr_desktop: Command, scans: Path) -> None:
    (scans / "scan 0001_ocr_results.json").write_bytes(b"{")
    (scans / "unread.png").write_bytes(b"")

    done = ocr_desktop("export", scans, scans / "unread.png", "--to", "csv", "--json")

    answer = json.loads(done.stdout)
    assert done.returncode == 1
    assert (answer["exported"], answer["failed"], answer["stopped"], answer["file"]) == (2, 2, False, "")
    outcomes = {Path(item["path"]).relative_to(scans).as_posix(): item for item in answer["items"]}
    assert {name: (item["status"], item["errorKind"]) for name, item in outcomes.items()} == {
        "scan 0000_ocr_results.json": ("exported", ""),
        "scan 0001_ocr_results.json": ("failed", "result-damaged"),
        "sub/scan 0000_ocr_results.json": ("exported", ""),
        "unread.png": ("failed", "no-result"),
    }
    assert Path(outcomes["scan 0000_ocr_results.json"]["file"]).is_file()


def test_what_failed_is_said(ocr_desktop: Command, scans: Path) -> None:
    (scans / "scan 0001_ocr_results.json").write_bytes(b"{")
    done = ocr_desktop("export", scans, "--to", "txt")
    assert done.returncode == 1
    assert done.stdout == "2 results exported, 1 failed.\n"
    assert "“scan 0001_ocr_results.json” is damaged" in done.stderr


def test_exit_codes(ocr_desktop: Command, scans: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_bytes(b"")
    assert ocr_desktop("export", tmp_path / "empty", "--to", "txt").returncode == 4
    assert ocr_desktop("export", tmp_path / "empty", "--to", "txt", "--json").returncode == 4
    assert ocr_desktop("export", scans).returncode == 2
    assert ocr_desktop("export", scans, "--to", "rtf").returncode == 2
    assert ocr_desktop("export", scans, "--to", "alto", "--combine").returncode == 2
    image = scans / "scan 0000.png"
    assert ocr_desktop("export", scans, "--to", "txt", "--combine", "-o", image).returncode == 2
    below_a_file = tmp_path / "file" / "out"
    assert ocr_desktop("export", scans, "--to", "txt", "-o", below_a_file).returncode == 5
    assert not list(tmp_path.rglob("*.tmp"))


def test_words_as_rows(ocr_desktop: Command, scans: Path, tmp_path: Path) -> None:
    out = tmp_path / "all.tsv"
    assert ocr_desktop("export", scans, "--to", "tsv", "--rows", "word", "-o", out).returncode == 0
    assert out.read_text(encoding="utf-8").startswith("image\tfolder\tpage\tblock\t")


@posix_only
def test_ctrl_c_leaves_no_half_file(tmp_path: Path) -> None:
    source = store_text(tmp_path / "in", "0.jpg", "text " * 200_000)
    content = Path(source.json_path).read_bytes()
    for number in range(1, 600):
        (tmp_path / "in" / f"{number}_ocr_results.json").write_bytes(content)
    out = tmp_path / "out" / "all.docx"
    command = command_line("export", tmp_path / "in", "--to", "docx", "-o", out)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while not out.parent.is_dir() and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 130
    assert files_in(tmp_path / "out") == set()
