"""Receipts of jobs that never ran."""

import hashlib
import json
from pathlib import Path

from ocr_desktop.domain.receipts import ReceiptFile, ReceiptHeader, ReceiptItem, split_path
from ocr_desktop.domain.states import ItemState, JobState
from tests.fakes.results import SETTINGS


def a_header(images: int = 1, status: JobState = JobState.COMPLETED) -> ReceiptHeader:
    return ReceiptHeader(
        job_id="batch_1_0a0a0a0a",
        status=status,
        program_version="0.1.0",
        created_at="2024-01-31T12:00:00+00:00",
        started_at="2024-01-31T12:00:01+00:00",
        finished_at=None,
        images=images,
        options={"languages": ["eng"]},
        settings=SETTINGS,
    )


def an_item(
    number: int,
    *,
    path: str = "/scans/a.png",
    state: ItemState = ItemState.COMPLETED,
    sha256: str | None = "0f" * 32,
    results: tuple[ReceiptFile, ...] = (),
) -> ReceiptItem:
    shown, raw_path = split_path(path)
    return ReceiptItem(
        id=number,
        path=shown,
        raw_path=raw_path,
        status=state,
        reason=None,
        error=None,
        error_kind=None,
        sha256=sha256,
        results=results,
        confidence=0.9,
    )


def item_of(number: int, image: Path, *results: Path) -> ReceiptItem:
    """Return the line of an image whose file, and whose results, are there."""
    files = tuple(_file(result) for result in results)
    return an_item(number, path=str(image), sha256=_hash(image), results=files)


def sealed_again(lines: list[bytes]) -> bytes:
    """Return a receipt with the hash that a careful forger would put under these lines."""
    *body, footer = lines
    seal = json.loads(footer) | {"sha256": hashlib.sha256(b"".join(body)).hexdigest()}
    return b"".join([*body, json.dumps(seal).encode() + b"\n"])


def _file(path: Path) -> ReceiptFile:
    shown, raw_path = split_path(str(path))
    return ReceiptFile(path=shown, raw_path=raw_path, sha256=_hash(path))


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
