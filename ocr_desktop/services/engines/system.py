"""The system engine: the Tesseract that is installed on this machine, through ``pytesseract``.

One run of the command gives text and layout at once. ``pytesseract`` is imported inside functions: it pulls
in pandas where that is installed, which takes long in processes that never need it.
"""

import importlib
import platform
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import msgspec
from PIL import Image

from ocr_desktop.domain.errors import BugError, EngineMissingError, LanguageMissingError, RecognitionError
from ocr_desktop.domain.results import EngineStamp, Recognition
from ocr_desktop.services.engines.language_names import named_all
from ocr_desktop.services.engines.protocol import EngineConfig, EngineSpec, EngineStatus
from ocr_desktop.services.engines.tsv import read_tsv
from ocr_desktop.services.image_modes import IMAGE_MODES
from ocr_desktop.services.resolution import believable_dpi

NAME = "system"
_OLDEST_MAJOR = 4
"""Tesseract 3 knows neither ``--dpi`` nor today's language data."""
_PROBE_SECONDS = 20
_LANGUAGE = re.compile(r"[A-Za-z0-9_/-]+")
_USUAL_PLACES = {
    "Windows": (r"C:\Program Files\Tesseract-OCR\tesseract.exe",),
    "Darwin": ("/opt/homebrew/bin/tesseract", "/usr/local/bin/tesseract", "/opt/local/bin/tesseract"),
}
"""Where Tesseract usually is although it is not on PATH: the Windows installer does not put it there, and
programs started from the macOS desktop do not get the PATH of the shell."""


class SystemEngine:
    """Runs the installed Tesseract once for each image. To be used by one thread at a time."""

    def __init__(self, config: EngineConfig) -> None:
        """Find the command and check its languages.

        Raises:
            EngineMissingError: If Tesseract is not installed or does not run.
            LanguageMissingError: If it has no data for one of the languages.
        """
        status = probe()
        if not status.available:
            raise EngineMissingError(status.problem, remedy=status.remedy)
        missing = tuple(code for code in config.languages if code not in status.languages)
        if missing:
            raise LanguageMissingError(
                f"The installed Tesseract has no data for {named_all(missing)}.", remedy=how_to_get(missing)
            )
        self._config = config
        self._stamp = EngineStamp(name=NAME, version=status.version, languages=config.languages)
        self._pytesseract = _load_library()
        self._pytesseract.tesseract_cmd = status.location
        self._is_open = True

    @property
    def stamp(self) -> EngineStamp:
        """Name, version and languages, as they are recorded in a result."""
        return self._stamp

    def recognize(self, image: Image.Image, dpi: int | None) -> Recognition:
        """Read an upright image of mode ``L`` or ``RGB`` in one run of the command.

        Args:
            image: The image; its pixels reach Tesseract unchanged.
            dpi: Dots per inch, if known.

        Raises:
            RecognitionError: If Tesseract gives up on this image.
            BugError: If the image has another mode, or the engine is closed.
        """
        if not self._is_open:
            raise BugError("The system engine is used after it was closed.")
        if image.mode not in IMAGE_MODES:
            raise BugError(f"An engine was given an image of mode {image.mode}.")
        try:
            with tempfile.TemporaryDirectory(prefix="ocr-desktop-") as folder:
                return self._run(image, dpi, Path(folder))
        # TesseractError is a RuntimeError, TesseractNotFoundError an OSError.
        except OSError as error:
            raise RecognitionError(
                f"The image could not be handed to the installed Tesseract: {error}.",
                remedy=f"Check that it is still there and that {tempfile.gettempdir()} has space left.",
            ) from error
        except (RuntimeError, ValueError) as error:
            raise RecognitionError(
                f"The installed Tesseract gave up on this image: {_reason(error)}."
            ) from error

    def close(self) -> None:
        """Do nothing but refuse further images: the command holds nothing between two images."""
        self._is_open = False

    def _run(self, image: Image.Image, dpi: int | None, folder: Path) -> Recognition:
        # Uncompressed, because packing a page as a PNG takes longer than writing it.
        source, target = folder / "page.ppm", folder / "page"
        image.save(source, format="PPM")
        self._pytesseract.run_tesseract(
            input_filename=str(source),
            output_filename_base=str(target),
            extension="",
            lang="+".join(self._config.languages),
            config=_arguments(self._config.page_segmentation, dpi),
        )
        text = target.with_suffix(".txt").read_text(encoding="utf-8")
        tsv = target.with_suffix(".tsv").read_text(encoding="utf-8")
        width, height = image.size
        return read_tsv(tsv, text.removesuffix("\f"), width=width, height=height)


def probe() -> EngineStatus:
    """Find out whether Tesseract is installed, and which languages it has. Never raises."""
    try:
        _load_library()
        command = _find_command()
        version = _version(_ask(command, "--version"))
        languages = _languages(_ask(command, "--list-langs"))
    except EngineMissingError as error:
        return EngineStatus(name=NAME, available=False, problem=error.message, remedy=error.remedy)
    status = EngineStatus(
        name=NAME,
        available=True,
        version=version,
        languages=languages,
        location=command,
        remedy=f"For more languages: {_more_languages()}",
    )
    problem = _problem_with(status)
    return msgspec.structs.replace(status, available=not problem, problem=problem)


