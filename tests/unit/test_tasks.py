"""The tasks file, run as people run it: in a copy of the project whose .venv holds stand-ins."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import tasks

pytestmark = pytest.mark.skipif(os.name == "nt", reason="The stand-ins are shell scripts.")

_PYTHON = """#!/bin/sh
[ "$1" = -c ] && exit 0
printf '%s\\n' "$@"
exit 7
"""
_TOOL = """#!/bin/sh
echo "$(basename "$0")" >> "$(dirname "$0")/../called"
[ "$(basename "$0")" != mypy ]
"""
_REFUSING = """#!/bin/sh
exit 1
"""


class Project:
    """A copy of what tasks.py needs, set up with stand-ins for the programs in .venv."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("tasks.py", "pyproject.toml", "constraints.txt"):
            shutil.copy(tasks.ROOT / name, root)
        self.venv = root / ".venv"
        (self.venv / "bin").mkdir(parents=True)
        _script(self.venv / "bin" / "python", _PYTHON)
        self.stamp = self.venv / tasks.STAMP.name
        self.stamp.write_text(tasks.fingerprint(), encoding="utf-8")
        samples = root / "resources" / "samples"
        samples.mkdir(parents=True)
        (samples / "letter.png").write_bytes(b"an image")
        self.commands = root / "commands"
        self.commands.mkdir()

    def call(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run tasks.py without a screen, a network, or a way to install anything."""
        return self.call_python([str(self.root / "tasks.py"), *arguments], **env)

    def call_python(self, arguments: Sequence[str], **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env={"PATH": str(self.commands), "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, **env},
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = tmp_path / "project"
    root.mkdir()
    return Project(root)


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "my scans"
    folder.mkdir()
    return folder


def test_run_works_in_the_terminal_where_there_is_no_screen(project: Project, scans: Path) -> None:
    done = project.call("run", str(scans))
    assert done.stdout.splitlines() == ["-m", "ocr_desktop", "run", "--", str(scans)]
    assert "there is no screen" in done.stderr


def test_exit_codes_are_passed_on(project: Project, scans: Path) -> None:
    assert project.call("run", str(scans)).returncode == 7
    assert project.call("test", "-x").returncode == 7


def test_run_opens_the_window_where_there_is_a_screen(project: Project, scans: Path) -> None:
    done = project.call("run", str(scans), DISPLAY=":0")
    assert done.stdout.splitlines() == ["-m", "ocr_desktop", "--", str(scans)]


@pytest.mark.parametrize("env", [{"CI": "true"}, {"QT_QPA_PLATFORM": "offscreen"}])
def test_a_screen_nobody_looks_at_is_none(project: Project, scans: Path, env: dict[str, str]) -> None:
    assert "run" in project.call("run", str(scans), DISPLAY=":0", **env).stdout.splitlines()


def test_the_terminal_can_be_asked_for(project: Project, scans: Path) -> None:
    assert "run" in project.call("run", "--terminal", str(scans), DISPLAY=":0").stdout.splitlines()


def test_results_of_a_read_only_folder_go_elsewhere(project: Project, scans: Path) -> None:
    scans.chmod(0o555)
    done = project.call("run", str(scans))
    output = project.root / "ocr-results" / "my scans"
    assert done.stdout.splitlines()[2:5] == ["run", "--output-dir", str(output)]
    assert str(output) in done.stderr


def test_the_window_asks_for_another_place_itself(project: Project, scans: Path) -> None:
    scans.chmod(0o555)
    done = project.call("run", str(scans), DISPLAY=":0")
    assert done.stdout.splitlines() == ["-m", "ocr_desktop", "--", str(scans)]
    assert "choose an output folder" in done.stderr


def test_without_a_folder_a_copy_of_the_samples_is_read(project: Project) -> None:
    done = project.call("run")
    copy = project.root / "ocr-results" / "samples"
    assert done.stdout.splitlines()[-1] == str(copy)
    assert (copy / "letter.png").read_bytes() == b"an image"


def test_a_missing_folder_is_wrong_usage(project: Project) -> None:
    done = project.call("run", "nowhere")
    assert done.returncode == 2
    assert "nowhere" in done.stderr


def test_arguments_of_test_reach_pytest(project: Project) -> None:
    assert project.call("test", "-k", "naming").stdout.splitlines() == ["-m", "pytest", "-k", "naming"]


def test_without_arguments_all_tests_are_run(project: Project) -> None:
    _script(project.venv / "bin" / "pytest", _TOOL)
    done = project.call("test", PATH=f"{project.commands}:{os.defpath}")
    assert (project.venv / "called").read_text(encoding="utf-8").split() == ["pytest", "pytest"]
    assert done.stderr.splitlines()[-1] == "tasks.py: check: all well: tests, faults"


def test_check_runs_every_step_and_names_what_failed(project: Project) -> None:
    for tool in ("ruff", "mypy", "lint-imports", "pytest"):
        _script(project.venv / "bin" / tool, _TOOL)
    done = project.call("check", PATH=f"{project.commands}:{os.defpath}")
    called = (project.venv / "called").read_text(encoding="utf-8").split()
    assert called == ["ruff", "ruff", "mypy", "lint-imports", "pytest", "pytest"]
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "tasks.py: check: FAILED: types"


def test_a_setup_that_was_cut_off_starts_again_from_nothing(project: Project) -> None:
    project.stamp.write_text(tasks.UNFINISHED, encoding="utf-8")
    leftover = project.venv / "leftover"
    leftover.touch()
    done = project.call("test")  # gets as far as it can without a network
    assert done.returncode == 1
    assert "This command failed" in done.stderr
    assert "pip" in done.stderr
    assert not leftover.exists()
    assert project.stamp.read_text(encoding="utf-8") == tasks.UNFINISHED


def test_a_venv_that_no_longer_starts_is_made_again(project: Project) -> None:
    (project.venv / "bin" / "python").unlink()
    leftover = project.venv / "leftover"
    leftover.touch()
    assert project.call("test").returncode == 1
    assert not leftover.exists()


def test_the_missing_package_is_named_where_python_lacks_venv(project: Project) -> None:
    project.stamp.write_text(tasks.UNFINISHED, encoding="utf-8")
    for command in ("apt-get", "sudo"):
        _script(project.commands / command, _REFUSING)
    code = "import sys; sys.modules['ensurepip'] = None; import tasks; sys.exit(tasks.main(['test']))"
    done = project.call_python(["-c", code])
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert done.returncode == 1
    assert f"apt-get install --yes --no-install-recommends python{version}-venv" in done.stderr


def test_the_missing_libraries_are_named_where_qt_does_not_load(project: Project) -> None:
    _script(project.venv / "bin" / "python", '#!/bin/sh\n[ -z "$2" ] || { echo libEGL.so.1 >&2; exit 1; }\n')
    for command in ("apt-get", "sudo"):
        _script(project.commands / command, _REFUSING)
    done = project.call("test")
    assert done.returncode == 1
    assert "libEGL.so.1" in done.stderr
    assert "libegl1" in done.stderr


@pytest.mark.parametrize("arguments", [[], ["dance"], ["--help"]])
def test_whoever_asks_is_told_the_tasks(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert tasks.main(arguments) == (0 if arguments == ["--help"] else 2)
    assert "python3 tasks.py check" in capsys.readouterr().out


def _script(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
