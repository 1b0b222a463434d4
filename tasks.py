"""Project tasks; needs nothing but Python.

    python3 tasks.py run [--terminal] [FOLDER ...]   set everything up and read a folder of scans
    python3 tasks.py test [pytest arguments]         run the tests
    python3 tasks.py check                           format, lint, types, imports, tests: what CI runs
    python3 tasks.py samples                         draw the sample scans again
    python3 tasks.py screenshots [FOLDER]            take the pictures of the documentation again
    python3 tasks.py wheel                           build a wheel in dist/
    python3 tasks.py lock                            take the newest versions into constraints.txt

The first call makes a virtual environment in .venv; later ones find it ready. Without a FOLDER, run reads the
sample scans. It opens the window where there is a screen, else (or with --terminal) it works in the terminal.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "set-up-for.txt"
CONSTRAINTS = ROOT / "constraints.txt"
RESULTS = ROOT / "ocr-results"
"""For the results of folders that cannot take them; git ignores it."""
PYTHON = VENV.joinpath(*(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))

UNFINISHED = "unfinished"
NO_SCREEN = frozenset({"minimal", "offscreen"})
QT_PACKAGES = (
    *("libdbus-1-3", "libegl1", "libfontconfig1", "libgl1", "libglib2.0-0", "libxkbcommon0"),
    *("libwayland-client0", "libwayland-cursor0", "libwayland-egl1"),
    *("libx11-xcb1", "libxcb-cursor0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-randr0"),
    *("libxcb-render-util0", "libxcb-render0", "libxcb-shape0", "libxcb-shm0", "libxcb-sync1"),
    *("libxcb-xfixes0", "libxcb-xkb1", "libxkbcommon-x11-0"),
)
"""Debian's packages with the shared libraries that the wheel of Qt expects to find."""

LOAD_QT = """
import ctypes, os, pathlib, sys
try:
    import PySide6.QtGui, PySide6.QtSvg, PySide6.QtWidgets
    platforms = pathlib.Path(PySide6.__file__).parent / "Qt" / "plugins" / "platforms"
    if os.environ.get("DISPLAY"):
        ctypes.CDLL(str(platforms / "libqxcb.so"))
    if os.environ.get("WAYLAND_DISPLAY"):
        ctypes.CDLL(str(platforms / "libqwayland.so"))
except (ImportError, OSError) as error:
    sys.exit(str(error))
"""
OPEN_DISPLAY = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"

CHECKS = {
    "format": ("ruff", "format", "--check", "."),
    "lint": ("ruff", "check", "."),
    "types": ("mypy",),
    "imports": ("lint-imports",),
    # Side by side, a file of tests in one process; faults by themselves, for the table that they print.
    "tests": (
        "pytest",
        "-n",
        "auto",
        "--maxprocesses",
        "4",
        "--dist",
        "loadfile",
        "--ignore",
        "tests/faults",
    ),
    "faults": ("pytest", "tests/faults"),
}
ALL_TESTS = ("tests", "faults")


