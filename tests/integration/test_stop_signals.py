"""Ctrl-C and its kin, from outside: when a run ends, how, and that nothing outlives it."""

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from tests.conftest import MakeImages
from tests.integration.conftest import (
    PROJECT,
    command_line_with_fake,
    posix_only,
    run_fake,
)


@posix_only
class TestSignals:
    def start(self, tmp_path: Path, make_images: MakeImages, engine: str) -> "subprocess.Popen[str]":
        make_images(tmp_path, 40)
        return subprocess.Popen(
            command_line_with_fake(engine, "run", tmp_path, "--json", "--jobs", "2"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
        )

    def test_ctrl_c_ends_cleanly_and_a_second_run_goes_on(
        self, tmp_path: Path, make_images: MakeImages
    ) -> None:
        process = self.start(tmp_path, make_images, "SLOW")
        assert process.stderr is not None
        process.stderr.readline()  # the first image is done
        begun = time.monotonic()
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        assert time.monotonic() - begun < 3
        assert process.returncode == 130
        assert "Traceback" not in err
        summary = json.loads(out)
        assert summary["status"] == "interrupted"
        done = summary["stats"]["completed"]
        assert 0 < done < 40
        assert summary["stats"]["pending"] == 40 - done
        psutil.wait_procs(family, timeout=2)
        assert not [member for member in family if member.is_running()]
        assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
        again = json.loads(run_fake("SLOW", "run", tmp_path, "--json").stdout)["stats"]
        assert (again["skipped"], again["completed"]) == (done, 40 - done)

    @pytest.mark.parametrize("delay", [0.2, 0.5, 0.8, 1.1])
    def test_ctrl_c_of_a_terminal_while_workers_start(
        self, tmp_path: Path, make_images: MakeImages, delay: float
    ) -> None:
        """A terminal sends it to the whole group: the workers, still loading, are not to notice."""
        make_images(tmp_path, 40)
        process = subprocess.Popen(
            command_line_with_fake("SLOW", "run", tmp_path, "--json", "--jobs", "8"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
            start_new_session=True,
        )
        time.sleep(delay)
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=20)
        assert process.returncode in {130, -signal.SIGINT}, err  # Python itself may still have been loading
        if process.returncode == 130:
            assert "Traceback" not in err

    def test_a_signal_that_the_caller_ignores_stays_ignored(
        self, tmp_path: Path, make_images: MakeImages
    ) -> None:
        make_images(tmp_path, 12)
        command = command_line_with_fake("SLOW", "run", tmp_path, "--json")
        process = subprocess.Popen(
            ["/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh", *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
        )
        assert process.stderr is not None
        process.stderr.readline()
        process.send_signal(signal.SIGHUP)
        process.communicate(timeout=20)
        assert process.returncode == 0

    def test_a_second_ctrl_c_does_not_wait(self, tmp_path: Path, make_images: MakeImages) -> None:
        """Nobody reads stderr, so the run stands still in a line of progress."""
        make_images(tmp_path, 3000)
        process = subprocess.Popen(
            command_line_with_fake("NOOP", "run", tmp_path, "--jobs", "1"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=PROJECT,
        )
        family: list[psutil.Process] = []
        deadline = time.monotonic() + 30
        while len(family) < 2 and time.monotonic() < deadline:
            time.sleep(0.1)
            family = psutil.Process(process.pid).children(recursive=True)
        for _ in range(8):
            time.sleep(0.7)
            if process.poll() is not None:
                break
            process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        _gone, alive = psutil.wait_procs(family, timeout=5)
        assert alive == []
        assert process.stderr is not None
        process.stderr.close()
        for folder in Path(os.environ["TMPDIR"]).glob("ocr-desktop-*"):
            shutil.rmtree(folder)  # nobody was left to do it

    def test_ctrl_c_during_a_hang_kills_it(self, tmp_path: Path, make_images: MakeImages) -> None:
        process = self.start(tmp_path, make_images, "VERY_SLOW")
        deadline = time.monotonic() + 20
        while len(psutil.Process(process.pid).children()) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(1)
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        assert (process.returncode, time.monotonic() - begun < 3) == (130, True)

    def test_workers_die_with_a_killed_parent(self, tmp_path: Path, make_images: MakeImages) -> None:
        process = self.start(tmp_path, make_images, "VERY_SLOW")
        deadline = time.monotonic() + 20
        while len(psutil.Process(process.pid).children()) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(1)
        family = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.communicate(timeout=20)
        _gone, alive = psutil.wait_procs(family, timeout=3)
        assert alive == []
