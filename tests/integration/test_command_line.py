"""The command line from end to end, in a process of its own: what it prints, writes and answers."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from ocr_desktop import __version__
from ocr_desktop.services.result_reader import read_result
from tests.conftest import MakeImages
from tests.integration.conftest import (
    PROJECT,
    Command,
    command_line,
    command_line_with_fake,
    posix_only,
    run_fake,
    write_scan,
)


def test_reads_a_folder_and_skips_it_the_second_time(tmp_path: Path, ocr_desktop: Command) -> None:
    write_scan(tmp_path / "one.png")
    write_scan(tmp_path / "two.jpg", "Second page")
    first = ocr_desktop("run", tmp_path, "--json")
    assert first.returncode == 0, first.stderr
    summary = json.loads(first.stdout)
    assert summary["status"] == "completed"
    assert summary["stats"]["completed"] == summary["stats"]["total"] == 2
    assert re.fullmatch(r"batch_\d+_[0-9a-f]{8}", summary["jobId"])
    by_name = {Path(item["path"]).name: item for item in summary["items"]}
    assert by_name["one.png"]["resultFiles"] == [
        str(tmp_path / "one_ocr_results.json"),
        str(tmp_path / "one_ocr_results.txt"),
    ]
    assert read_result(tmp_path / "one_ocr_results.json").text.strip() == "Hello World"
    assert (tmp_path / "two_ocr_results.txt").read_text(encoding="utf-8").endswith("Second page\n")

    second = ocr_desktop("run", tmp_path, "--json")
    assert second.returncode == 0
    items = json.loads(second.stdout)["items"]
    assert {item["status"] for item in items} == {"skipped"}
    assert {item["reason"] for item in items} == {"Already read with these settings."}


def test_progress_goes_to_stderr_and_the_summary_to_stdout(tmp_path: Path, ocr_desktop: Command) -> None:
    write_scan(tmp_path / "one.png")
    done = ocr_desktop("run", tmp_path)
    assert re.search(r"^\[1/1\] read one\.png \(\d+%, [\d.]+ s\)$", done.stderr, re.MULTILINE)
    assert re.match(r"1 image: 1 read, in [\d.]+ s\.", done.stdout)


def test_output_dir_mirrors_the_tree_and_leaves_the_images_alone(
    tmp_path: Path, ocr_desktop: Command
) -> None:
    scans = tmp_path / "scans"
    (scans / "sub").mkdir(parents=True)
    image = write_scan(scans / "sub" / "one.png")
    before = (image.read_bytes(), image.stat().st_mtime_ns)
    assert ocr_desktop("run", scans, "--output-dir", tmp_path / "out").returncode == 0
    assert sorted(path.name for path in (tmp_path / "out" / "sub").iterdir()) == [
        "one_ocr_results.json",
        "one_ocr_results.txt",
    ]
    assert [path.name for path in (scans / "sub").iterdir()] == ["one.png"]
    assert (image.read_bytes(), image.stat().st_mtime_ns) == before


def test_no_recursive(tmp_path: Path, ocr_desktop: Command) -> None:
    (tmp_path / "sub").mkdir()
    write_scan(tmp_path / "sub" / "one.png")
    assert ocr_desktop("run", tmp_path, "--no-recursive").returncode == 4


def test_suffix_adds_and_never_touches(tmp_path: Path, ocr_desktop: Command) -> None:
    image = write_scan(tmp_path / "one.png")
    for _ in range(3):
        assert ocr_desktop("run", image, "--overwrite", "suffix", "--format", "json").returncode == 0
    names = sorted(path.name for path in tmp_path.glob("*.json"))
    assert names == ["one_ocr_results.json", "one_ocr_results_2.json", "one_ocr_results_3.json"]


def test_overwrite_replaces(tmp_path: Path, ocr_desktop: Command) -> None:
    image = write_scan(tmp_path / "one.png")
    result = tmp_path / "one_ocr_results.json"
    ocr_desktop("run", image)
    result.write_text("damaged")
    assert ocr_desktop("run", image, "--overwrite", "overwrite").returncode == 0
    assert read_result(result).text.strip() == "Hello World"


def test_redo_stale_reads_again_what_was_read_with_other_settings(
    tmp_path: Path, ocr_desktop: Command
) -> None:
    image = write_scan(tmp_path / "one.png")
    ocr_desktop("run", image, "--psm", "6")
    skipped = json.loads(ocr_desktop("run", image, "--json").stdout)["items"][0]
    assert (skipped["status"], "stale" in skipped["reason"]) == ("skipped", True)
    again = json.loads(ocr_desktop("run", image, "--json", "--redo", "stale").stdout)["items"][0]
    assert again["status"] == "completed"


class TestExitCodes:
    def test_usage(self, tmp_path: Path, ocr_desktop: Command) -> None:
        missing = ocr_desktop("run", tmp_path / "missing")
        assert (missing.returncode, "does not exist" in missing.stderr) == (2, True)
        assert ocr_desktop("run").returncode == 2
        assert ocr_desktop("run", tmp_path, "--overwrite", "perhaps").returncode == 2
        out_of_range = ocr_desktop("run", tmp_path, "--chunk-size", "0")
        assert (out_of_range.returncode, "must be from 1 to 10000" in out_of_range.stderr) == (2, True)

    def test_language_missing(self, tmp_path: Path, ocr_desktop: Command) -> None:
        write_scan(tmp_path / "one.png")
        done = ocr_desktop("run", tmp_path, "--engine", "embedded", "--lang", "eng+xyz")
        assert done.returncode == 3
        assert "xyz" in done.stderr
        assert "Traceback" not in done.stderr
        assert [path.name for path in tmp_path.iterdir()] == ["one.png"]

    def test_engine_missing(self, tmp_path: Path, make_images: MakeImages) -> None:
        make_images(tmp_path, 1)
        assert run_fake("MISSING", "run", tmp_path).returncode == 3

    def test_nothing_found(self, tmp_path: Path, ocr_desktop: Command) -> None:
        (tmp_path / "notes.txt").write_text("no image")
        done = ocr_desktop("run", tmp_path)
        assert (done.returncode, "There is no image" in done.stderr) == (4, True)

    def test_output_not_writable(self, tmp_path: Path, ocr_desktop: Command) -> None:
        write_scan(tmp_path / "one.png")
        (tmp_path / "file").write_text("in the way")
        done = ocr_desktop("run", tmp_path, "--output-dir", tmp_path / "file" / "out")
        assert done.returncode in {2, 5}
        assert "file" in done.stderr

    def test_some_failed(self, tmp_path: Path, ocr_desktop: Command) -> None:
        write_scan(tmp_path / "good.png")
        (tmp_path / "bad.png").write_text("no image")
        done = ocr_desktop("run", tmp_path, "--json")
        assert done.returncode == 1
        summary = json.loads(done.stdout)
        assert summary["status"] == "completed_with_errors"
        by_name = {Path(item["path"]).name: item for item in summary["items"]}
        assert by_name["good.png"]["status"] == "completed"
        assert "bad.png" in by_name["bad.png"]["error"]

    @posix_only
    @pytest.mark.parametrize("engine", ["CRASHING", "HANGING", "RAISING"])
    def test_a_bad_worker_costs_one_item(self, tmp_path: Path, make_images: MakeImages, engine: str) -> None:
        make_images(tmp_path, 5, marked={3})
        done = run_fake(engine, "run", tmp_path, "--json", "--timeout", "1")
        assert done.returncode == 1, done.stderr
        summary = json.loads(done.stdout)
        assert summary["status"] == "completed_with_errors"
        assert [item["status"] for item in summary["items"]].count("failed") == 1
        assert summary["items"][3]["error"]


def test_version(ocr_desktop: Command) -> None:
    assert ocr_desktop("--version").stdout.strip() == f"ocr-desktop {__version__}"


def test_help_names_every_option_of_the_contract(ocr_desktop: Command) -> None:
    text = ocr_desktop("run", "--help").stdout
    options = (
        "--recursive --no-recursive --output-dir --jobs --chunk-size --lang --engine --retries --overwrite "
        "--redo --format --timeout --json"
    )
    assert [option for option in options.split() if option not in text] == []


def test_doctor(ocr_desktop: Command, private_home: Path) -> None:
    report = json.loads(ocr_desktop("doctor", "--json").stdout)
    engines = {engine["name"]: engine for engine in report["engines"]}
    assert engines["embedded"]["available"]
    assert "eng" in engines["embedded"]["languages"]
    assert report["folders"]["home"] == str(private_home)
    assert report["usable"]
    text = ocr_desktop("doctor")
    assert (text.returncode, "Ready to read." in text.stdout) == (0, True)


def test_no_qt_is_loaded_by_a_batch(tmp_path: Path) -> None:
    write_scan(tmp_path / "one.png")
    program = (
        "import sys; from ocr_desktop.__main__ import main; code = main(['run', sys.argv[1]]);"
        "loaded = [name for name in sys.modules if name.startswith(('PySide6', 'shiboken6', 'qtawesome'))];"
        "print('Qt:', loaded); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Qt: []" in done.stdout


def test_a_path_without_a_command_opens_the_window(tmp_path: Path, make_images: MakeImages) -> None:
    make_images(tmp_path, 1)
    assert run_fake("NOOP", tmp_path).returncode == 99
    assert run_fake("NOOP").returncode == 99
    assert run_fake("NOOP", "--", tmp_path).returncode == 99


@posix_only
def test_a_terminal_gets_a_live_bar(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    write_scan(tmp_path / "one.png")
    (tmp_path / "bad.png").write_text("no image")
    parent, child = pty.openpty()
    process = subprocess.Popen(command_line("run", tmp_path), stdout=subprocess.PIPE, stderr=child)
    os.close(child)
    seen = b""
    while True:
        try:
            part = os.read(parent, 4096)
        except OSError:  # Linux reports the end of a terminal as EIO
            break
        if not part:
            break
        seen += part
    os.close(parent)
    out, _ = process.communicate(timeout=20)
    assert process.returncode == 1
    assert b"2/2" in seen
    assert b"FAILED bad.png" in seen
    assert b"1 failed" in out


def test_our_own_results_are_no_images(tmp_path: Path, ocr_desktop: Command) -> None:
    write_scan(tmp_path / "one.png")
    ocr_desktop("run", tmp_path)
    again = ocr_desktop("run", *tmp_path.iterdir(), "--json")
    assert again.returncode == 0
    assert json.loads(again.stdout)["stats"]["total"] == 1


def test_an_empty_output_dir_is_refused(tmp_path: Path, ocr_desktop: Command) -> None:
    write_scan(tmp_path / "one.png")
    assert ocr_desktop("run", tmp_path, "--output-dir", "").returncode == 2


@posix_only
@pytest.mark.parametrize("overwrite", ["skip", "suffix"])
def test_two_runs_into_one_folder_lose_nothing(
    tmp_path: Path, make_images: MakeImages, overwrite: str
) -> None:
    """Images of one name from two folders, read at the same moment into one output folder."""
    commands = []
    for number, name in enumerate(("march", "april")):
        for path in make_images(tmp_path / name, 25):
            Image.new("L", (50 + number, 30), 255).save(path)
        options = ("--output-dir", tmp_path / "out", "--overwrite", overwrite, "--json")
        commands.append(command_line_with_fake("NOOP", "run", tmp_path / name, *options))
    runs = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=PROJECT)
        for command in commands
    ]
    files = []
    for run in runs:
        out, err = run.communicate(timeout=60)
        assert run.returncode == 0, err
        for item in json.loads(out)["items"]:
            files += item["resultFiles"]
    assert len(files) == len(set(files)) == 100
    widths = [read_result(path).pages[0].width for path in (tmp_path / "out").glob("*.json")]
    assert sorted(widths) == [50] * 25 + [51] * 25


def test_an_unforeseen_error_has_a_code_of_its_own(tmp_path: Path, private_home: Path) -> None:
    program = (
        "import sys; from ocr_desktop.cli.main import run_command_line\n"
        "def build(): raise ZeroDivisionError('x')\n"
        "sys.exit(run_command_line(['doctor'], open_window=len, build=build))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 70
    assert "unexpected error" in done.stderr


def test_reads_what_a_list_names_and_reports_the_rest(tmp_path: Path, ocr_desktop: Command) -> None:
    write_scan(tmp_path / "one.png")
    (tmp_path / "sub").mkdir()
    write_scan(tmp_path / "sub" / "two.png")
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "list.txt").write_text("one.png\nsub\ngone.png\n")

    done = ocr_desktop("run", "--from", "lists/list.txt", "--json", cwd=tmp_path)

    assert done.returncode == 1, done.stderr
    assert "“gone.png” is left out: it is not there." in done.stderr
    assert json.loads(done.stdout)["stats"]["completed"] == 2


def test_a_list_comes_from_standard_input_too(tmp_path: Path) -> None:
    write_scan(tmp_path / "one\ntwo.png" if os.name != "nt" else tmp_path / "one.png")
    names = b"\0".join(os.fsencode(path.name) for path in tmp_path.iterdir()) + b"\0"

    done = subprocess.run(
        command_line("run", "--from", "-"),
        input=names,
        capture_output=True,
        cwd=tmp_path,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.glob("*_ocr_results.txt"))) == 1


def test_without_paths_and_lists_there_is_nothing_to_do(ocr_desktop: Command) -> None:
    done = ocr_desktop("run")

    assert done.returncode == 2
    assert "--from" in done.stderr
