"""The work on one item: skip -> OCR -> save. Runs in a worker process, or inline with the serial executor."""

import time
import traceback
from datetime import UTC, datetime
from typing import Final

import msgspec

from ocr_desktop.batch.tasks import Attempt, ItemTask, WorkerSetup
from ocr_desktop.domain.errors import (
    Blame,
    EngineUnusableError,
    ItemError,
    KnownError,
    NameTakenError,
    OutOfMemoryError,
    UnexpectedItemError,
)
from ocr_desktop.domain.items import ImageItem, ItemOutcome
from ocr_desktop.domain.jobs import Trouble
from ocr_desktop.domain.naming import display_name, printable
from ocr_desktop.domain.results import EngineStamp, Page, Recognition, ResultDocument, Settings, Source
from ocr_desktop.domain.states import ItemState
from ocr_desktop.services.carried_corrections import set_aside
from ocr_desktop.services.engines.protocol import EngineConfig, OcrEngine
from ocr_desktop.services.file_state import state_of
from ocr_desktop.services.image_loader import LoadedImage, load_upright
from ocr_desktop.services.result_saver import ResultTarget, save_result
from ocr_desktop.services.skip_detector import SkipDetector, Verdict
from ocr_desktop.services.source_file import ensure_unchanged, observe_source

_NAME_TRIES: Final = 5
"""How often to look for another name when another program takes the one that was free."""


