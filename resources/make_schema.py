"""Writes the JSON Schema of result files, from the classes that the program reads and writes them with.

Run it after a change to ``ocr_desktop/domain/results.py``: ``python resources/make_schema.py``. A test fails
when the committed schema is not what this script makes.
"""

import json
from pathlib import Path

import msgspec

from ocr_desktop.domain.results import SCHEMA_ID, ResultDocument

TARGET = Path(__file__).parent / "schemas" / "result-1.schema.json"


def make_schema() -> str:
    """Return the schema (JSON Schema 2020-12) as JSON text."""
    (schema,), definitions = msgspec.json.schema_components([ResultDocument], ref_template="#/$defs/{name}")
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "OCR Desktop result, version 1",
        **schema,
        "$defs": definitions,
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(make_schema(), encoding="utf-8")
    print(TARGET)
