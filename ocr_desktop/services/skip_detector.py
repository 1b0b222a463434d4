"""Skip detector: has this very image been read already, and where may its result go?

An image counts as read only if a result exists that parses and was made of the same content (SHA-256),
whatever the dates say. A result made with other settings still counts, and is called stale; but where the
user has turned the image, only one that was read when it was turned like that does.
"""

import os
from collections.abc import Mapping

import msgspec

from ocr_desktop.domain.items import ROTATIONS, ImageItem
from ocr_desktop.domain.naming import result_name
from ocr_desktop.domain.options import OutputFormat, Overwrite, Redo, RunOptions
from ocr_desktop.domain.results import ResultDocument, Settings, Source
from ocr_desktop.services.earlier_results import EarlierKind, EarlierResult, EarlierResults
from ocr_desktop.services.file_state import FileState, state_of
from ocr_desktop.services.known_results import KnownFile, KnownResult
from ocr_desktop.services.result_ownership import known_stems


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
    hashes: tuple[str, ...] = ()
    """SHA-256 of each of these files, in hexadecimal; empty where one could not be read."""
    known: KnownResult | None = None
    """What to remember, so that the next look at the image is a quick one; None where that is not safe."""
    stem: str = ""
    """What the names of new result files begin with."""
    earlier_stem: str = ""
    """What the names of a result that is to be overwritten begin with, where it may lie under other names."""
    number: int = 1
    """Number of the new result; from 2 on it is part of the name."""
    rotation: int = 0
    """How the image was turned for the result that is made again; to be kept if nobody says otherwise."""
    is_turned: bool = False
    """Whether it is to be read again because the user has turned the image."""
    exclusive: bool = False
    """Whether no file had that name, so that one which comes up meanwhile is not to be replaced."""


