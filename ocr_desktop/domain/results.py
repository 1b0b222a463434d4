"""Results: what an engine reads off a page, and the result file that is made of it.

The result file is JSON in UTF-8 with camelCase names; its JSON Schema is in ``resources/schemas`` (generated
from these classes). Boxes are ``(x, y, width, height)`` in pixels of the image as shown upright, with the
origin at the top left.
"""

import hashlib
from typing import Annotated

import msgspec
from msgspec import Meta

Unit = Annotated[float, Meta(ge=0.0, le=1.0)]
"""A share between 0 and 1."""

Box = tuple[int, int, int, int]
"""``(x, y, width, height)`` in pixels of the upright image."""

SCHEMA_ID = "urn:ocr-desktop:schema:result:1"
FILE_VERSION = "1.0"
_ROTATION = "rotation"
"""Name of the setting that is only there where the user has turned the image."""
_TURNS = (90, 180, 270)


class Word(msgspec.Struct, frozen=True, rename="camel"):
    """One word."""

    text: str
    confidence: Unit
    box: Box
    line: int
    """Index into the page's ``lines``."""
    block: int
    """Index into the page's ``blocks``."""


class Line(msgspec.Struct, frozen=True, rename="camel"):
    """One line of text."""

    box: Box
    block: int
    """Index into the page's ``blocks``."""
    paragraph: int
    """Number of the paragraph within its block, from 0."""


class Block(msgspec.Struct, frozen=True, rename="camel"):
    """One block of the layout."""

    box: Box


class Recognition(msgspec.Struct, frozen=True):
    """What an engine reads off one image in one go."""

    text: str
    """The whole text, lines ended by newlines, exactly as the engine gives it."""
    words: tuple[Word, ...] = ()
    lines: tuple[Line, ...] = ()
    blocks: tuple[Block, ...] = ()

    @property
    def confidence(self) -> float:
        """Mean confidence of the words, 0..1; 0 where there are none."""
        if not self.words:
            return 0.0
        return round(sum(word.confidence for word in self.words) / len(self.words), 4)


class Page(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One page of a result."""

    number: Annotated[int, Meta(ge=1)]
    width: Annotated[int, Meta(ge=1)]
    """Pixels, of the upright image."""
    height: Annotated[int, Meta(ge=1)]
    rotation: Annotated[int, Meta(ge=0, lt=360)] = 0
    """Degrees clockwise by which the stored pixels were turned to stand upright."""
    text: str
    confidence: Unit
    words: tuple[Word, ...] = ()
    lines: tuple[Line, ...] = ()
    blocks: tuple[Block, ...] = ()


class Source(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The image file that a result belongs to."""

    name: str
    size: Annotated[int, Meta(ge=0)]
    """Bytes."""
    modified: str
    """ISO 8601, UTC."""
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class EngineStamp(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Which engine read the image."""

    name: str
    version: str
    languages: tuple[str, ...]


class Settings(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The settings that shape the text. Two results of equal fingerprint were made alike."""

    fingerprint: Annotated[str, Meta(pattern="^[0-9a-f]{16}$")]
    values: dict[str, str | int | float | bool]

    @classmethod
    def of(cls, values: dict[str, str | int | float | bool]) -> "Settings":
        """Return the settings with their fingerprint: SHA-256 over sorted JSON, the first 16 digits."""
        canonical = msgspec.json.encode(values, order="deterministic")
        return cls(fingerprint=hashlib.sha256(canonical).hexdigest()[:16], values=values)

    def turned(self, degrees: int) -> "Settings":
        """Return the settings for an image that the user has turned clockwise; for 0 degrees the same."""
        return Settings.of({**self.values, _ROTATION: degrees}) if degrees else self

    @property
    def rotation(self) -> int:
        """Degrees clockwise by which the user had the upright image turned; 0 if there was no such hint."""
        degrees = self.values.get(_ROTATION, 0)
        return int(degrees) if degrees in _TURNS else 0


class Correction(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The text as a person has corrected it."""

    text: str
    """The whole text; it stands for the engine's own wherever a text is shown, searched or exported."""
    saved_at: str
    """ISO 8601, UTC."""
    based_on: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    """SHA-256 of the engine's own text that was corrected, in hexadecimal (see :func:`text_hash`)."""


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


class ResultDocument(msgspec.Struct, frozen=True, rename="camel", kw_only=True, omit_defaults=True):
    """The result file of one image.

    A file without a correction does not mention one. The other defaults come from functions, because those
    are always written.
    """

    schema: str = msgspec.field(default_factory=lambda: SCHEMA_ID)
    file_version: str = msgspec.field(default_factory=lambda: FILE_VERSION)
    image_path: str
    saved_at: str
    """ISO 8601, UTC."""
    model_used: str
    """Engine, version and languages, for people."""
    confidence: Unit
    """Mean confidence of all words."""
    text: str
    """The text of all pages, separated by form feeds, as the engine gave it."""
    correction: Correction | None = None
    """What a person has made of it, if anybody has; kept by a new reading of the same image."""
    processing_time_ms: Annotated[int, Meta(ge=0)]
    source: Source
    engine: EngineStamp
    settings: Settings
    pages: tuple[Page, ...]

    @property
    def best_text(self) -> str:
        """The corrected text where there is one, else the engine's own."""
        return self.text if self.correction is None else self.correction.text

    @property
    def is_correction_current(self) -> bool:
        """Whether the correction, if there is one, was made of this very text, and not of an earlier one."""
        return self.correction is None or self.correction.based_on == text_hash(self.text)
