"""Skip detector: has this very image been read already, and where may its result go?

An image counts as read only if a result exists that parses and was made of the same content (SHA-256),
whatever the dates say. A result made with other settings still counts, and is called stale.
"""

import hashlib
import os
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from ocr_desktop.domain.items import ImageItem
from ocr_desktop.domain.naming import display_name, one_line, plan_stems, printable, result_name
from ocr_desktop.domain.options import OutputFormat, Overwrite, Redo, RunOptions
from ocr_desktop.domain.results import ResultDocument, Source
from ocr_desktop.services.file_state import FileState, read_with_state, state_of
from ocr_desktop.services.known_results import KnownFile, KnownResult
from ocr_desktop.services.result_reader import DamagedResultError, decode_result
from ocr_desktop.services.text_result import ResultProof, decode_text_proof, encode_text


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

    @property
    def may_skip(self) -> bool:
        """Whether any image may be skipped at all."""
        return self._options.overwrite is Overwrite.SKIP

    def has_result(self, item: ImageItem) -> bool:
        """Whether a file has the best name that a result of the image may have, and so is worth a look."""
        return os.path.lexists(self._files(item, item.result_stems[0])[-1])

    def examine(self, item: ImageItem, source: Source, state: FileState | None = None) -> Verdict:
        """Return the verdict on an image whose file is described by ``source``.

        Args:
            item: The image.
            source: What its file is like.
            state: Of the file when its hash was taken; without it the verdict is not to be remembered.
        """
        stems = _known_stems(item)
        # Asked before the look: a name that another run takes in between must still count as free.
        were_free = {stem for stem in stems if not self._is_taken(item.output_dir, stem, 1)}
        findings: dict[str, _Finding] = {}
        for stem in stems:
            findings[stem] = self._look(item, source, stem)
            if findings[stem].kind is _Kind.SAME and self.may_skip:
                known = self._to_remember(findings[stem], stems, source, state)
                verdict = self._judge_own(findings[stem], stem, known)
                if verdict.skip:
                    return verdict
                break
        for stem in stems[len(findings) :]:
            findings[stem] = self._look(item, source, stem)
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
        return self._judge_own(own[0], stem, self._to_remember(own[0], stems, source, state))

    def recall(self, item: ImageItem, known: KnownResult) -> Verdict | None:
        """Return the verdict to skip that :meth:`examine` would give, without reading a file.

        Returns None where a file has changed, or the image is not to be skipped.
        """
        stem = self._recalled_stem(item, known)
        if stem is None or state_of(item.path) != known.image:
            return None
        known_files = {file.extension: file for file in known.files}
        paths = self._files(item, stem)
        hashes: list[str] = []
        for extension, path in zip(self._formats, paths, strict=True):
            file = known_files.get(extension)
            if file is None or state_of(path) != file.state:
                return None
            hashes.append(file.sha256.hex())
        own = _Finding(
            _Kind.SAME,
            stem,
            stale=known.fingerprint != self._fingerprint,
            confidence=known.confidence,
            files=paths,
            hashes=tuple(hashes),
        )
        verdict = self._judge_own(own, stem, None)
        return verdict if verdict.skip else None

    def expect(
        self, item: ImageItem, source: Source, state: FileState, files: Mapping[str, str], confidence: float
    ) -> KnownResult | None:
        """Return what is known of an image that has just been read, but for its result files.

        Returns None where the next look would not find them, or not say the same.

        Args:
            item: The image.
            source: What its file is like.
            state: Of the file when its hash was taken.
            files: Paths and hashes of the result files, as they were saved.
            confidence: Of the result.
        """
        stems = _known_stems(item)
        paths = tuple(files)
        stem = next((number for number, stem in enumerate(stems) if self._files(item, stem) == paths), -1)
        # A TXT tells the confidence less precisely.
        if stem < 0 or not all(files.values()) or self._proving is not OutputFormat.JSON:
            return None
        return KnownResult(
            image=state,
            sha256=bytes.fromhex(source.sha256),
            stem=stem,
            proved_by=self._proving.value,
            fingerprint=self._fingerprint,
            confidence=confidence,
            files=(),
        )

    def _recalled_stem(self, item: ImageItem, known: KnownResult) -> str | None:
        """Return the name under which the known result would be the first that counts, if it would."""
        if self._options.overwrite is not Overwrite.SKIP or known.proved_by != self._proving.value:
            return None
        stems = item.result_stems if known.stem < len(item.result_stems) else _known_stems(item)
        if known.stem >= len(stems):
            return None
        earlier = stems[: known.stem]
        is_first = not any(self._is_taken(item.output_dir, stem, 1) for stem in earlier)
        return stems[known.stem] if is_first else None

    def _to_remember(
        self, own: "_Finding", stems: tuple[str, ...], source: Source, state: FileState | None
    ) -> KnownResult | None:
        if state is None or own.gap or None in own.states:
            return None
        return KnownResult(
            image=state,
            sha256=bytes.fromhex(source.sha256),
            stem=stems.index(own.stem),
            proved_by=self._proving.value,
            fingerprint=own.fingerprint,
            confidence=own.confidence,
            files=tuple(
                KnownFile(extension, bytes.fromhex(sha256), each)
                for extension, sha256, each in zip(self._formats, own.hashes, own.states, strict=True)
                if each is not None
            ),
        )

    def _judge_own(self, own: "_Finding", stem: str, known: KnownResult | None) -> Verdict:
        if own.gap:
            return Verdict(skip=False, reason=own.gap, stale=own.stale, stem=own.stem)
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
            hashes=own.hashes,
            known=known,
            stem=stem,
        )

    def _look(self, item: ImageItem, source: Source, stem: str) -> "_Finding":
        try:
            evidence = _read_evidence(item.output_dir, stem, self._proving)
        except FileNotFoundError:
            return self._look_beside(item, source, stem)
        except DamagedResultError:
            return _Finding(_Kind.DAMAGED, stem)
        proof = evidence.proof
        if _is_foreign(proof, item, source, stem):
            return _Finding(_Kind.FOREIGN, stem)
        if proof.sha256 != source.sha256:
            return _Finding(_Kind.CHANGED, stem)
        own = _Finding(
            _Kind.SAME,
            stem,
            stale=proof.fingerprint != self._fingerprint,
            confidence=proof.confidence,
            fingerprint=proof.fingerprint,
            files=self._files(item, stem),
        )
        return _complete(own, self._formats, evidence)

    def _files(self, item: ImageItem, stem: str) -> tuple[str, ...]:
        return tuple(os.path.join(item.output_dir, result_name(stem, each)) for each in self._formats)

    def _look_beside(self, item: ImageItem, source: Source, stem: str) -> "_Finding":
        """Where the file that proves is missing, see whether its companion belongs to another image."""
        try:
            proof = _read_evidence(item.output_dir, stem, self._other).proof
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
    confidence: float = 0.0
    fingerprint: str = ""
    files: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    """Of the files; empty where one could not be read."""
    states: tuple[FileState | None, ...] = ()
    """Of the files; None for one that could not be read or has not settled."""
    gap: str = ""
    """What is wrong with a file that goes with the one that proves; a whole sentence."""


