"""Skip detector: has this very image been read already, and where may its result go?

An image counts as read only if a result exists that parses and was made of the same content (SHA-256),
whatever the dates say. A result made with other settings still counts, and is called stale.
"""

import os
from enum import StrEnum

import msgspec

from ocr_desktop.domain.items import ImageItem
from ocr_desktop.domain.naming import display_name, one_line, plan_stems, printable, result_name
from ocr_desktop.domain.options import OutputFormat, Overwrite, Redo, RunOptions
from ocr_desktop.domain.results import Source
from ocr_desktop.services.result_reader import DamagedResultError, read_result
from ocr_desktop.services.text_result import ResultProof, read_text_proof


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What to do with an image, and why."""

    skip: bool
    reason: str
    """A whole sentence."""
    stale: bool = False
    """Whether there is a result of this image that was made with other settings."""
    confidence: float | None = None
    """Of the result that leads to the skip, 0..1."""
    files: tuple[str, ...] = ()
    """The result files that lead to the skip."""
    stem: str = ""
    """What the names of new result files begin with."""
    number: int = 1
    """Number of the new result; from 2 on it is part of the name."""
    exclusive: bool = False
    """Whether no file had that name, so that one which comes up meanwhile is not to be replaced."""


class SkipDetector:
    """Judges one image after another; keeps nothing between them."""

    def __init__(self, options: RunOptions, fingerprint: str) -> None:
        """Judge by ``options`` and by the fingerprint of the settings that would be used now."""
        self._options = options
        self._fingerprint = fingerprint
        self._formats = tuple(output.value for output in options.formats)
        by_json = OutputFormat.JSON in options.formats
        self._proving = OutputFormat.JSON if by_json else OutputFormat.TXT
        self._other = OutputFormat.TXT if by_json else OutputFormat.JSON

    def examine(self, item: ImageItem, source: Source) -> Verdict:
        """Return the verdict on an image whose file is described by ``source``."""
        stems = _known_stems(item)
        # Asked before the look: a name that another run takes in between must still count as free.
        were_free = {stem for stem in stems if not self._is_taken(item.output_dir, stem, 1)}
        findings = {stem: self._look(item, source, stem) for stem in stems}
        stem = _free_stem(item, findings)
        is_free = stem in were_free
        if self._options.overwrite is Overwrite.SUFFIX:
            number = self._free_number(item.output_dir, stem)
            reason = "A new result is added."
            return Verdict(skip=False, reason=reason, stem=stem, number=number, exclusive=True)
        if self._options.overwrite is Overwrite.OVERWRITE:
            return Verdict(skip=False, reason="Results are overwritten.", stem=stem, exclusive=is_free)
        own = [finding for finding in findings.values() if finding.kind is _Kind.SAME]
        if not own:
            reason = _reason_to_read(list(findings.values()))
            return Verdict(skip=False, reason=reason, stem=stem, exclusive=is_free)
        return self._judge_own(own[0], stem)

    def _judge_own(self, own: "_Finding", stem: str) -> Verdict:
        if own.missing:
            reason = f"The {' and '.join(own.missing).upper()} result is missing."
            return Verdict(skip=False, reason=reason, stale=own.stale, stem=own.stem)
        if own.stale and self._options.redo is Redo.STALE:
            return Verdict(skip=False, reason="It was read with other settings.", stale=True, stem=own.stem)
        reason = (
            "Already read, but with other settings (stale)."
            if own.stale
            else "Already read with these settings."
        )
        return Verdict(
            skip=True,
            reason=reason,
            stale=own.stale,
            confidence=own.confidence,
            files=own.files,
            stem=stem,
        )

    def _look(self, item: ImageItem, source: Source, stem: str) -> "_Finding":
        try:
            proof = _read_proof(item.output_dir, stem, self._proving)
        except FileNotFoundError:
            return self._look_beside(item, source, stem)
        except DamagedResultError:
            return _Finding(_Kind.DAMAGED, stem)
        if _is_foreign(proof, item, source, stem):
            return _Finding(_Kind.FOREIGN, stem)
        if proof.sha256 != source.sha256:
            return _Finding(_Kind.CHANGED, stem)
        files = tuple(
            os.path.join(item.output_dir, result_name(stem, extension)) for extension in self._formats
        )
        return _Finding(
            _Kind.SAME,
            stem,
            stale=proof.fingerprint != self._fingerprint,
            confidence=proof.confidence,
            files=files,
            missing=tuple(
                extension
                for extension, file in zip(self._formats, files, strict=True)
                if not os.path.exists(file)
            ),
        )

    def _look_beside(self, item: ImageItem, source: Source, stem: str) -> "_Finding":
        """Where the file that proves is missing, see whether its companion belongs to another image."""
        try:
            proof = _read_proof(item.output_dir, stem, self._other)
        except (FileNotFoundError, DamagedResultError):
            return _Finding(_Kind.NONE, stem)
        return _Finding(_Kind.FOREIGN if _is_foreign(proof, item, source, stem) else _Kind.NONE, stem)

    def _free_number(self, folder: str, stem: str) -> int:
        number = 1
        while self._is_taken(folder, stem, number):
            number += 1
        return number

    def _is_taken(self, folder: str, stem: str, number: int) -> bool:
        return any(
            os.path.lexists(os.path.join(folder, result_name(stem, output.value, number)))
            for output in OutputFormat
        )


class _Kind(StrEnum):
    NONE = "none"
    DAMAGED = "damaged"
    FOREIGN = "foreign"
    """A result of some other image."""
    CHANGED = "changed"
    """A result of this image as it was before somebody changed it."""
    SAME = "same"


class _Finding(msgspec.Struct, frozen=True):
    """What sits at one of the names that a result may have."""

    kind: _Kind
    stem: str
    stale: bool = False
    confidence: float | None = None
    files: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def _is_foreign(proof: ResultProof, item: ImageItem, source: Source, stem: str) -> bool:
    """Whether a result is of some other image; under a planned name its content may vouch for it."""
    is_same_content = proof.sha256 == source.sha256
    if os.path.basename(proof.path) == one_line(source.name):
        return not is_same_content and _is_elsewhere(proof, item)
    return not is_same_content or stem not in item.result_stems


def _is_elsewhere(proof: ResultProof, item: ImageItem) -> bool:
    """Whether the result is of an image of the same name in another folder, whose results go here too."""
    is_mirrored = item.output_dir != os.path.dirname(item.path)
    is_other = proof.path != one_line(printable(item.path))
    return is_mirrored and is_other and os.path.exists(proof.path)


def _read_proof(folder: str, stem: str, output: OutputFormat) -> ResultProof:
    """Return what a result file says of its image.

    Raises:
        FileNotFoundError: If there is no such file.
        DamagedResultError: If it is no result file.
    """
    path = os.path.join(folder, result_name(stem, output.value))
    if output is OutputFormat.JSON:
        document = read_result(path)
        return ResultProof(
            one_line(document.image_path),
            document.source.sha256,
            document.settings.fingerprint,
            document.confidence,
        )
    proof = read_text_proof(path)
    if proof is None:
        raise DamagedResultError(f"“{display_name(path)}” is not a result of this program.")
    return proof


def _known_stems(item: ImageItem) -> tuple[str, ...]:
    """The names that are planned now, then those that were used before other images joined the folder."""
    alone = plan_stems([item.name])[item.name]
    return tuple(dict.fromkeys((*item.result_stems, *alone)))


def _free_stem(item: ImageItem, findings: dict[str, _Finding]) -> str:
    """The best planned name that no other image's result sits on."""
    free = (stem for stem in item.result_stems if findings[stem].kind is not _Kind.FOREIGN)
    return next(free, item.result_stems[-1])


def _reason_to_read(findings: list[_Finding]) -> str:
    kinds = {finding.kind for finding in findings}
    if _Kind.CHANGED in kinds:
        return "The image has changed since it was read."
    if _Kind.DAMAGED in kinds:
        return "Its result file is damaged."
    if _Kind.FOREIGN in kinds:
        return "The result file of that name belongs to another image."
    return "It has not been read yet."
