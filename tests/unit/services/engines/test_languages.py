"""Languages: what they are called, which engines have them, and how to get more."""

import re

import pytest

from ocr_desktop.services.engines.language_names import codes_to_get, language_name, named_all
from ocr_desktop.services.engines.languages import LanguageInfo, describe_languages, how_to_get_more
from ocr_desktop.services.engines.protocol import EngineStatus

EMBEDDED = EngineStatus(name="embedded", available=True, languages=("deu", "eng"), remedy="Put files there.")
SYSTEM = EngineStatus(name="system", available=True, languages=("eng", "script/Latin", "xyz"))
BROKEN = EngineStatus(name="broken", available=False, languages=("fra",), remedy="Mend it.")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("deu", "German"),
        ("chi_sim", "Chinese (simplified)"),
        ("script/Latin", "All in Latin script"),
        ("script/Japanese_vert", "All in Japanese script, vertical"),
        ("xyz", "xyz"),
    ],
)
def test_languages_have_names(code: str, name: str) -> None:
    assert language_name(code) == name


def test_names_stand_in_sentences_with_their_codes() -> None:
    assert named_all(["deu", "xyz"]) == "German (deu), xyz"
    assert named_all([]) == ""


def test_each_language_to_get_has_a_code_and_a_name_of_its_own() -> None:
    names = [language_name(code) for code in codes_to_get()]

    assert len(set(names)) == len(names) > 100
    assert all(re.fullmatch(r"[a-z]{3}(_[a-z]+)*", code) for code in codes_to_get())


def test_what_the_engines_have_is_listed_by_name_and_scripts_come_last() -> None:
    assert describe_languages([EMBEDDED, SYSTEM, BROKEN]) == [
        LanguageInfo("eng", "English", ("embedded", "system")),
        LanguageInfo("deu", "German", ("embedded",)),
        LanguageInfo("xyz", "xyz", ("system",)),
        LanguageInfo("script/Latin", "All in Latin script", ("system",)),
    ]


def test_what_can_be_got_is_listed_when_asked_for() -> None:
    infos = {info.code: info for info in describe_languages([EMBEDDED], missing=True)}

    assert infos["fra"] == LanguageInfo("fra", "French", ())
    assert infos["deu"].engines == ("embedded",)
    assert infos.keys() == {*codes_to_get()}


def test_engines_that_are_there_are_probed_where_nobody_has_done_so() -> None:
    assert any("embedded" in info.engines for info in describe_languages() if info.code == "eng")


def test_each_engine_says_how_it_gets_more() -> None:
    assert how_to_get_more([EMBEDDED, SYSTEM, BROKEN]) == {
        "embedded": "Put files there.",
        "broken": "Mend it.",
    }