class Workbench:
    """What one worker keeps between items: the skip detector and a warm engine. For one thread."""

    def __init__(self, setup: WorkerSetup) -> None:
        """Prepare for items of one job; the engine is opened when the first image is to be read."""
        self.setup = setup
        self.settings = settings_of(setup.engine.name, setup.config)
        self.skip_detector = SkipDetector(setup.options, self.settings)
        self._engine: OcrEngine | None = None

    @property
    def engine(self) -> OcrEngine:
        """The warm engine.

        Raises:
            KnownError: If it cannot be opened.
        """
        if self._engine is None:
            self._engine = self.setup.engine.open(self.setup.config)
        return self._engine

    def close(self) -> None:
        """Free the engine."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None


def settings_of(engine_name: str, config: EngineConfig) -> Settings:
    """Return the settings that shape the text, as they are recorded in a result."""
    return Settings.of(
        {
            "engine": engine_name,
            "languages": "+".join(config.languages),
            "pageSegmentation": config.page_segmentation,
        }
    )


def process_item(task: ItemTask, bench: Workbench) -> Attempt:
    """Read one image and save its result. Never raises: whatever goes wrong is a failed attempt."""
    started = time.perf_counter()
    try:
        return _skip_or_read(task, bench, started)
    except ItemError as error:
        return _failed(task, error, started)
    except KnownError as error:  # the engine cannot be opened (any more)
        return _failed(task, EngineUnusableError(error.message, remedy=error.remedy), started)
    except MemoryError as error:
        traceback.clear_frames(error.__traceback__)  # what they hold is needed to go on
        shortage = OutOfMemoryError(
            f"There was not enough memory to read “{display_name(task.item.path)}”.",
            remedy="Raise “Memory per worker” (--worker-memory), use fewer workers, or scale the image down.",
        )
        return _failed(task, shortage, started)
    except Exception as error:  # noqa: BLE001 - a bad image must never end the batch; the parent logs it
        reason = UnexpectedItemError(
            f"“{display_name(task.item.path)}” could not be read because of an unexpected error "
            f"({type(error).__name__}: {error}).",
            remedy="Please report it, with the log file and, if you can share it, the image.",
        )
        attempt = _failed(task, reason, started)
        # Without the message, which may hold names or text: a log is to be shareable.
        frames = "".join(traceback.format_tb(error.__traceback__))
        return msgspec.structs.replace(attempt, details=f"{type(error).__name__}\n{frames}")


def failed_attempt(task: ItemTask, error: ItemError, seconds: float) -> Attempt:
    """Return the attempt that ended with ``error`` after so many seconds."""
    name = display_name(task.item.path)
    sentence = str(error) if name in error.message else f"“{name}”: {error}"
    outcome = ItemOutcome(
        item_id=task.item.id,
        state=ItemState.FAILED,
        error=sentence,
        error_kind=error.kind,
        seconds=round(seconds, 3),
        attempts=task.attempt,
    )
    trouble = Trouble(kind=error.kind, message=str(error), exit_code=error.stop_code)
    return Attempt(
        outcome=outcome,
        can_pass=error.can_pass,
        blame=error.blame,
        trouble=None if error.blame is Blame.IMAGE else trouble,
    )


def _failed(task: ItemTask, error: ItemError, started: float) -> Attempt:
    return failed_attempt(task, error, time.perf_counter() - started)


def skipped_outcome(
    item_id: int, verdict: Verdict, source_hash: str, seconds: float, attempt: int
) -> ItemOutcome:
    """Return how an item ended that need not be read."""
    return ItemOutcome(
        item_id=item_id,
        state=ItemState.SKIPPED,
        reason=verdict.reason,
        stale=verdict.stale,
        confidence=verdict.confidence,
        seconds=round(seconds, 3),
        attempts=attempt,
        result_files=verdict.files,
        result_hashes=verdict.hashes,
        source_hash=source_hash,
    )


def _skip_or_read(task: ItemTask, bench: Workbench, started: float) -> Attempt:
    source, state = observe_source(task.item.path)
    verdict = bench.skip_detector.examine(task.item, source, state)
    if verdict.skip:
        seconds = time.perf_counter() - started
        outcome = skipped_outcome(task.item.id, verdict, source.sha256, seconds, task.attempt)
        return Attempt(outcome=outcome, known=verdict.known)
    rotation = task.item.rotation or verdict.rotation
    max_pixels = int(bench.setup.options.max_megapixels * 1e6)
    image = load_upright(task.item.path, max_pixels=max_pixels, rotation=rotation)
    recognition = bench.engine.recognize(image.image, image.dpi)
    ensure_unchanged(task.item.path, source)
    settings = bench.settings.turned(rotation)
    document = _document(source, task.item.path, _page(image, recognition), bench.engine.stamp, settings)
    document = msgspec.structs.replace(document, processing_time_ms=_milliseconds_since(started))
    kept = _keep_correction(task.item, verdict, source)
    files = _save(task, bench, document, verdict)
    outcome = ItemOutcome(
        item_id=task.item.id,
        state=ItemState.COMPLETED,
        reason=_remarks(verdict, kept, has_more_pages=image.has_more_pages),
        confidence=document.confidence,
        seconds=round(time.perf_counter() - started, 3),
        attempts=task.attempt,
        result_files=tuple(files),
        result_hashes=tuple(files.values()) if all(files.values()) else (),
        source_hash=source.sha256,
    )
    known = None
    if state is not None and state == state_of(task.item.path):
        known = bench.skip_detector.expect(task.item, state, files, document)
    return Attempt(outcome=outcome, known=known)


def _save(task: ItemTask, bench: Workbench, document: ResultDocument, verdict: Verdict) -> dict[str, str]:
    """Write the result; where another program takes the name meanwhile, take the next that is free.

    Returns:
        Path of each result file -> its SHA-256 in hexadecimal; empty for those that another run has written.

    Raises:
        ResultWriteError: If it cannot be written.
    """
    for _ in range(_NAME_TRIES):
        target = ResultTarget(
            folder=task.item.output_dir,
            root=bench.setup.options.output_dir or task.item.output_dir,
            stem=verdict.stem,
            earlier_stem=verdict.earlier_stem,
            number=verdict.number,
            exclusive=verdict.exclusive,
            token=task.token,
        )
        try:
            return save_result(document, target, bench.setup.options.formats)
        except NameTakenError as error:
            taken = error
            verdict = bench.skip_detector.examine(task.item, document.source)
            if verdict.skip:  # another run has read the same image meanwhile
                return dict.fromkeys(verdict.files, "")
    raise taken


def _page(image: LoadedImage, recognition: Recognition) -> Page:
    return Page(
        number=1,
        width=image.width,
        height=image.height,
        rotation=image.rotation,
        text=recognition.text,
        confidence=recognition.confidence,
        words=recognition.words,
        lines=recognition.lines,
        blocks=recognition.blocks,
    )


def _keep_correction(item: ImageItem, verdict: Verdict, source: Source) -> str:
    """See that no corrected text of the image as it was before is lost; return what to say of it, if any."""
    if verdict.exclusive:
        return ""
    name = set_aside(item.output_dir, verdict.stem, source.sha256)
    return f"The text that was corrected before the image changed is kept in “{name}”." if name else ""


def _remarks(verdict: Verdict, kept: str, *, has_more_pages: bool) -> str:
    """Return what the user should know about an image that was read."""
    remarks = (
        verdict.reason if verdict.is_turned else "",
        kept,
        "Only the first of its pages was read." if has_more_pages else "",
    )
    return " ".join(filter(None, remarks))


def _milliseconds_since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)


def _document(
    source: Source, path: str, page: Page, stamp: EngineStamp, settings: Settings
) -> ResultDocument:
    return ResultDocument(
        image_path=printable(path),
        saved_at=datetime.now(UTC).isoformat(timespec="seconds"),
        model_used=f"Tesseract {stamp.version} ({stamp.name}), {'+'.join(stamp.languages)}",
        confidence=page.confidence,
        text=page.text,
        processing_time_ms=0,
        source=source,
        engine=stamp,
        settings=settings,
        pages=(page,),
    )
