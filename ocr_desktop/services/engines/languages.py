"""Languages: which of them each engine has, what they are called, and how to get more."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from ocr_desktop.services.engines.catalog import EngineCatalog
from ocr_desktop.services.engines.language_names import codes_to_get, language_name
from ocr_desktop.services.engines.protocol import EngineStatus


class LanguageInfo(msgspec.Struct, frozen=True):
    """One language, as the user may choose it."""

    code: str
    """Tesseract's code: ``deu``, ``chi_sim``, ``script/Latin``."""
    name: str
    """In English; the code itself where the name is not known."""
    engines: tuple[str, ...] = ()
    """Names of the engines that have it; none for a language that can be got."""


def describe_languages(
    statuses: Iterable[EngineStatus] | None = None, *, missing: bool = False
) -> list[LanguageInfo]:
    """Return the languages that usable engines have, by name; scripts come last.

    Args:
        statuses: What probing the engines found; without it they are probed now, which takes a moment.
        missing: Whether to add the languages that no engine has and for which there is data to get.
    """
    if statuses is None:
        statuses = EngineCatalog().statuses()
    engines: defaultdict[str, list[str]] = defaultdict(list)
    for status in statuses:
        for code in status.languages if status.available else ():
            engines[code].append(status.name)
    codes = {*engines, *(codes_to_get() if missing else ())}
    infos = [LanguageInfo(code, language_name(code), tuple(engines.get(code, ()))) for code in codes]
    return sorted(infos, key=lambda info: ("/" in info.code, info.name.casefold(), info.code))


def how_to_get_more(statuses: Iterable[EngineStatus]) -> dict[str, str]:
    """Return engine name -> a whole sentence that says how to give it more languages, or get it at all."""
    return {status.name: status.remedy for status in statuses if status.remedy}
