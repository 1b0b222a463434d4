"""The commands ``verify`` and ``jobs receipt``, as a user calls them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import MakeImages
from tests.integration.conftest import command_line_with_fake, posix_only, run_fake

KINDS = {"sound", "missing", "damaged", "stale", "orphaned", "leftover", "unreadable"}


def run(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return run_fake("NOOP", *arguments)


def check(*arguments: str | Path) -> tuple[int, dict[str, int], list[tuple[str, str]]]:
    """Return exit code, the numbers that are not 0, and kind and name of each finding."""
    done = run("verify", *arguments, "--json")
    answer = json.loads(done.stdout)
    findings = answer.pop("findings")
    assert set(answer) == KINDS
    assert all(set(finding) == {"kind", "path", "detail"} for finding in findings)
    counts = {kind: count for kind, count in answer.items() if count}
    return done.returncode, counts, [(one["kind"], Path(one["path"]).name) for one in findings]


def job_id() -> str:
    (job,) = json.loads(run("jobs", "--json").stdout)["jobs"]
    found: str = job["jobId"]
    return found


@pytest.fixture
def scans(tmp_path: Path, make_images: MakeImages) -> Path:
    """A folder in which three images have been read."""
    folder = tmp_path / "scans"
    make_images(folder, 2)
    make_images(folder / "sub", 1)
    assert run("run", folder, "--jobs", "1").returncode == 0
    return folder


def test_sound_results(scans: Path) -> None:
    done = run("verify", scans)

    assert (done.returncode, done.stdout, done.stderr) == (0, "3 checked: 3 sound.\n", "")
    everything = run("verify", scans, "--all").stdout.splitlines()
    assert everything[0] == f"{scans / 'scan 0000.png'}: It has been read, and its result is whole."
    assert len(everything) == 4
    assert check(scans) == (0, {"sound": 3}, [])
    assert check(scans, "--no-recursive", "--all") == (
        0,
        {"sound": 2},
        [("sound", "scan 0000.png"), ("sound", "scan 0001.png")],
    )


def test_everything_that_can_be_wrong(scans: Path, make_images: MakeImages) -> None:
    make_images(scans / "new", 1)
    (scans / "scan 0000.png").write_bytes(b"another picture")
    (scans / "scan 0001_ocr_results.json").write_bytes(b"{")
    (scans / "sub" / "scan 0000.png").unlink()
    (scans / ".ocr-desktop-1a.json.tmp").write_bytes(b"{")

    assert check(scans) == (
        1,
        {"stale": 1, "damaged": 1, "leftover": 1, "missing": 1, "orphaned": 1},
        [
            ("stale", "scan 0000.png"),
            ("damaged", "scan 0001.png"),
            ("leftover", ".ocr-desktop-1a.json.tmp"),
            ("missing", "scan 0000.png"),
            ("orphaned", "scan 0000_ocr_results.json"),
        ],
    )
    done = run("verify", scans)
    assert done.returncode == 1
    *lines, summary = done.stdout.splitlines()
    assert lines[0].startswith(f"{scans / 'scan 0000.png'}: The image has changed since")
    assert summary == (
        "5 checked: 0 sound, 1 missing, 1 damaged, 1 changed since, 1 without an image, 1 left over."
    )


def test_after_a_second_run_all_is_sound_again(scans: Path) -> None:
    (scans / "scan 0001_ocr_results.json").write_bytes(b"{")
    (scans / "scan 0000_ocr_results.txt").unlink()
    assert check(scans)[0] == 1

    assert run("run", scans, "--jobs", "1").returncode == 0

    assert check(scans) == (0, {"sound": 3}, [])


def test_results_in_an_output_folder(scans: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("run", scans, "--output-dir", out, "--jobs", "1").returncode == 0
    (out / "sub" / "scan 0000_ocr_results.txt").write_text("cut off", encoding="utf-8")

    assert check(scans, "--output-dir", out) == (
        1,
        {"sound": 2, "damaged": 1},
        [("damaged", "scan 0000.png")],
    )
    assert check(scans) == (0, {"sound": 3}, [])


def test_text_alone_and_numbered_results(tmp_path: Path, make_images: MakeImages) -> None:
    (image,) = make_images(tmp_path, 1)
    assert run("run", tmp_path, "--format", "txt", "--jobs", "1").returncode == 0
    assert run("run", tmp_path, "--overwrite", "suffix", "--jobs", "1").returncode == 0
    assert (tmp_path / "scan 0000_ocr_results_2.json").exists()

    assert check(tmp_path) == (0, {"sound": 1}, [])
    image.write_bytes(b"another picture")
    assert check(tmp_path) == (1, {"stale": 1}, [("stale", image.name)])


def test_nothing_to_check(tmp_path: Path) -> None:
    done = run("verify", tmp_path)

    assert (done.returncode, done.stdout) == (4, "")
    assert f"There is nothing to check in “{tmp_path}”." in done.stderr
    assert run("verify").returncode == 2
    assert run("verify", tmp_path / "nowhere").returncode == 2
    assert run("verify", tmp_path, "--output-dir", tmp_path / "nowhere").returncode == 2


@posix_only
def test_names_that_are_no_text(tmp_path: Path, make_images: MakeImages) -> None:
    (image,) = make_images(tmp_path, 1)
    odd = image.rename(tmp_path / "new\nline \x1b[31m.png")
    names = [odd.name]
    if sys.platform == "linux":
        (tmp_path / "latin\udce4.png").write_bytes(odd.read_bytes())
        names.append("latin\ufffd.png")

    code, counts, findings = check(tmp_path)

    assert (code, counts) == (1, {"missing": len(names)})
    assert sorted(name for _kind, name in findings) == sorted(names)
    printed = run("verify", tmp_path).stdout
    assert len(printed.splitlines()) == len(names) + 1
    assert "\x1b" not in printed
    assert run("run", tmp_path, "--jobs", "1").returncode == 0
    assert check(tmp_path) == (0, {"sound": len(names)}, [])
    receipt = tmp_path / "receipt.jsonl"
    assert run("jobs", "receipt", job_id(), receipt).returncode == 0
    assert check(receipt) == (0, {"sound": len(names)}, [])


def test_the_receipt_of_a_job(scans: Path, tmp_path: Path) -> None:
    receipt = tmp_path / "january.txt"
    printed = run("jobs", "receipt", job_id())
    written = run("jobs", "receipt", job_id(), receipt)

    assert (printed.returncode, written.returncode) == (0, 0)
    assert f"“{receipt}”" in written.stdout
    assert receipt.read_text(encoding="utf-8") == printed.stdout
    assert json.loads(printed.stdout.splitlines()[-1])["stats"]["total"] == 3
    assert check(receipt) == (0, {"sound": 3}, [])

    result = scans / "scan 0000_ocr_results.json"
    result.write_bytes(result.read_bytes() + b"\n")
    (scans / "scan 0001.png").write_bytes(b"another picture")
    (scans / "sub" / "scan 0000_ocr_results.txt").unlink()

    assert check(receipt) == (
        1,
        {"damaged": 1, "stale": 1, "missing": 1},
        [("damaged", "scan 0000.png"), ("stale", "scan 0001.png"), ("missing", "scan 0000.png")],
    )


def test_a_receipt_that_was_changed(scans: Path, tmp_path: Path) -> None:
    receipt = tmp_path / "receipt.jsonl"
    assert run("jobs", "receipt", job_id(), receipt).returncode == 0
    receipt.write_bytes(receipt.read_bytes().replace(b"scan 0001.png", b"scan 0007.png"))

    assert check(receipt) == (1, {"damaged": 1}, [("damaged", receipt.name)])


def test_a_receipt_is_never_written_over_an_image(scans: Path) -> None:
    image = scans / "scan 0000.png"
    before = image.read_bytes()

    done = run("jobs", "receipt", job_id(), image)

    assert (done.returncode, image.read_bytes()) == (2, before)
    assert "is no receipt" in done.stderr
    assert run("jobs", "receipt", "batch_0_00000000").returncode == 2


@posix_only
def test_a_reader_who_leaves_early(tmp_path: Path, make_images: MakeImages) -> None:
    make_images(tmp_path, 300)
    process = subprocess.Popen(
        command_line_with_fake("NOOP", "verify", str(tmp_path)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline().endswith("It has no result; read it.\n")
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(timeout=60) == 1
