"""An image with a result of many words, as the viewer gets it, without a run."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec
from PIL import Image

from ocr_desktop.domain.items import ItemOutcome
from ocr_desktop.domain.results import (
    Block,
    EngineStamp,
    Line,
    Page,
    ResultDocument,
    Settings,
    Source,
    Word,
)
from ocr_desktop.domain.states import ItemState
from ocr_desktop.gui.viewer.entries import ViewerEntry
from ocr_desktop.services.text_result import encode_text

WORDS = (("Total", 0.95), ("amount", 0.5), ("l2.5O", 0.2), ("paid", 0.9), ("tbe", 0.4), ("total", 0.99))
"""Three to a line; three of them doubtful."""


def make_reading(
    folder: Path, name: str = "scan.png", words: Sequence[tuple[str, float]] = WORDS, *, pages: int = 1
) -> ViewerEntry:
    """Write an image, 600 by 400 pixels, and its result files."""
    folder.mkdir(parents=True, exist_ok=True)
    image = folder / name
    Image.new("L", (600, 400), 255).save(image)
    rows = [words[start : start + 3] for start in range(0, len(words), 3)]
    placed = tuple(
        Word(text, confidence, (20 + 190 * column, 20 + 60 * row, 150, 40), row, 0)
        for row, line in enumerate(rows)
        for column, (text, confidence) in enumerate(line)
    )
    text = "\n".join(" ".join(word for word, _ in line) for line in rows) + "\n"
    page = Page(
        number=1,
        width=600,
        height=400,
        text=text,
        confidence=0.7,
        words=placed,
        lines=tuple(Line((20, 20 + 60 * row, 560, 40), 0, 0) for row in range(len(rows))),
        blocks=(Block((0, 0, 600, 400)),),
    )
    document = ResultDocument(
        image_path=str(image),
        saved_at="2026-01-02T03:04:05+00:00",
        model_used="drawn 1.0 (eng)",
        confidence=0.7,
        text="\f".join([text] * pages),
        processing_time_ms=1234,
        source=Source(
            name=name,
            size=image.stat().st_size,
            modified="2026-01-01T00:00:00+00:00",
            sha256=hashlib.sha256(image.read_bytes()).hexdigest(),
        ),
        engine=EngineStamp(name="drawn", version="1.0", languages=("eng", "deu")),
        settings=Settings.of({"engine": "drawn", "languages": "eng+deu", "pageSegmentation": 3}),
        pages=tuple(msgspec.structs.replace(page, number=number + 1) for number in range(pages)),
    )
    json = image.with_name(f"{image.stem}_ocr_results.json")
    json.write_bytes(msgspec.json.format(msgspec.json.encode(document), indent=1))
    txt = json.with_suffix(".txt")
    txt.write_bytes(encode_text(document))
    outcome = ItemOutcome(
        item_id=0,
        state=ItemState.COMPLETED,
        confidence=0.7,
        attempts=1,
        result_files=(str(json), str(txt)),
    )
    return ViewerEntry(str(image), outcome)


def read_back(entry: ViewerEntry) -> ResultDocument:
    """Return the result as it is on the disk."""
    assert entry.outcome is not None
    return msgspec.json.decode(Path(entry.outcome.result_files[0]).read_bytes(), type=ResultDocument)
