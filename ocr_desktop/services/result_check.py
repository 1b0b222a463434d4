"""Result check: are the result files of one image there, whole, and made of the image as it is now?

Reads files and says what it finds; changes nothing.
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from ocr_desktop.domain.errors import ItemError
from ocr_desktop.domain.items import ImageItem
from ocr_desktop.domain.naming import RESULT_MARK, display_name, fold, one_line, printable
from ocr_desktop.domain.results import SCHEMA_ID, ResultDocument, Source
from ocr_desktop.domain.verification import Finding, FindingKind
from ocr_desktop.services.file_state import read_with_state
from ocr_desktop.services.result_ownership import is_own, known_stems
from ocr_desktop.services.result_reader import DamagedResultError, read_result
from ocr_desktop.services.source_file import describe_source, open_source
from ocr_desktop.services.text_result import ResultProof, proof_of, read_text_proof

_RESULT_NAME = re.compile(
    rf"(?P<stem>.*)(?P<mark>{RESULT_MARK}(?:_\d+)?)\.(?P<extension>json|txt)", re.DOTALL
)
_SAVED_AT = re.compile(rb"Read: +(.*)\n")
_TEXT_BEGIN = b"-" * 72 + b"\n\n"


class ResultFiles(msgspec.Struct, frozen=True):
    """The files of one result: JSON, TXT, or both."""

    stem: str
    """What the names begin with."""
    mark: str
    """What follows the stem: ``_ocr_results``, or ``_ocr_results_2`` for a numbered result."""
    extensions: tuple[str, ...]
    """``json``, ``txt``, or both in this order."""

    def name(self, extension: str) -> str:
        """Return the name of the file with that extension."""
        return f"{self.stem}{self.mark}.{extension}"

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from every other result in its folder."""
        return self.stem, self.mark

    @property
    def first_name(self) -> str:
        """The name of the file that speaks for the result: the JSON where there is one."""
        return self.name(self.extensions[0])


class ResultListing:
    """The results in one folder, by name; none of them is opened."""

    def __init__(self, folder: str, names: Iterable[str]) -> None:
        """Sort out the results among all ``names`` in ``folder``."""
        self.folder = folder
        found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for name in names:
            match = _RESULT_NAME.fullmatch(name)
            if match:
                found[match["stem"], match["mark"]].add(match["extension"])
        self._by_stem: defaultdict[str, list[ResultFiles]] = defaultdict(list)
        for (stem, mark), extensions in sorted(found.items()):
            self._by_stem[fold(stem)].append(ResultFiles(stem, mark, tuple(sorted(extensions))))

    def __iter__(self) -> Iterator[ResultFiles]:
        """All of them."""
        for results in self._by_stem.values():
            yield from results

    def of(self, stem: str) -> list[ResultFiles]:
        """Return the results of that stem, numbered ones too, as the file system compares names."""
        return [result for result in self._by_stem.get(fold(stem), ()) if self._is_called(result, stem)]

    def _is_called(self, result: ResultFiles, stem: str) -> bool:
        if result.stem == stem:
            return True
        alias = msgspec.structs.replace(result, stem=stem)
        try:
            return os.path.samefile(
                os.path.join(self.folder, alias.first_name), os.path.join(self.folder, result.first_name)
            )
        except OSError:  # the usual case: there is no such file
            return False


class Inspection(msgspec.Struct, frozen=True):
    """What one result says of itself."""

    proof: ResultProof | None
    """Which image it was made of; None if it does not say so any more."""
    problem: str = ""
    """What is wrong with its files, whole sentences; empty if nothing is."""


def inspect(folder: str, files: ResultFiles) -> Inspection | None:
    """Open the files of one result and compare them; None if they are gone by now."""
    document, problem = None, ""
    if "json" in files.extensions:
        try:
            document = read_result(os.path.join(folder, files.name("json")))
        except FileNotFoundError:
            return None
        except DamagedResultError as error:
            problem = str(error)
        else:
            problem = _schema_problem(document, files.name("json"))
    if "txt" not in files.extensions:
        return Inspection(_proof_of(document), problem)
    return _with_text(os.path.join(folder, files.name("txt")), document, problem)