class SkipDetector:
    """Judges one image after another; keeps nothing between them."""

    def __init__(self, options: RunOptions, settings: Settings) -> None:
        """Judge by ``options`` and by the settings that would be used now for an image nobody has turned."""
        self._options = options
        fingerprints = {degrees: settings.turned(degrees).fingerprint for degrees in ROTATIONS}
        self._earlier = EarlierResults(options.formats, fingerprints)

    @property
    def may_skip(self) -> bool:
        """Whether any image may be skipped at all."""
        return self._options.overwrite is Overwrite.SKIP

    def has_result(self, item: ImageItem) -> bool:
        """Whether a file has the best name that a result of the image may have, and so is worth a look."""
        return os.path.lexists(self._earlier.files(item, item.result_stems[0])[-1])

    def examine(self, item: ImageItem, source: Source, state: FileState | None = None) -> Verdict:
        """Return the verdict on an image whose file is described by ``source``.

        Args:
            item: The image.
            source: What its file is like.
            state: Of the file when its hash was taken; without it the verdict is not to be remembered.
        """
        stems = known_stems(item)
        # Asked before the look: a name that another run takes in between must still count as free.
        were_free = {stem for stem in stems if not self._is_taken(item.output_dir, stem, 1)}
        findings: dict[str, EarlierResult] = {}
        for stem in stems:
            findings[stem] = self._earlier.look(item, source, stem)
            if findings[stem].kind is EarlierKind.SAME and self.may_skip:
                known = self._to_remember(findings[stem], stems, source, state)
                verdict = self._judge_own(item, findings[stem], stem, known)
                if verdict.skip:
                    return verdict
                break
        for stem in stems[len(findings) :]:
            findings[stem] = self._earlier.look(item, source, stem)
        stem = _free_stem(item, findings)
        is_free = stem in were_free
        if self._options.overwrite is Overwrite.SUFFIX:
            number = self._free_number(item.output_dir, stem)
            reason = "A new result is added."
            return Verdict(skip=False, reason=reason, stem=stem, number=number, exclusive=True)
        if self._options.overwrite is Overwrite.OVERWRITE:
            earlier = next((each for each in findings.values() if each.kind is EarlierKind.SAME), None)
            return Verdict(
                skip=False,
                reason="Results are overwritten.",
                stem=stem,
                earlier_stem=earlier.stem if earlier else "",
                exclusive=is_free,
            )
        own = [finding for finding in findings.values() if finding.kind is EarlierKind.SAME]
        if not own:
            reason = _reason_to_read(list(findings.values()))
            return Verdict(skip=False, reason=reason, stem=stem, exclusive=is_free)
        return self._judge_own(item, own[0], stem, self._to_remember(own[0], stems, source, state))

    def recall(self, item: ImageItem, known: KnownResult) -> Verdict | None:
        """Return the verdict to skip that :meth:`examine` would give, without reading a file.

        Returns None where a file has changed, or the image is not to be skipped.
        """
        stem = self._recalled_stem(item, known)
        if stem is None or state_of(item.path) != known.image:
            return None
        known_files = {file.extension: file for file in known.files}
        paths = self._earlier.files(item, stem)
        hashes: list[str] = []
        for extension, path in zip(self._earlier.formats, paths, strict=True):
            file = known_files.get(extension)
            if file is None or state_of(path) != file.state:
                return None
            hashes.append(file.sha256.hex())
        own = EarlierResult(
            EarlierKind.SAME,
            stem,
            stale=self._earlier.is_stale(item, known.fingerprint, known.rotation),
            rotation=known.rotation,
            confidence=known.confidence,
            files=paths,
            hashes=tuple(hashes),
        )
        verdict = self._judge_own(item, own, stem, None)
        return verdict if verdict.skip else None

    def expect(
        self, item: ImageItem, state: FileState, files: Mapping[str, str], document: ResultDocument
    ) -> KnownResult | None:
        """Return what is known of an image that has just been read, but for its result files.

        Returns None where the next look would not find them, or not say the same.

        Args:
            item: The image.
            state: Of its file when its hash was taken.
            files: Paths and hashes of the result files, as they were saved.
            document: The result.
        """
        stems = known_stems(item)
        paths = tuple(files)
        stem = next(
            (number for number, stem in enumerate(stems) if self._earlier.files(item, stem) == paths), -1
        )
        # A TXT tells the confidence less precisely.
        if stem < 0 or not all(files.values()) or self._earlier.proving is not OutputFormat.JSON:
            return None
        return KnownResult(
            image=state,
            sha256=bytes.fromhex(document.source.sha256),
            stem=stem,
            proved_by=self._earlier.proving.value,
            fingerprint=document.settings.fingerprint,
            confidence=document.confidence,
            files=(),
            rotation=document.settings.rotation,
        )

    def _recalled_stem(self, item: ImageItem, known: KnownResult) -> str | None:
        """Return the name under which the known result would be the first that counts, if it would."""
        if self._options.overwrite is not Overwrite.SKIP or known.proved_by != self._earlier.proving.value:
            return None
        stems = item.result_stems if known.stem < len(item.result_stems) else known_stems(item)
        if known.stem >= len(stems):
            return None
        earlier = stems[: known.stem]
        is_first = not any(self._is_taken(item.output_dir, stem, 1) for stem in earlier)
        return stems[known.stem] if is_first else None

    def _to_remember(
        self, own: EarlierResult, stems: tuple[str, ...], source: Source, state: FileState | None
    ) -> KnownResult | None:
        if state is None or own.gap or None in own.states:
            return None
        return KnownResult(
            image=state,
            sha256=bytes.fromhex(source.sha256),
            stem=stems.index(own.stem),
            proved_by=self._earlier.proving.value,
            fingerprint=own.fingerprint,
            confidence=own.confidence,
            files=tuple(
                KnownFile(extension, bytes.fromhex(sha256), each)
                for extension, sha256, each in zip(self._earlier.formats, own.hashes, own.states, strict=True)
                if each is not None
            ),
            rotation=own.rotation,
        )

    def _judge_own(
        self, item: ImageItem, own: EarlierResult, stem: str, known: KnownResult | None
    ) -> Verdict:
        if own.gap:
            return Verdict(skip=False, reason=own.gap, stale=own.stale, stem=own.stem)
        if item.rotation not in {0, own.rotation}:
            reason = f"It was read again, turned by {item.rotation}°: before, it was {_turned(own.rotation)}."
            return Verdict(skip=False, reason=reason, stale=True, is_turned=True, stem=own.stem)
        if own.stale and self._options.redo is Redo.STALE:
            reason = "It was read with other settings."
            return Verdict(skip=False, reason=reason, stale=True, stem=own.stem, rotation=own.rotation)
        return Verdict(
            skip=True,
            reason=_reason_to_skip(item, own),
            stale=own.stale,
            confidence=own.confidence,
            files=own.files,
            hashes=own.hashes,
            known=known,
            stem=stem,
        )

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


def _turned(degrees: int) -> str:
    return f"turned by {degrees}°" if degrees else "not turned"


def _free_stem(item: ImageItem, findings: dict[str, EarlierResult]) -> str:
    """The best planned name that no other image's result sits on."""
    free = (stem for stem in item.result_stems if findings[stem].kind is not EarlierKind.FOREIGN)
    return next(free, item.result_stems[-1])


def _reason_to_skip(item: ImageItem, own: EarlierResult) -> str:
    how = ", but with other settings (stale)" if own.stale else " with these settings"
    if own.rotation and not item.rotation:
        return f"Already read{how}, turned by {own.rotation}°. Overwrite its result to read it as it is."
    return f"Already read{how}."


def _reason_to_read(findings: list[EarlierResult]) -> str:
    kinds = {finding.kind for finding in findings}
    if EarlierKind.CHANGED in kinds:
        return "The image has changed since it was read."
    if EarlierKind.DAMAGED in kinds:
        return "Its result file is damaged."
    if EarlierKind.FOREIGN in kinds:
        return "The result file of that name belongs to another image."
    return "It has not been read yet."
