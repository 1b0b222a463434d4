"""The engine catalog: which engines there are, and which of them a run takes."""

from collections.abc import Callable, Sequence

import msgspec

from ocr_desktop.domain.errors import EngineMissingError, LanguageMissingError
from ocr_desktop.domain.options import EngineChoice, RunOptions
from ocr_desktop.services.engines import language_data, system
from ocr_desktop.services.engines.embedded import EMBEDDED
from ocr_desktop.services.engines.language_names import named_all
from ocr_desktop.services.engines.protocol import EngineConfig, EngineSpec, EngineStatus
from ocr_desktop.services.engines.system import SYSTEM

DEFAULT_ENGINES: tuple[EngineSpec, ...] = (EMBEDDED, SYSTEM)
"""In the order in which ``auto`` prefers them."""

_HOW_TO_GET: dict[str, Callable[[tuple[str, ...], EngineStatus], str]] = {
    EMBEDDED.name: lambda missing, status: language_data.how_to_get(missing, status.location),
    SYSTEM.name: lambda missing, _status: system.how_to_get(missing),
}
"""Engine name -> the sentence that says how to get languages for it."""


class ResolvedEngine(msgspec.Struct, frozen=True):
    """The engine that a run takes."""

    spec: EngineSpec
    status: EngineStatus
    """What probing it found."""
    config: EngineConfig
    """How to open it."""


class EngineCatalog:
    """All engines that can be chosen. May be used from any thread; it keeps nothing between two calls."""

    def __init__(self, specs: Sequence[EngineSpec] = DEFAULT_ENGINES) -> None:
        """Keep the engines, in the order in which ``auto`` prefers them."""
        self._specs = tuple(specs)

    def statuses(self) -> list[EngineStatus]:
        """Probe all engines. Takes a moment: libraries are loaded and commands run."""
        return [spec.probe() for spec in self._specs]

    def resolve(self, options: RunOptions) -> ResolvedEngine:
        """Choose the engine for a run: the one asked for, or for ``auto`` the first that has the languages.

        Raises:
            EngineMissingError: If no engine that may be chosen is usable.
            LanguageMissingError: If none of the usable ones has all the languages.
        """
        refused: list[EngineStatus] = []
        for spec in self._allowed(options.engine):
            status = spec.probe()
            if status.available and not _missing(options, status):
                config = EngineConfig(
                    languages=options.languages, page_segmentation=options.page_segmentation
                )
                return ResolvedEngine(spec=spec, status=status, config=config)
            refused.append(status)
        if any(status.available for status in refused):
            raise _language_error(options, refused)
        raise _engine_error(options, refused)

    def _allowed(self, choice: EngineChoice) -> list[EngineSpec]:
        return [spec for spec in self._specs if choice in {EngineChoice.AUTO, spec.name}]


def _missing(options: RunOptions, status: EngineStatus) -> tuple[str, ...]:
    return tuple(code for code in options.languages if code not in status.languages)


def _engine_error(options: RunOptions, refused: list[EngineStatus]) -> EngineMissingError:
    if not refused:
        return EngineMissingError(
            f"There is no engine named {options.engine}.", remedy="Choose the engine auto."
        )
    return EngineMissingError(
        " ".join(status.problem for status in refused),
        remedy=" ".join(dict.fromkeys(status.remedy for status in refused if status.remedy)),
    )


def _language_error(options: RunOptions, refused: list[EngineStatus]) -> LanguageMissingError:
    return LanguageMissingError(
        " ".join(_why_not(options, status) for status in refused),
        remedy=" Or: ".join(filter(None, (_way_out(options, status) for status in refused))),
    )


def _why_not(options: RunOptions, status: EngineStatus) -> str:
    if not status.available:
        return status.problem
    missing, present = named_all(_missing(options, status)), named_all(status.languages)
    return f"The {status.name} engine has no data for {missing}; it has {present}."


def _way_out(options: RunOptions, status: EngineStatus) -> str:
    if not status.available:
        return status.remedy
    how_to_get = _HOW_TO_GET.get(status.name)
    return how_to_get(_missing(options, status), status) if how_to_get else status.remedy
