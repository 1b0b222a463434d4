"""Writes the JSON Schemas of result files and receipts, from the classes that read and write them.

Run it after a change to ``ocr_desktop/domain/results.py`` or ``receipts.py``: ``python
resources/make_schema.py``. A test fails when a committed schema is not what this script makes.
"""

import json
from pathlib import Path
from typing import Any

import msgspec

from ocr_desktop.domain.receipts import RECEIPT_SCHEMA_ID, ReceiptFooter, ReceiptHeader, ReceiptItem
from ocr_desktop.domain.results import SCHEMA_ID, ResultDocument

FOLDER = Path(__file__).parent / "schemas"


def make_schema() -> str:
    """Return the schema (JSON Schema 2020-12) as JSON text."""
    (schema,), definitions = msgspec.json.schema_components([ResultDocument], ref_template="#/$defs/{name}")
    return _render(SCHEMA_ID, "OCR Desktop result, version 1", schema, definitions)


def make_receipt_schema() -> str:
    """Return the schema of one line of a receipt as JSON text: the header, an image, or the footer."""
    kinds = [ReceiptHeader, ReceiptItem, ReceiptFooter]
    schemas, definitions = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    title = "OCR Desktop receipt, version 1: one line"
    return _render(RECEIPT_SCHEMA_ID, title, {"oneOf": list(schemas)}, definitions)


def _render(identity: str, title: str, schema: dict[str, Any], definitions: dict[str, Any]) -> str:
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": identity,
        "title": title,
        **schema,
        "$defs": definitions,
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in (("result-1", make_schema()), ("receipt-1", make_receipt_schema())):
        target = FOLDER / f"{name}.schema.json"
        target.write_text(text, encoding="utf-8")
        print(target)
