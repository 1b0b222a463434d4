"""Results: the published schema, settings fingerprints, and mean confidences."""

import json
import runpy
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from ocr_desktop.domain.results import SCHEMA_ID, Recognition, ResultDocument, Settings, Word
from ocr_desktop.services.resources import resource
from tests.fakes.results import a_document

PROJECT = Path(__file__).resolve().parents[3]
BOX = (0, 0, 1, 1)
_values = st.dictionaries(st.text(max_size=5), st.one_of(st.text(max_size=5), st.integers(), st.booleans()))


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(resource("schemas/result-1.schema.json").read_text(encoding="utf-8"))
    return found


def plain(document: ResultDocument) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(msgspec.json.encode(document))
    return found


def test_the_committed_schema_is_that_of_the_classes() -> None:
    script = runpy.run_path(str(PROJECT / "resources" / "make_schema.py"))

    assert resource("schemas/result-1.schema.json").read_text(encoding="utf-8") == script["make_schema"]()


@pytest.mark.parametrize("document", [a_document(), a_document(pages=(), text="", confidence=0.0)])
def test_documents_fit_the_schema(document: ResultDocument, schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)

    Draft202012Validator(schema).validate(plain(document))


def test_documents_keep_the_names_of_the_format() -> None:
    document = plain(a_document())

    assert document["schema"] == SCHEMA_ID
    assert {
        "imagePath",
        "savedAt",
        "modelUsed",
        "confidence",
        "text",
        "fileVersion",
        "processingTimeMs",
    } <= document.keys()
    assert document["source"].keys() == {"name", "size", "modified", "sha256"}
    assert document["engine"].keys() == {"name", "version", "languages"}
    assert document["settings"].keys() == {"fingerprint", "values"}
    assert document["pages"][0].keys() >= {
        "number",
        "width",
        "height",
        "rotation",
        "text",
        "confidence",
        "words",
    }
    assert document["pages"][0]["words"][0] == {
        "text": "Hällo",
        "confidence": 0.8,
        "box": [1, 2, 30, 10],
        "line": 0,
        "block": 0,
    }


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("confidence",), 1.1),
        (("processingTimeMs",), -1),
        (("source", "sha256"), "abc"),
        (("settings", "fingerprint"), ""),
        (("pages", 0, "number"), 0),
        (("pages", 0, "rotation"), 360),
        (("pages", 0, "words", 0, "box"), [1, 2, 3]),
    ],
)
def test_the_schema_and_the_reader_refuse_the_same(
    path: tuple[str | int, ...], value: object, schema: dict[str, Any]
) -> None:
    document = plain(a_document())
    inner: Any = document
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value

    with pytest.raises(ValidationError):
        Draft202012Validator(schema).validate(document)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(document, ResultDocument)


@given(_values)
def test_fingerprints_do_not_depend_on_the_order(values: dict[str, str | int | float | bool]) -> None:
    turned_round = dict(reversed(values.items()))

    assert Settings.of(values).fingerprint == Settings.of(turned_round).fingerprint


def test_fingerprints_are_the_same_in_every_version() -> None:
    values: dict[str, str | int | float | bool] = {
        "languages": "eng",
        "engine": "embedded",
        "pageSegmentation": 3,
    }

    assert Settings.of(values).fingerprint == "261e91f48f6f3695"
    assert Settings.of({**values, "pageSegmentation": 6}).fingerprint != "261e91f48f6f3695"


@pytest.mark.parametrize(
    ("confidences", "mean"), [((), 0.0), ((1.0,), 1.0), ((0.5, 1.0), 0.75), ((0.1, 0.2, 0.2), 0.1667)]
)
def test_the_confidence_of_a_page_is_the_mean_of_its_words(
    confidences: tuple[float, ...], mean: float
) -> None:
    words = tuple(Word("x", confidence, BOX, 0, 0) for confidence in confidences)

    assert Recognition("x", words).confidence == mean


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_confidences_stay_between_0_and_1(confidences: list[float]) -> None:
    words = tuple(Word("x", confidence, BOX, 0, 0) for confidence in confidences)

    assert 0.0 <= Recognition("x", words).confidence <= 1.0
