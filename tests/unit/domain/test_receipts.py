"""Receipts: the published schema, numbers that add up, and paths that are no text."""

import json
import runpy
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ocr_desktop.domain.errors import BugError
from ocr_desktop.domain.receipts import ReceiptFile, ReceiptStats, exact_path, split_path
from ocr_desktop.domain.states import ItemState
from ocr_desktop.services.resources import resource
from tests.fakes.receipts import a_header, an_item

PROJECT = Path(__file__).resolve().parents[3]
FINAL = [state for state in ItemState if state.is_final]


def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(resource("schemas/receipt-1.schema.json").read_text(encoding="utf-8"))
    return found


def test_the_committed_schema_is_that_of_the_classes() -> None:
    script = runpy.run_path(str(PROJECT / "resources" / "make_schema.py"))

    committed = resource("schemas/receipt-1.schema.json").read_text(encoding="utf-8")
    assert committed == script["make_receipt_schema"]()


@pytest.mark.parametrize(
    "line",
    [
        a_header(),
        an_item(0),
        an_item(1, path="/scans/\udcff.png"),
        an_item(2, state=ItemState.FAILED, sha256=None),
    ],
)
def test_lines_fit_the_schema(line: object) -> None:
    Draft202012Validator.check_schema(schema())

    Draft202012Validator(schema()).validate(json.loads(msgspec.json.encode(line)))


def test_the_schema_refuses_a_hash_that_is_none() -> None:
    line = json.loads(msgspec.json.encode(an_item(0))) | {"sha256": "unknown"}

    assert not Draft202012Validator(schema()).is_valid(line)


@given(st.lists(st.sampled_from(FINAL)))
def test_numbers_add_up(states: list[ItemState]) -> None:
    stats = ReceiptStats.from_counts(Counter(states))

    assert stats.adds_up
    assert stats.total == len(states)


@pytest.mark.parametrize("state", [ItemState.PENDING, ItemState.PROCESSING])
def test_an_image_that_has_not_ended_has_no_place_in_it(state: ItemState) -> None:
    with pytest.raises(BugError, match="final state"):
        ReceiptStats.from_counts({ItemState.COMPLETED: 3, state: 1})


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=()), min_size=1))
def test_every_path_survives(path: str) -> None:
    shown, raw_path = split_path(path)
    line = ReceiptFile(path=shown, raw_path=raw_path, sha256=None)

    again = msgspec.json.decode(msgspec.json.encode(line), type=ReceiptFile)

    assert exact_path(again) == path