def open_engine(config: EngineConfig) -> SystemEngine:
    """Open the engine.

    Raises:
        EngineMissingError: If Tesseract is not installed or does not run.
        LanguageMissingError: If it has no data for one of the languages.
    """
    return SystemEngine(config)


def how_to_get(languages: tuple[str, ...]) -> str:
    """Return a sentence that says how to give the installed Tesseract these languages, on this system."""
    if platform.system() == "Linux":
        packages = " ".join(_linux_package(code) for code in languages)
        return f"On Debian and Ubuntu: sudo apt install {packages}."
    return f"To get {named_all(languages)}: {_more_languages()}"


SYSTEM = EngineSpec(name=NAME, probe=probe, open=open_engine)


def _arguments(page_segmentation: int, dpi: int | None) -> str:
    known = believable_dpi(dpi)
    resolution = f"--dpi {known} " if known is not None else ""
    return f"--psm {page_segmentation} {resolution}-c tessedit_create_txt=1 -c tessedit_create_tsv=1"


def _load_library() -> Any:  # noqa: ANN401 - an untyped library
    try:
        return importlib.import_module("pytesseract.pytesseract")
    except Exception as error:  # it imports numpy and pandas where they are installed; they may be broken
        raise EngineMissingError(
            f"The link to the installed Tesseract cannot be loaded: {_reason(error)}.",
            remedy="Install the Python package pytesseract again.",
        ) from error


def _find_command() -> str:
    """Return the absolute path of the ``tesseract`` command.

    Raises:
        EngineMissingError: If it is not installed.
    """
    places = _USUAL_PLACES.get(platform.system(), ())
    command = shutil.which("tesseract") or next((place for place in places if Path(place).is_file()), None)
    if command is None:
        raise EngineMissingError("Tesseract is not installed on this machine.", remedy=_how_to_install())
    return command


def _ask(command: str, question: str) -> str:
    """Return what the command answers, on either stream.

    Not by pytesseract: its own functions for this open a console window on Windows, end the whole process on
    an odd version, and leave out scripts such as ``script/Latin``.

    Raises:
        EngineMissingError: If the command does not run.
    """
    try:
        answer = subprocess.run(
            [command, question],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_PROBE_SECONDS,
            check=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise EngineMissingError(
            f"Tesseract is at {command} but does not run: {_reason(error)}.",
            remedy=f"Install it again. {_how_to_install()}",
        ) from error
    return answer.stdout.decode("utf-8", "replace")


def _version(answer: str) -> str:
    """Return ``5.3.0`` of "tesseract 5.3.0 leptonica-..."; Windows builds say "v5.3.0.20221214"."""
    found = re.search(r"tesseract\s+v?(\d[\w.-]*)", answer)
    return found[1] if found else "unknown"


def _languages(answer: str) -> tuple[str, ...]:
    # The first line is a heading; warnings, if any, hold spaces.
    codes = (line.strip().replace("\\", "/") for line in answer.splitlines())
    return tuple(sorted({code for code in codes if _LANGUAGE.fullmatch(code) and code != "osd"}))


def _problem_with(status: EngineStatus) -> str:
    major = re.match(r"\d+", status.version)
    if major and int(major[0]) < _OLDEST_MAJOR:
        return f"The installed Tesseract {status.version} is older than version {_OLDEST_MAJOR}."
    if not status.languages:
        return "The installed Tesseract has no language data."
    return ""


def _how_to_install() -> str:
    if platform.system() == "Windows":
        return (
            "Install it with the installer tesseract-ocr-w64-setup (github.com/UB-Mannheim/tesseract/wiki)."
        )
    if platform.system() == "Darwin":
        return "Install it: brew install tesseract."
    return "On Debian and Ubuntu: sudo apt install tesseract-ocr tesseract-ocr-eng."


def _more_languages() -> str:
    if platform.system() == "Windows":
        return (
            "start the installer tesseract-ocr-w64-setup again and tick them under Additional language data."
        )
    if platform.system() == "Darwin":
        return "brew install tesseract-lang."
    return (
        "on Debian and Ubuntu, sudo apt install tesseract-ocr-all, or tesseract-ocr- and the language code."
    )


def _linux_package(language: str) -> str:
    """Return the Debian package with a language: ``chi_sim`` -> ``tesseract-ocr-chi-sim``."""
    if "/" in language:
        return "tesseract-ocr-all"  # scripts go by other codes there
    return f"tesseract-ocr-{language.replace('_', '-').lower()}"


def _reason(error: BaseException) -> str:
    if isinstance(error, RuntimeError) and len(error.args) == 2:  # noqa: PLR2004 - TesseractError: (status, message)
        status, message = error.args
        return f"{str(message).strip().rstrip('.') or 'no reason given'} (exit code {status})"
    return str(error).strip().rstrip(".") or type(error).__name__