def main(arguments: Sequence[str]) -> int:
    """Run one task; return its exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what meets an older Python first
        return fail("OCR Desktop needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")
    tasks = {
        "run": run,
        "test": test,
        "check": check,
        "samples": samples,
        "screenshots": screenshots,
        "wheel": wheel,
        "lock": lock,
    }
    if not arguments or arguments[0] not in tasks:
        sys.stdout.write(f"{__doc__}")
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    try:
        set_up()
        return tasks[arguments[0]](list(arguments[1:]))
    except subprocess.CalledProcessError as error:
        return fail(f"This command failed with exit code {error.returncode}: {shlex.join(error.cmd)}")
    except KeyboardInterrupt:
        return 130


def run(arguments: list[str]) -> int:
    """Set up, and read a folder of scans in the window or, without a screen, in the terminal."""
    in_terminal = "--terminal" in arguments or not has_screen()
    folders = [Path(argument) for argument in arguments if argument != "--terminal"]
    for folder in folders:
        if not folder.exists():
            return fail(f"There is no folder or file {folder}.", 2)
    folders = folders or [copy_samples()]
    output = output_for(folders)
    options = ["run"] if in_terminal else []
    if in_terminal:
        say(
            "Working in the terminal" + (", as there is no screen." if "--terminal" not in arguments else ".")
        )
    if output and in_terminal:
        say(f"Results go to {output}, because nothing may be written beside the images.")
        options += ["--output-dir", str(output)]
    elif output:
        say("Nothing may be written beside the images: choose an output folder in the window's options.")
    return hand_over(["-m", "ocr_desktop", *options, "--", *(str(folder.absolute()) for folder in folders)])


def test(arguments: list[str]) -> int:
    """Run all tests, or pytest with these arguments."""
    if not arguments:
        return run_checks(ALL_TESTS)
    if not make_qt_load():
        return 1
    os.chdir(ROOT)
    return hand_over(["-m", "pytest", *arguments])


def check(_arguments: list[str]) -> int:
    """Run every check, the tests last."""
    return run_checks(tuple(CHECKS))


def run_checks(names: Sequence[str]) -> int:
    """Run these checks; say which failed."""
    if not make_qt_load():
        return 1
    failed = []
    for name in names:
        tool, *options = CHECKS[name]
        say(f"check: {name}")
        if subprocess.run([str(PYTHON.with_name(tool)), *options], cwd=ROOT, check=False).returncode:
            failed.append(name)
    say(f"check: FAILED: {', '.join(failed)}" if failed else f"check: all well: {', '.join(names)}")
    return 1 if failed else 0


def samples(_arguments: list[str]) -> int:
    """Draw the sample scans again."""
    return hand_over([str(ROOT / "resources" / "make_samples.py")])


def screenshots(arguments: list[str]) -> int:
    """Take the pictures of the documentation again."""
    if not make_qt_load():
        return 1
    os.chdir(ROOT)
    return hand_over(["-m", "docs.screenshots", *arguments])


def wheel(_arguments: list[str]) -> int:
    """Build a wheel in dist/."""
    return hand_over(["-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(ROOT / "dist"), str(ROOT)])


def lock(_arguments: list[str]) -> int:
    """Take the newest versions that fit together into constraints.txt."""
    install("--upgrade", "--upgrade-strategy", "eager")
    frozen = subprocess.run(
        [str(PYTHON), "-m", "pip", "freeze", "--exclude-editable"], check=True, capture_output=True, text=True
    ).stdout
    pins = [line for line in frozen.splitlines() if "==" in line and not line.startswith("#")]
    CONSTRAINTS.write_text("\n".join(pins) + "\n", encoding="utf-8")
    STAMP.write_text(fingerprint(), encoding="utf-8")
    say(f"constraints.txt names {len(pins)} packages.")
    return 0


def set_up() -> None:
    """Make .venv, or bring it up to date, unless it already fits this source tree."""
    stamp = STAMP.read_text(encoding="utf-8") if STAMP.is_file() else ""
    works = PYTHON.exists() and subprocess.run([str(PYTHON), "-c", ""], check=False).returncode == 0
    if works and stamp == fingerprint():
        return
    say("Setting up .venv; the first time, this takes a minute or two.")
    if not works or stamp == UNFINISHED:
        if importlib.util.find_spec("ensurepip") is None:
            version = f"{sys.version_info.major}.{sys.version_info.minor}"
            if not apt_install([f"python{version}-venv"], "Python cannot make virtual environments."):
                sys.exit(1)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    # Whoever finds this word knows that the installation was cut off, and starts again from nothing.
    STAMP.write_text(UNFINISHED, encoding="utf-8")
    install("--constraint", str(CONSTRAINTS))
    STAMP.write_text(fingerprint(), encoding="utf-8")


def install(*options: str) -> None:
    """Install the program, editable, and the tools to work on it."""
    quiet = () if sys.stderr.isatty() else ("--quiet",)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", *quiet]
    # Dependency groups came with pip 25.1; the one that venv brings along may be older.
    subprocess.run([*pip, "--upgrade", "pip>=25.1"], check=True)
    subprocess.run([*pip, *options, "--editable", ".", "--group", "dev"], cwd=ROOT, check=True)


def fingerprint() -> str:
    """Return what .venv was made from, as a hash."""
    digest = hashlib.sha256()
    for path in (ROOT / "pyproject.toml", CONSTRAINTS):
        # Without the line ends, in which checkouts differ.
        digest.update("\n".join(path.read_text(encoding="utf-8").splitlines()).encode())
    return digest.hexdigest()


def has_screen() -> bool:
    """Find out whether a window can be opened here; install what Qt lacks for it where that is possible."""
    if os.environ.get("CI") or os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in NO_SCREEN:
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")) or not make_qt_load():
        return False
    # The variables may name a display that is gone, where Qt aborts; better here than in the program.
    probe = subprocess.run([str(PYTHON), "-c", OPEN_DISPLAY], check=False, capture_output=True)
    return probe.returncode == 0


def make_qt_load() -> bool:
    """See that Qt finds its shared libraries; install them where that is possible, else say how."""
    problem = qt_problem()
    if problem and apt_install(QT_PACKAGES, problem) and (problem := qt_problem()):
        say(problem)
    return not problem


def qt_problem() -> str:
    """Return why Qt does not load, a whole sentence; empty if it does."""
    probe = subprocess.run([str(PYTHON), "-c", LOAD_QT], check=False, capture_output=True, text=True)
    return f"Qt does not load: {probe.stderr.strip() or probe.returncode}." if probe.returncode else ""


def apt_install(packages: Sequence[str], problem: str) -> bool:
    """Install Debian packages if this user may, else say how; return whether it worked."""
    say(problem)
    if shutil.which("apt-get") is None:
        say("Install the packages of your system that correspond to: " + " ".join(packages))
        return False
    install_command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    may = not prefix or (
        shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], check=False).returncode == 0
    )
    if not may:
        say("Run this, then try again:\n  sudo " + shlex.join(install_command))
        return False
    say("Installing what is missing: " + shlex.join(install_command))
    subprocess.run([*prefix, "apt-get", "update", "--quiet"], check=False)
    return subprocess.run([*prefix, *install_command], check=False).returncode == 0


def copy_samples() -> Path:
    """Copy the sample scans to a place where results may be written beside them."""
    copy = RESULTS / "samples"
    copy.mkdir(parents=True, exist_ok=True)
    for sample in sorted((ROOT / "resources" / "samples").iterdir()):
        shutil.copy2(sample, copy)
    return copy


def output_for(folders: Sequence[Path]) -> Path | None:
    """Return a folder for the results where one of ``folders`` cannot take its own, else None."""
    if all(is_writable(folder if folder.is_dir() else folder.absolute().parent) for folder in folders):
        return None
    return RESULTS / (folders[0].resolve().name if len(folders) == 1 else "several")


def is_writable(folder: Path) -> bool:
    """Find out whether files may be made in a folder. Touches nothing."""
    # The administrator could write anywhere, but a folder that nobody may write to is meant to stay as it is.
    meant_to_be = os.name == "nt" or bool(folder.stat().st_mode & 0o222)
    return meant_to_be and os.access(folder, os.W_OK)


def hand_over(arguments: Sequence[str]) -> int:
    """Go on as the Python of .venv, so that exit codes, signals and Ctrl-C are the program's own affair."""
    command = [str(PYTHON), *arguments]
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name != "nt":
        os.execv(command[0], command)  # noqa: S606 - an argument list; there is no shell
    with subprocess.Popen(command) as child:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue  # Windows sent it to the child too, which ends in its own way.


def say(text: str) -> None:
    """Tell the user something, on stderr: stdout belongs to the program."""
    print(f"tasks.py: {text}", file=sys.stderr, flush=True)


def fail(text: str, code: int = 1) -> int:
    """Tell the user what went wrong; return the exit code."""
    say(text)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
