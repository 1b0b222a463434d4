"""Earlier results: what sits at the names that results of an image may have.

Reads files and says what it finds; what follows from it is for the skip detector to judge.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec

from ocr_desktop.domain.items import ImageItem
from ocr_desktop.domain.naming import display_name, result_name
from ocr_desktop.domain.options import OutputFormat
from ocr_desktop.domain.results import ResultDocument, Source
from ocr_desktop.services.file_state import FileState, read_with_state
from ocr_desktop.services.result_encoding import result_hash, without_correction
from ocr_desktop.services.result_ownership import is_own
from ocr_desktop.services.result_reader import DamagedResultError, decode_result
from ocr_desktop.services.text_result import ResultProof, decode_text_proof, encode_text, proof_of


class EarlierKind(StrEnum):
    """What a result file that may be of the image turned out to be."""

    NONE = "none"
    DAMAGED = "damaged"
    FOREIGN = "foreign"
    """A result of some other image."""
    CHANGED = "changed"
    """A result of this image as it was before somebody changed it."""
    SAME = "same"


class EarlierResult(msgspec.Struct, frozen=True):
    """What sits at one of the names that a result may have."""

    kind: EarlierKind
    stem: str
    stale: bool = False
    rotation: int = 0
    confidence: float = 0.0
    fingerprint: str = ""
    files: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    """Of the files; empty where one could not be read."""
    states: tuple[FileState | None, ...] = ()
    """Of the files; None for one that could not be read or has not settled."""
    gap: str = ""
    """What is wrong with a file that goes with the one that proves; a whole sentence."""


class EarlierResults:
    """Looks at result files; keeps nothing between two looks."""

    def __init__(self, formats: Sequence[OutputFormat], fingerprints: Mapping[int, str]) -> None:
        """Look for files of these formats.

        Args:
            formats: In the order in which files are named; the JSON proves, where it is one of them.
            fingerprints: Of the settings that would be used now, by how the user has turned the image.
        """
        self.formats = tuple(output.value for output in formats)
        by_json = OutputFormat.JSON in formats
        self.proving = OutputFormat.JSON if by_json else OutputFormat.TXT
        self._other = OutputFormat.TXT if by_json else OutputFormat.JSON
        self._fingerprints = fingerprints

    def look(self, item: ImageItem, source: Source, stem: str) -> EarlierResult:
        """Return what sits at one of the names that a result of the image may have."""
        try:
            evidence = _read_evidence(item.output_dir, stem, self.proving)
        except FileNotFoundError:
            return self._look_beside(item, source, stem)
        except DamagedResultError:
            return EarlierResult(EarlierKind.DAMAGED, stem)
        proof = evidence.proof
        if not is_own(proof, item, source, stem):
            return EarlierResult(EarlierKind.FOREIGN, stem)
        if proof.sha256 != source.sha256:
            return EarlierResult(EarlierKind.CHANGED, stem)
        own = EarlierResult(
            EarlierKind.SAME,
            stem,
            stale=self.is_stale(item, proof.fingerprint, proof.rotation),
            rotation=proof.rotation,
            confidence=proof.confidence,
            fingerprint=proof.fingerprint,
            files=self.files(item, stem),
        )
        return _complete(own, self.formats, evidence)

    def files(self, item: ImageItem, stem: str) -> tuple[str, ...]:
        """Return the paths of the result files of that name."""
        return tuple(os.path.join(item.output_dir, result_name(stem, each)) for each in self.formats)

    def is_stale(self, item: ImageItem, fingerprint: str, rotation: int) -> bool:
        """Whether a result was made with other settings; that somebody had turned the image is none."""
        return fingerprint != self._fingerprints.get(item.rotation or rotation)

    def _look_beside(self, item: ImageItem, source: Source, stem: str) -> EarlierResult:
        """Where the file that proves is missing, see whether its companion belongs to another image."""
        try:
            proof = _read_evidence(item.output_dir, stem, self._other).proof
        except (FileNotFoundError, DamagedResultError):
            return EarlierResult(EarlierKind.NONE, stem)
        return EarlierResult(
            EarlierKind.NONE if is_own(proof, item, source, stem) else EarlierKind.FOREIGN, stem
        )


class _Evidence(msgspec.Struct, frozen=True):
    """What a result file says of its image, and what the file itself is like."""

    proof: ResultProof
    content: bytes
    state: FileState | None
    document: ResultDocument | None = None
    """For a JSON result."""


def _complete(own: EarlierResult, formats: tuple[str, ...], evidence: _Evidence) -> EarlierResult:
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
        if evidence.document is None:
            hashes.append(hashlib.sha256(content).hexdigest())
        else:
            hashes.append(result_hash(evidence.document, OutputFormat(extension), content))
        states.append(state)
    return msgspec.structs.replace(own, hashes=tuple(hashes), states=tuple(states))


def _is_cut_off(text: bytes, document: ResultDocument) -> bool:
    """Whether a TXT result is but the beginning of what was written; one that somebody edited is not."""
    wholes = [encode_text(document)]
    if document.correction is not None:
        wholes.append(encode_text(without_correction(document)))
    return any(len(text) < len(whole) and whole.startswith(text) for whole in wholes)


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
        return _Evidence(proof_of(document), content, state, document)
    header = decode_text_proof(content)
    if header is None:
        raise DamagedResultError(f"“{display_name(path)}” is not a result of this program.")
    return _Evidence(header, content, state)