class _Evidence(msgspec.Struct, frozen=True):
    """What a result file says of its image, and what the file itself is like."""

    proof: ResultProof
    content: bytes
    state: FileState | None
    document: ResultDocument | None = None
    """For a JSON result."""


def _complete(own: _Finding, formats: tuple[str, ...], evidence: _Evidence) -> _Finding:
    """Add to a finding what the wanted files are like: the one that proves, and its companion."""
    hashes: list[str] = []
    states: list[FileState | None] = []
    for extension, path in zip(formats, own.files, strict=True):
        content, state = evidence.content, evidence.state
        if evidence.document is not None and extension == OutputFormat.TXT:
            try:
                content, state = read_with_state(path)
            except FileNotFoundError:
                return msgspec.structs.replace(own, gap="The TXT result is missing.")
            except OSError:
                return msgspec.structs.replace(own, states=(None,))
            if _is_cut_off(content, evidence.document):
                return msgspec.structs.replace(own, gap="The TXT result is cut off.")
        hashes.append(hashlib.sha256(content).hexdigest())
        states.append(state)
    return msgspec.structs.replace(own, hashes=tuple(hashes), states=tuple(states))


def _is_cut_off(text: bytes, document: ResultDocument) -> bool:
    """Whether a TXT result is but the beginning of what was written; one that somebody edited is not."""
    whole = encode_text(document)
    return len(text) < len(whole) and whole.startswith(text)


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


def _read_evidence(folder: str, stem: str, output: OutputFormat) -> _Evidence:
    """Read a result file.

    Raises:
        FileNotFoundError: If there is no such file.
        DamagedResultError: If it is no result file.
    """
    path = os.path.join(folder, result_name(stem, output.value))
    try:
        content, state = read_with_state(path)
    except FileNotFoundError:
        raise
    except OSError as error:
        name = display_name(path)
        raise DamagedResultError(f"The result file “{name}” cannot be read ({error.strerror}).") from error
    if output is OutputFormat.JSON:
        document = decode_result(content, display_name(path))
        proof = ResultProof(
            one_line(document.image_path),
            document.source.sha256,
            document.settings.fingerprint,
            document.confidence,
        )
        return _Evidence(proof, content, state, document)
    header = decode_text_proof(content)
    if header is None:
        raise DamagedResultError(f"“{display_name(path)}” is not a result of this program.")
    return _Evidence(header, content, state)


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
