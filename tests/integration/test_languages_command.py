"""``ocr-desktop languages``."""

import json

import pytest

from ocr_desktop.bootstrap import Application, build_application
from ocr_desktop.cli.main import run_command_line
from ocr_desktop.services.engines.protocol import EngineSpec
from tests.fakes.engines import MISSING, NOOP


def run(*arguments: str, engines: tuple[EngineSpec, ...]) -> int:
    def build() -> Application:
        return build_application(engines=engines, serial=True)

    return run_command_line(["languages", *arguments], open_window=lambda _paths: 99, build=build)


def test_languages_are_listed_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(engines=(NOOP, MISSING)) == 0

    assert capsys.readouterr().out.splitlines() == [
        "eng  English  fake",
        "deu  German   fake",
        "",
        "missing engine: Get it.",
    ]


def test_languages_are_listed_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json", engines=(NOOP, MISSING)) == 0

    assert json.loads(capsys.readouterr().out) == {
        "languages": [
            {"code": "eng", "name": "English", "engines": ["fake"]},
            {"code": "deu", "name": "German", "engines": ["fake"]},
        ],
        "more": {"missing": "Get it."},
    }


def test_those_that_can_be_got_are_listed_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    run("--all", engines=(NOOP,))

    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("fra ") and line.endswith("  not installed") for line in lines)


def test_without_an_engine_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(engines=(MISSING,)) == 3

    assert capsys.readouterr().out == "No engine can read any language.\n\nmissing engine: Get it.\n"
