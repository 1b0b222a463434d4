"""The embedded engine: Tesseract inside this process, through ``tesserocr``.

``tesserocr`` is imported inside functions: it loads a native library, which takes time in processes that
never read an image, and which may be broken. That is a finding of the probe then, not a crash at import.
"""

import importlib
import os
from types import ModuleType
from typing import Any

from PIL import Image

from ocr_desktop.domain.errors import BugError, EngineMissingError, LanguageMissingError, RecognitionError
from ocr_desktop.domain.results import EngineStamp, Recognition
from ocr_desktop.services.engines.language_data import (
    LanguageData,
    find_language_data,
    how_to_get,
    how_to_get_more,
)
from ocr_desktop.services.engines.language_names import named_all
from ocr_desktop.services.engines.protocol import EngineConfig, EngineSpec, EngineStatus
from ocr_desktop.services.engines.tsv import read_tsv
from ocr_desktop.services.image_modes import IMAGE_MODES
from ocr_desktop.services.resolution import believable_dpi

NAME = "embedded"


class EmbeddedEngine:
    """One warm Tesseract handle. To be used by one thread at a time."""

    def __init__(self, config: EngineConfig) -> None:
        """Load the language data.

        Raises:
            EngineMissingError: If tesserocr cannot be loaded, or will not start.
            LanguageMissingError: If there is no data for one of the languages.
        """
        tesserocr = _load_library()
        data = _data_for(config.languages)
        self._stamp = EngineStamp(name=NAME, version=_version(tesserocr), languages=config.languages)
        self._api = _open_handle(tesserocr, data, config)

    @property
    def stamp(self) -> EngineStamp:
        """Name, version and languages, as they are recorded in a result."""
        return self._stamp

    def recognize(self, image: Image.Image, dpi: int | None) -> Recognition:
        """Read an upright image of mode ``L`` or ``RGB`` in one go.

        Args:
            image: The image; its pixels reach Tesseract unchanged.
            dpi: Dots per inch, if known.

        Raises:
            RecognitionError: If Tesseract gives up on this image. The engine stays usable.
            BugError: If the image has another mode, or the engine is closed.
        """
        api = self._api
        if api is None:
            raise BugError("The embedded engine is used after it was closed.")
        if image.mode not in IMAGE_MODES:
            raise BugError(f"An engine was given an image of mode {image.mode}.")
        try:
            return _recognize(api, image, dpi)
        except (RuntimeError, ValueError, TypeError, OverflowError) as error:
            raise RecognitionError(f"The embedded engine gave up on this image: {_reason(error)}.") from error
        finally:
            # Frees the pixels, and forgets what language data with the older recogniser learns from a page,
            # so that the order of the images plays no role.
            api.Clear()
            api.ClearAdaptiveClassifier()

    def close(self) -> None:
        """Free the handle. Closing twice does no harm."""
        api, self._api = self._api, None
        if api is not None:
            api.End()


def probe() -> EngineStatus:
    """Find out whether the embedded engine can be used, and which languages it has. Never raises."""
    try:
        version = _version(_load_library())
    except EngineMissingError as error:
        return EngineStatus(name=NAME, available=False, problem=error.message, remedy=error.remedy)
    data = find_language_data()
    if data is None:
        return EngineStatus(
            name=NAME,
            available=False,
            version=version,
            problem="The embedded engine has no language data.",
            remedy=how_to_get(("eng",), folder=""),
        )
    return EngineStatus(
        name=NAME,
        available=True,
        version=version,
        languages=data.languages,
        location=data.folder,
        remedy=how_to_get_more(data),
    )


def open_engine(config: EngineConfig) -> EmbeddedEngine:
    """Open a handle.

    Raises:
        EngineMissingError: If tesserocr cannot be loaded, or will not start.
        LanguageMissingError: If there is no data for one of the languages.
    """
    return EmbeddedEngine(config)


EMBEDDED = EngineSpec(name=NAME, probe=probe, open=open_engine)


def _load_library() -> ModuleType:
    """Import tesserocr.

    Raises:
        EngineMissingError: Whatever goes wrong in it.
    """
    try:
        return importlib.import_module("tesserocr")
    except Exception as error:  # a broken native library may raise anything
        raise EngineMissingError(
            f"The embedded engine cannot be loaded: {_reason(error)}.",
            remedy="Install the Python package tesserocr again, or choose the system engine.",
        ) from error


def _version(tesserocr: ModuleType) -> str:
    """Return the version of Tesseract itself: ``5.5.4`` of "tesseract 5.5.4 leptonica ..."."""
    words = str(tesserocr.tesseract_version()).split()
    return words[1] if len(words) > 1 else "unknown"


def _data_for(languages: tuple[str, ...]) -> LanguageData:
    data = find_language_data() or LanguageData(folder="", languages=())
    missing = tuple(code for code in languages if code not in data.languages)
    if missing:
        raise LanguageMissingError(
            f"The embedded engine has no data for {named_all(missing)}.",
            remedy=how_to_get(missing, data.folder),
        )
    return data


def _open_handle(tesserocr: ModuleType, data: LanguageData, config: EngineConfig) -> Any:  # noqa: ANN401 - untyped library
    try:
        return tesserocr.PyTessBaseAPI(
            path=data.folder,
            lang="+".join(config.languages),
            psm=config.page_segmentation,
            # Tesseract before 5.5 writes remarks such as "Empty page!!" to standard error otherwise.
            variables={"debug_file": os.devnull},
        )
    except RuntimeError as error:
        raise EngineMissingError(
            f"The embedded engine does not start with the language data in {data.folder}: {_reason(error)}.",
            remedy="The data may be damaged. Install the tessdata packages again.",
        ) from error


def _recognize(api: Any, image: Image.Image, dpi: int | None) -> Recognition:  # noqa: ANN401 - untyped library
    width, height = image.size
    channels = len(image.getbands())
    # Not SetImage(): it would encode the image as a BMP first, and one that claims 96 dpi.
    api.SetImageBytes(image.tobytes(), width, height, channels, width * channels)
    known = believable_dpi(dpi)
    if known is not None:
        api.SetSourceResolution(known)
    if not api.Recognize():
        raise RuntimeError("recognition failed")
    return read_tsv(api.GetTSVText(0), api.GetUTF8Text(), width=width, height=height)


def _reason(error: BaseException) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__