class ImageCheck:
    """Checks the images of one folder against the results in another, or the same, folder."""

    def __init__(self, listing: ResultListing) -> None:
        """Look for results among those in ``listing``."""
        self._listing = listing
        self._claimed: set[tuple[str, str]] = set()

    def check(self, item: ImageItem) -> Finding:
        """Return what there is to say about one image; never raises."""
        candidates = [files for stem in known_stems(item) for files in self._listing.of(stem)]
        try:
            if not candidates:
                with open_source(item.path):
                    pass
                return _missing(item)
            source = describe_source(item.path)
        except ItemError as error:
            self._claimed.update(files.key for files in candidates if files.stem in item.result_stems)
            return Finding(FindingKind.UNREADABLE, item.path, str(error))
        judged = [self._judge(item, source, files) for files in candidates]
        findings = [finding for finding in judged if finding is not None]
        return _worst(findings) if findings else _missing(item)

    def is_claimed(self, files: ResultFiles) -> bool:
        """Whether a result belongs to one of the images checked so far."""
        return files.key in self._claimed

    def unclaimed(self) -> list[ResultFiles]:
        """Return the results that belong to none of the images checked so far."""
        return [files for files in self._listing if not self.is_claimed(files)]

    def _judge(self, item: ImageItem, source: Source, files: ResultFiles) -> Finding | None:
        """Return what one result says about the image; None if it is of some other image, or gone."""
        seen = inspect(self._listing.folder, files)
        if seen is None or not _belongs(seen.proof, item, source, files.stem):
            return None
        self._claimed.add(files.key)
        if seen.problem:
            return Finding(FindingKind.DAMAGED, item.path, seen.problem)
        if seen.proof is None or seen.proof.sha256 != source.sha256:
            if _is_set_aside(seen.proof, files):
                return None
            name = display_name(files.first_name)
            return Finding(
                FindingKind.STALE,
                item.path,
                f"The image has changed since its result “{name}” was made; read it again.",
            )
        if seen.proof.corrected_at:
            sentence = "It has been read and corrected, and its result is whole."
        else:
            sentence = "It has been read, and its result is whole."
        return Finding(FindingKind.SOUND, item.path, sentence)


def _is_set_aside(proof: ResultProof | None, files: ResultFiles) -> bool:
    """Whether a result of earlier content of an image was only kept for its correction."""
    return proof is not None and bool(proof.corrected_at) and files.mark != RESULT_MARK


def _schema_problem(document: ResultDocument, name: str) -> str:
    if document.schema == SCHEMA_ID:
        return ""
    return (
        f"The result file “{display_name(name)}” is of a kind that this version does not know "
        f"({one_line(printable(document.schema))})."
    )


def _with_text(path: str, document: ResultDocument | None, problem: str) -> Inspection:
    """Add what the TXT result at ``path`` says to what is known from the JSON beside it."""
    try:
        proof = read_text_proof(path)
    except FileNotFoundError:
        return Inspection(_proof_of(document), problem)
    name = display_name(path)
    if proof is None:
        sentence = f"The text file “{name}” is no whole result of this program. Read its image again."
        return Inspection(_proof_of(document), f"{problem} {sentence}".strip())
    if document is None or problem:
        return Inspection(_proof_of(document) or proof, problem)
    if not _is_same_reading(proof, document):
        sentence = f"The text file “{name}” belongs to another reading than the JSON beside it."
        return Inspection(_proof_of(document), f"{sentence} Read the image again.")
    return Inspection(_proof_of(document), _text_problem(path, document, proof))


def _proof_of(document: ResultDocument | None) -> ResultProof | None:
    if document is None:
        return None
    return proof_of(document)


def _is_same_reading(proof: ResultProof, document: ResultDocument) -> bool:
    settings = document.settings.fingerprint
    return (proof.sha256, proof.fingerprint) == (document.source.sha256, settings)


def _text_problem(path: str, document: ResultDocument, proof: ResultProof) -> str:
    """Return what is wrong with the text of a TXT result, whole sentences; empty if nothing is.

    It holds the text that counts: the corrected one where there is one. One that was written at another time
    than the JSON may differ.
    """
    name = display_name(path)
    damage = f"The text file “{name}” was changed or cut off since it was written."
    try:
        content, _ = read_with_state(path)
    except OSError:
        return f"{damage} Read the image again if that was not meant."
    saved_at = _SAVED_AT.match(content)
    if saved_at is None or saved_at[1] != document.saved_at.encode():
        return ""
    if _holds(content, document.best_text):
        return ""
    if document.correction is None and proof.corrected_at:
        sentence = f"The text file “{name}” holds a correction that the JSON beside it does not have."
        return f"{sentence} Save the correction again, or read the image again."
    if document.correction is None:
        return f"{damage} Read the image again if that was not meant."
    if _holds(content, document.text):
        damage = f"The text file “{name}” does not hold the correction that is in the JSON beside it."
    return f"{damage} Save the correction again."


def _holds(content: bytes, text: str) -> bool:
    return content.endswith(_TEXT_BEGIN + text.encode("utf-8", "replace"))


def _belongs(proof: ResultProof | None, item: ImageItem, source: Source, stem: str) -> bool:
    """Whether a result is of this image; one that says nothing any more is told by its name."""
    return stem in item.result_stems if proof is None else is_own(proof, item, source, stem)


def _missing(item: ImageItem) -> Finding:
    return Finding(FindingKind.MISSING, item.path, "It has no result; read it.")


def _worst(findings: list[Finding]) -> Finding:
    """Join what several results of one image say: the image is sound only if they all are."""
    kinds = [finding.kind for finding in findings]
    ranks = (FindingKind.DAMAGED, FindingKind.STALE, FindingKind.SOUND)
    kind = next(rank for rank in ranks if rank in kinds)
    wrong = [finding.detail for finding in findings if finding.kind is not FindingKind.SOUND]
    details = dict.fromkeys(wrong or [findings[0].detail])
    return Finding(kind, findings[0].path, " ".join(details))
