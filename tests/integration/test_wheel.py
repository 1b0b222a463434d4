"""A built wheel, installed into a new virtual environment elsewhere, runs and finds its resources.

Without a network: the libraries are borrowed from the environment that the tests run in.
"""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

import ocr_desktop

ROOT = Path(__file__).resolve().parents[2]


class Installation:
    """A virtual environment with the program installed from a wheel."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self._folder = folder / "venv"
        venv.create(self._folder, with_pip=False)
        self.programs = self._folder / ("Scripts" if os.name == "nt" else "bin")
        self._home = folder / "home"
        self._elsewhere = folder
        options = ("--no-deps", "--no-index", "--quiet", "--disable-pip-version-check")
        _run([sys.executable, "-m", "pip", "--python", str(self.python), "install", *options, str(wheel)])
        # Only a search path: the editable installation that may be in there does not come along.
        borrowed = self.ask("import sysconfig; print(sysconfig.get_path('purelib'))").strip()
        paths = dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
        Path(borrowed, "borrowed.pth").write_text("\n".join(paths) + "\n", encoding="utf-8")

    @property
    def python(self) -> Path:
        return self.programs / "python"

    def call(self, program: str, *arguments: str) -> str:
        """Run one of its programs, far from the source tree; return its stdout."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        env["OCR_DESKTOP_HOME"] = str(self._home)
        return _run([str(self.programs / program), *arguments], cwd=self._elsewhere, env=env)

    def ask(self, code: str) -> str:
        return self.call("python", "-c", code)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--no-deps", "--no-index", "--no-build-isolation", "--quiet", "--wheel-dir", str(folder))
    _run([sys.executable, "-m", "pip", "wheel", "--disable-pip-version-check", *options, str(ROOT)])
    return next(folder.glob("ocr_desktop-*.whl"))


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Installation:
    return Installation(tmp_path_factory.mktemp("installed"), wheel)


def test_the_wheel_has_the_program_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"ocr_desktop"}
    assert "ocr_desktop/py.typed" in names
    assert any(name.startswith("ocr_desktop/resources/samples/") for name in names)
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_it_runs_from_where_it_was_installed(installation: Installation) -> None:
    origin = installation.ask("import ocr_desktop; print(ocr_desktop.__file__)").strip()
    assert installation.programs.parent in Path(origin).parents


def test_it_tells_its_version(installation: Installation) -> None:
    assert installation.call("ocr-desktop", "--version").split() == ["ocr-desktop", ocr_desktop.__version__]


def test_it_finds_its_resources_and_an_engine(installation: Installation) -> None:
    report = json.loads(installation.call("ocr-desktop", "doctor", "--json"))
    assert report["resources"] is True
    assert report["usable"] is True


def test_every_resource_is_in_it(installation: Installation) -> None:
    code = (
        "from ocr_desktop.services.resources import resource\n"
        "for name in {names!r}: print(len(resource(name).read_bytes()))"
    )
    files = [path for path in (ROOT / "resources").rglob("*") if path.is_file() and path.suffix != ".pyc"]
    names = [path.relative_to(ROOT / "resources").as_posix() for path in files]
    sizes = installation.ask(code.format(names=names)).split()
    assert [int(size) for size in sizes] == [path.stat().st_size for path in files]


def test_it_reads_the_samples_that_came_with_it(installation: Installation, tmp_path: Path) -> None:
    samples = installation.ask(
        "from ocr_desktop.services.resources import resource; print(resource('samples'))"
    ).strip()
    installation.call("ocr-desktop", "run", samples, "--output-dir", str(tmp_path))
    assert "CORNER BAKERY" in (tmp_path / "receipt_ocr_results.txt").read_text(encoding="utf-8")


def _run(command: Sequence[str], *, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, env=env, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout
