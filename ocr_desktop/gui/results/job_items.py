"""The items of a job, read page by page: for threads in the background."""

from collections.abc import Iterator

from ocr_desktop.domain.items import ItemRecord
from ocr_desktop.jobs.manager import JobManager

_PAGE = 1_000


def all_items(jobs: JobManager, job_id: str) -> Iterator[ItemRecord]:
    """Yield the items of a job in order of id, asking for a page at a time. Any thread."""
    after = -1
    while page := jobs.items(job_id, after=after, limit=_PAGE):
        yield from page
        after = page[-1].item.id
