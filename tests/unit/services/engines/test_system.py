"""The system engine, with commands that stand where Tesseract would be."""

import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ocr_desktop.domain.errors import EngineMissingError, LanguageMissingError, RecognitionError
from ocr_desktop.services.engines import system
from ocr_desktop.services.engines.protocol import EngineConfig
from tests.fakes import images

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in commands are shell scripts")

ENGLISH = EngineConfig(languages=("eng",), page_segmentation=6)
LANGUAGES = 'echo "List of available languages (3):"; echo eng; echo osd; echo script/Latin'

InstallCommand = Callable[..., Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> InstallCommand:
    """Put a command named tesseract on an otherwise empty PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def write(*, version: str = "tesseract 5.3.0", languages: str = LANGUAGES, run: str = "exit 0") -> Path:
        command = folder / "tesseract"
        command.write_text(
            "#!/bin/sh\n"
            f'case "$1" in --version) echo "{version}"; exit 0;; --list-langs) {languages}; exit 0;; esac\n'
            f"{run}\n"
        )
        command.chmod(0o755)
        return command

    return write


def test_the_probe_tells_version_languages_and_command(install: InstallCommand) -> None:
    command = install()

    status = system.probe()

    assert (status.available, status.problem) == (True, "")
    assert status.version == "5.3.0"
    assert status.languages == ("eng", "script/Latin")
    assert status.location == str(command)


@pytest.mark.parametrize(
    ("answer", "version"),
    [
        ("tesseract v5.4.0.20240606", "5.4.0.20240606"),
        ("tesseract 5.5.1-dirty", "5.5.1-dirty"),
        ("?", "unknown"),
    ],
)
def test_versions_as_builds_write_them(install: InstallCommand, answer: str, version: str) -> None:
    install(version=answer)

    assert system.probe().version == version


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("Linux", "sudo apt install tesseract-ocr"),
        ("Darwin", "brew install tesseract"),
        ("Windows", "installer"),
    ],
)
def test_not_installed_is_a_status_with_a_remedy_for_the_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, remedy: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(platform, "system", lambda: name)

    status = system.probe()

    assert not status.available
    assert "not installed" in status.problem
    assert remedy in status.remedy
    with pytest.raises(EngineMissingError, match="not installed"):
        system.open_engine(ENGLISH)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Linux", "On Debian and Ubuntu: sudo apt install tesseract-ocr-deu tesseract-ocr-chi-sim."),
        ("Darwin", "To get German (deu), Chinese (simplified) (chi_sim): brew install tesseract-lang."),
        ("Windows", "To get German (deu), Chinese (simplified) (chi_sim): start the installer"),
    ],
)
def test_how_to_get_languages_on_each_system(
    monkeypatch: pytest.MonkeyPatch, name: str, expected: str
) -> None:
    monkeypatch.setattr(platform, "system", lambda: name)

    assert system.how_to_get(("deu", "chi_sim")).startswith(expected)


def test_a_version_that_is_too_old_is_not_used(install: InstallCommand) -> None:
    install(version="tesseract 3.05.01")

    status = system.probe()

    assert not status.available
    assert "3.05.01 is older" in status.problem


def test_no_language_data_at_all(install: InstallCommand) -> None:
    install(languages="echo 'Error opening data file'")

    assert "no language data" in system.probe().problem


def test_a_command_that_does_not_run(install: InstallCommand) -> None:
    install(version="").write_text("#!/bin/sh\nexit 127\n")

    status = system.probe()

    assert not status.available
    assert "does not run" in status.problem


def test_a_missing_language(install: InstallCommand) -> None:
    install()

    with pytest.raises(LanguageMissingError, match=r"no data for German \(deu\)\."):
        system.open_engine(EngineConfig(languages=("eng", "deu"), page_segmentation=3))


def test_the_command_is_run_once_for_text_and_layout(
    install: InstallCommand, private_scratch: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    row = r"5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t90\tHello"
    install(run=f"""echo "$@" >> {log}; printf 'Hello\\n\\f' > "$2.txt"; printf '{row}\\n' > "$2.tsv" """)
    engine = system.open_engine(ENGLISH)

    recognition = engine.recognize(images.draw_page(), 300)

    assert recognition.text == "Hello\n"
    assert [word.text for word in recognition.words] == ["Hello"]
    (arguments,) = log.read_text().splitlines()
    options = arguments.split(maxsplit=2)[2]
    assert options == "-l eng --psm 6 --dpi 300 -c tessedit_create_txt=1 -c tessedit_create_tsv=1"
    assert list(private_scratch.iterdir()) == []


@pytest.mark.parametrize("dpi", [None, 1, 10_000])
def test_a_resolution_that_is_not_believable_is_not_passed_on(
    install: InstallCommand, tmp_path: Path, dpi: int | None
) -> None:
    log = tmp_path / "log"
    install(run=f"""echo "$@" >> {log}; : > "$2.txt"; : > "$2.tsv" """)

    system.open_engine(ENGLISH).recognize(images.draw_page(), dpi)

    assert "--dpi" not in log.read_text()


@pytest.mark.parametrize(
    ("run", "sentence"),
    [
        ("echo 'Out of cheese.' >&2; exit 3", r"gave up on this image: Out of cheese \(exit code 3\)\."),
        ("kill -9 $$", r"no reason given \(exit code -9\)"),
        ("exit 0", "could not be handed"),
        (r"""printf '\377' > "$2.txt"; : > "$2.tsv" """, "gave up on this image"),
    ],
    ids=["error", "killed", "no output", "bad text"],
)
def test_failures_of_the_command_are_failures_of_the_image(
    install: InstallCommand, private_scratch: Path, run: str, sentence: str
) -> None:
    install(run=run)
    engine = system.open_engine(ENGLISH)

    with pytest.raises(RecognitionError, match=sentence):
        engine.recognize(images.draw_page(), None)

    assert list(private_scratch.iterdir()) == []


def test_a_command_that_vanishes_is_a_failure_of_the_image(install: InstallCommand) -> None:
    command = install()
    engine = system.open_engine(ENGLISH)
    command.unlink()

    with pytest.raises(RecognitionError, match="could not be handed"):
        engine.recognize(images.draw_page(), None)


def test_asking_the_command_opens_no_window_on_windows(
    install: InstallCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = install()
    given: list[object] = []

    def record(*_arguments: object, **options: object) -> subprocess.CompletedProcess[bytes]:
        given.append(options["creationflags"])
        return subprocess.CompletedProcess([str(command)], 0, b"tesseract 5.0\neng\n")

    monkeypatch.setattr(subprocess, "CREATE_NO_WINDOW", 0x08000000, raising=False)
    monkeypatch.setattr(subprocess, "run", record)

    system.probe()

    assert given == [0x08000000, 0x08000000]
