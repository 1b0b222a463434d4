"""Result documents of images that no engine has read."""

import os
from pathlib import Path

import msgspec

from ocr_desktop.domain.naming import printable
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
from ocr_desktop.services.source_file import describe_source

SETTINGS = Settings.of({"engine": "embedded", "languages": "eng", "pageSegmentation": 3})
OTHER_SETTINGS = Settings.of({"engine": "embedded", "languages": "deu", "pageSegmentation": 3})
SOURCE = Source(name="a.png", size=3, modified="2024-01-31T12:00:00.000+00:00", sha256="0f" * 32)

_DOCUMENT = ResultDocument(
    image_path="/scans/a.png",
    saved_at="2024-01-31T12:00:01+00:00",
    model_used="Tesseract 5.5.0 (embedded), eng",
    confidence=0.9,
    text="Hällo wörld\n",
    processing_time_ms=12,
    source=SOURCE,
    engine=EngineStamp(name="embedded", version="5.5.0", languages=("eng",)),
    settings=SETTINGS,
    pages=(
        Page(
            number=1,
            width=100,
            height=20,
            rotation=90,
            text="Hällo wörld\n",
            confidence=0.9,
            words=(
                Word("Hällo", 0.8, (1, 2, 30, 10), line=0, block=0),
                Word("wörld", 1.0, (35, 2, 30, 10), line=0, block=0),
            ),
            lines=(Line((1, 2, 64, 10), block=0, paragraph=0),),
            blocks=(Block((1, 2, 64, 10)),),
        ),
    ),
)


def a_document(**changes: object) -> ResultDocument:
    """Return a full document, with some fields changed."""
    return msgspec.structs.replace(_DOCUMENT, **changes)


def document_of(image: Path, **changes: object) -> ResultDocument:
    """Return the document that reading ``image``, a file, could have given."""
    return a_document(image_path=printable(str(image)), source=describe_source(str(image)), **changes)


def change_unnoticed(path: Path) -> None:
    """Change a byte of a file and leave it its size and its date, as failing disks and some programs do."""
    status = path.stat()
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
