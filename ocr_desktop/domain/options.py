"""Run options: one frozen, typed model that feeds window, command line and store.

Every setting is declared once, with its type, default, range, label and help. Front ends build their
controls from :func:`describe_settings`.
"""

import re
import types
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from ocr_desktop.domain.errors import UsageError

MOST_WORKERS: Final = 60
"""Windows can wait for 63 things at once, and each worker is one."""


class EngineChoice(StrEnum):
    """Which OCR engine to use."""

    AUTO = "auto"
    EMBEDDED = "embedded"
    SYSTEM = "system"


class Overwrite(StrEnum):
    """What to do where a result already exists."""

    SKIP = "skip"
    OVERWRITE = "overwrite"
    SUFFIX = "suffix"


class Redo(StrEnum):
    """Which results that are already there to make again although ``skip`` is chosen."""

    NONE = "none"
    STALE = "stale"
    FAILED = "failed"


class OutputFormat(StrEnum):
    """Kinds of result files."""

    JSON = "json"
    TXT = "txt"


class RunOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a batch is run. Make one with :meth:`from_values` where the values come from outside."""

    languages: Annotated[
        tuple[Annotated[str, Meta(pattern=r"^[A-Za-z0-9_/-]+\Z")], ...],
        Meta(
            min_length=1,
            title="Languages",
            description="Languages of the text, most frequent first, e.g. eng+deu.",
        ),
    ] = ("eng",)
    engine: Annotated[
        EngineChoice,
        Meta(
            title="Engine",
            description="embedded: Tesseract inside this program; system: the Tesseract installed on this "
            "machine; auto: embedded where it has the languages, else system.",
        ),
    ] = EngineChoice.AUTO
    page_segmentation: Annotated[
        int,
        Meta(
            ge=1,
            le=13,
            title="Page segmentation mode",
            description="Tesseract's page segmentation mode: 3 finds the layout, 6 takes one block of text.",
        ),
    ] = 3
    overwrite: Annotated[
        Overwrite,
        Meta(
            title="Existing results",
            description="skip images that have a result, overwrite it, or add a numbered suffix.",
        ),
    ] = Overwrite.SKIP
    redo: Annotated[
        Redo,
        Meta(
            title="Read again",
            description="stale: with skip, read again what was read with other settings; failed: read only "
            "what failed in an earlier job.",
        ),
    ] = Redo.NONE
    formats: Annotated[
        tuple[OutputFormat, ...],
        Meta(min_length=1, title="Result files", description="Which result files to write, e.g. json,txt."),
    ] = (OutputFormat.JSON, OutputFormat.TXT)
    output_dir: Annotated[
        Annotated[str, Meta(min_length=1)] | None,
        Meta(
            title="Output folder",
            description="Write results into a mirrored tree under this folder, not beside the images.",
        ),
    ] = None
    recursive: Annotated[bool, Meta(title="Subfolders", description="Look for images in subfolders too.")] = (
        True
    )
    jobs: Annotated[
        Annotated[int, Meta(ge=1, le=MOST_WORKERS)] | None,
        Meta(
            title="Workers",
            description="How many images are read at the same time; one a processor core if not given.",
        ),
    ] = None
    chunk_size: Annotated[
        int,
        Meta(
            ge=1,
            le=10_000,
            title="Chunk size",
            description="How many images are loaded from the job and committed at a time.",
        ),
    ] = 50
    retries: Annotated[
        int,
        Meta(
            ge=0,
            le=10,
            title="Retries",
            description="How often a failed image is tried again where that can help.",
        ),
    ] = 2
    timeout: Annotated[
        float,
        Meta(
            ge=0.1,
            le=86_400.0,
            title="Time limit",
            description="Seconds that one page may take before it is given up.",
        ),
    ] = 120.0
    worker_memory: Annotated[
        Annotated[int, Meta(ge=256, le=1_000_000)] | None,
        Meta(
            title="Memory per worker",
            description="Megabytes that reading one image may take; a share of this machine's memory, at "
            "least 1,024, if not given.",
        ),
    ] = None
    max_megapixels: Annotated[
        float,
        Meta(
            gt=0.0,
            le=2_000.0,
            title="Largest image",
            description="Images of more megapixels than this are refused, to protect memory.",
        ),
    ] = 200.0

    @classmethod
    def from_values(cls, values: Mapping[str, object]) -> "RunOptions":
        """Build options from plain values (command line, settings file, store), checking every range.

        Raises:
            UsageError: If a name is unknown or a value is out of its range; says which.
        """
        try:
            options = msgspec.convert(dict(values), cls, strict=False)
        except msgspec.ValidationError as error:
            raise _explain(error) from error
        return msgspec.structs.replace(
            options,
            languages=tuple(dict.fromkeys(options.languages)),
            formats=tuple(dict.fromkeys(options.formats)),
        )

    @property
    def language_code(self) -> str:
        """The languages as Tesseract writes them: ``eng+deu``."""
        return "+".join(self.languages)


class SettingInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What a front end needs to know about one setting to show a control for it."""

    name: str
    label: str
    help: str
    default: object
    minimum: float | None
    maximum: float | None
    choices: tuple[str, ...]
    """The allowed values, for settings that have a fixed list; else empty."""


def describe_settings() -> dict[str, SettingInfo]:
    """Return name -> description of every setting of :class:`RunOptions`, in the order of declaration."""
    hints = get_type_hints(RunOptions, include_extras=True)
    return {
        field.name: _describe(field.name, hints[field.name], field.default)
        for field in msgspec.structs.fields(RunOptions)
    }


def _explain(error: msgspec.ValidationError) -> UsageError:
    """Say in plain words which setting has a value that it cannot have."""
    place = re.search(r"`\$\.(\w+)", str(error))
    setting = describe_settings().get(place[1]) if place else None
    if setting is None:
        unknown = re.search(r"unknown field `(\w+)`", str(error))
        return UsageError(
            f"There is no setting “{unknown[1] if unknown else error}”.", remedy="Leave it out."
        )
    if setting.minimum is not None and setting.maximum is not None:
        problem = f"must be from {setting.minimum:g} to {setting.maximum:g}"
    elif setting.choices:
        problem = f"must be of: {', '.join(setting.choices)}"
    else:
        problem = "cannot have this value"
    return UsageError(f"“{setting.label}” ({setting.name}) {problem}.", remedy=setting.help)


def _describe(name: str, hint: Any, default: object) -> SettingInfo:  # noqa: ANN401 - a type expression
    plain, meta = get_args(hint)
    limits = _limits(plain, meta)
    return SettingInfo(
        name=name,
        label=meta.title,
        help=meta.description,
        default=default,
        minimum=limits.ge if limits.ge is not None else limits.gt,
        maximum=limits.le,
        choices=_choices(plain),
    )


def _limits(plain: Any, meta: Meta) -> Meta:  # noqa: ANN401 - a type expression
    """Return the range, which sits one level deeper for a setting that may also be None."""
    inner = [part for part in get_args(plain) if get_origin(part) is Annotated]
    is_optional = isinstance(plain, types.UnionType) or get_origin(plain) is Union
    return get_args(inner[0])[1] if is_optional and inner else meta


def _choices(hint: Any) -> tuple[str, ...]:  # noqa: ANN401 - a type expression
    for candidate in (hint, *get_args(hint)):
        if isinstance(candidate, type) and issubclass(candidate, StrEnum):
            return tuple(candidate)
    return ()
