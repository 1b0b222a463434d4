"""The final summary of a run: one JSON object for programs, a few lines for people."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from ocr_desktop.domain.items import ItemRecord
from ocr_desktop.domain.jobs import JobSnapshot
from ocr_desktop.domain.naming import printable
from ocr_desktop.domain.states import ItemState, JobState
from ocr_desktop.jobs.manager import JobManager

_PAGE: Final = 500
_MOST_FAILURES: Final = 20
"""How many failures the lines for people spell out."""


def json_summary(jobs: JobManager, job: JobSnapshot) -> Iterator[bytes]:
    """Yield the summary as one JSON object in UTF-8, piece by piece: no job is too large for it.

    ``{"jobId", "status", "stats", "seconds", "notices", "trouble", "items": [...]}``
    """
    head = {
        "jobId": job.id,
        "status": job.state.value,
        "stats": job.stats,
        "seconds": round(job.progress.elapsed, 3),
        "notices": [printable(notice) for notice in job.notices],
        "trouble": {"kind": job.trouble.kind, "message": printable(job.trouble.message)}
        if job.trouble
        else None,
    }
    yield msgspec.json.encode(head).removesuffix(b"}") + b',"items":['
    separator = b""
    for page in _pages(jobs, job.id):
        yield separator + b",".join(msgspec.json.encode(_item(record)) for record in page)
        separator = b","
    yield b"]}\n"


def text_summary(jobs: JobManager, job: JobSnapshot) -> str:
    """Return the summary as lines for people, with the reasons of the first failures."""
    stats = job.stats
    counts = {
        "read": stats.completed,
        "skipped": stats.skipped,
        "failed": stats.failed,
        "cancelled": stats.cancelled,
        "not reached": stats.remaining,
    }
    parts = [f"{count} {word}" for word, count in counts.items() if count or word == "read"]
    images = "1 image" if stats.total == 1 else f"{stats.total} images"
    lines = [f"{images}: {', '.join(parts)}, in {job.progress.elapsed:.1f} s."]
    failed = jobs.items(job.id, states={ItemState.FAILED}, limit=_MOST_FAILURES)
    lines += [f"  failed: {record.outcome.error}" for record in failed if record.outcome]
    if stats.failed > len(failed):
        lines.append(f"  ... and {stats.failed - len(failed)} more; --json lists them all.")
    if stats.skipped:
        lines.append("Skipped images have been read before; --overwrite overwrite reads them again.")
    if job.state is JobState.INTERRUPTED:
        if job.trouble is not None:
            lines.append(f"Stopped after {stats.done} of {stats.total}. {job.trouble.message}")
        lines.append(f"Interrupted. To go on: ocr-desktop jobs resume {job.id}")
    return "\n".join(lines)


def _pages(jobs: JobManager, job_id: str) -> Iterator[Sequence[ItemRecord]]:
    after = -1
    while page := jobs.items(job_id, after=after, limit=_PAGE):
        yield page
        after = page[-1].item.id


def _item(record: ItemRecord) -> dict[str, object]:
    outcome = record.outcome
    turned = {"rotation": record.item.rotation} if record.item.rotation else {}
    return {
        "path": printable(record.item.path),
        "status": record.state.value,
        "reason": outcome.reason or None if outcome else None,
        "error": outcome.error or None if outcome else None,
        "resultFiles": [printable(file) for file in outcome.result_files] if outcome else [],
        "confidence": outcome.confidence if outcome else None,
        **turned,
    }
