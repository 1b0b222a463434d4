"""Corrections: kept beside the engine's own text, mended after a crash, and honest about locked files."""

import errno
import hashlib
import json
import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ocr_desktop.domain.errors import DiskFullError, ResultLockedError, ResultWriteError
from ocr_desktop.domain.options import OutputFormat
from ocr_desktop.domain.verification import Finding, FindingKind
from ocr_desktop.services.corrections import NotCorrectableError, remove_correction, save_correction
from ocr_desktop.services.resources import resource
from ocr_desktop.services.result_reader import DamagedResultError
from ocr_desktop.services.text_result import read_text_proof
from ocr_desktop.services.verifier import verify
from tests.fakes.correction_desk import BETTER, OWN, CorrectionDesk
from tests.fakes.privileges import needs_permissions, open_folder, unprivileged


@pytest.fixture
def desk(tmp_path: Path) -> CorrectionDesk:
    return CorrectionDesk(tmp_path)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits between attempts, which no test sits through."""
    seconds: list[float] = []
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=seconds.append))
    return seconds


@pytest.fixture
def refuse_to_replace(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that has the first ``times`` replacements of files of an ending fail."""

    def install(ending: str, code: int, times: int) -> None:
        original = os.replace
        left = [times]

        def replace(source: str, target: str) -> None:
            if target.endswith(ending) and left[0] > 0:
                left[0] -= 1
                raise OSError(code, os.strerror(code))
            original(source, target)

        monkeypatch.setattr(os, "replace", replace)

    return install


def test_a_correction_is_kept_beside_the_engines_own_text(desk: CorrectionDesk) -> None:
    corrected = save_correction(desk.files, BETTER)

    document = desk.document
    assert corrected.document == document
    assert (document.text, document.best_text) == (OWN, BETTER)
    assert document.correction is not None
    assert document.correction.based_on == hashlib.sha256(OWN.encode()).hexdigest()
    assert document.is_correction_current
    assert desk.text == BETTER
    proof = read_text_proof(str(desk.txt))
    assert proof is not None
    assert proof.corrected_at == document.correction.saved_at
    assert corrected.files == (str(desk.json), str(desk.txt))
    assert desk.verify() == Finding(
        FindingKind.SOUND, str(desk.image), "It has been read and corrected, and its result is whole."
    )


def test_a_corrected_result_fits_the_published_schema(desk: CorrectionDesk) -> None:
    schema = json.loads(resource("schemas/result-1.schema.json").read_text(encoding="utf-8"))
    assert "correction" not in json.loads(desk.json.read_bytes())

    save_correction(desk.files, BETTER)

    found = json.loads(desk.json.read_bytes())
    Draft202012Validator(schema).validate(found)
    assert found["correction"]["text"] == BETTER
    assert found["text"] == OWN


@pytest.mark.parametrize("take_back", [remove_correction, lambda files: save_correction(files, OWN)])
def test_a_correction_that_is_taken_back_leaves_the_files_as_they_were(
    desk: CorrectionDesk, take_back: Callable[[list[str]], object]
) -> None:
    before = desk.contents()
    save_correction(desk.files, BETTER)
    assert desk.contents() != before

    take_back(desk.files)

    assert desk.contents() == before


def test_the_hashes_are_those_that_the_list_of_jobs_keeps(desk: CorrectionDesk) -> None:
    hashes = {Path(path).name: desk.read()[path] for path in desk.files}

    corrected = save_correction(desk.files, BETTER)

    assert dict(zip((Path(path).name for path in corrected.files), corrected.hashes, strict=True)) == hashes


def test_where_nothing_changes_nothing_is_written(desk: CorrectionDesk) -> None:
    remove_correction(desk.files)
    save_correction(desk.files, BETTER)
    states = [path.stat() for path in (desk.json, desk.txt)]

    save_correction(desk.files, BETTER)

    assert [path.stat() for path in (desk.json, desk.txt)] == states


_anything = st.text(st.characters(), max_size=60)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(texts=st.lists(_anything, min_size=1, max_size=4))
def test_any_text_comes_back_and_the_result_stays_sound(desk: CorrectionDesk, texts: list[str]) -> None:
    for text in texts:
        save_correction(desk.files, text)
        clean = text.encode("utf-8", "replace").decode() if text.isascii() else desk.document.best_text

        assert desk.document.best_text == clean
        assert desk.document.text == OWN
        assert desk.text == clean
        assert desk.verify().kind is FindingKind.SOUND
    assert len(desk.contents()) == 3


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_text_that_can_be_written_comes_back_exactly(desk: CorrectionDesk, text: str) -> None:
    assert save_correction(desk.files, text).document.best_text == text
    assert desk.document.best_text == text


def test_what_cannot_be_written_becomes_a_replacement_character(desk: CorrectionDesk) -> None:
    assert save_correction(desk.files, "a\ud800b").document.best_text == "a\ufffdb"


def test_a_result_without_txt_gets_none(tmp_path: Path) -> None:
    desk = CorrectionDesk(tmp_path, (OutputFormat.JSON,))

    corrected = save_correction(desk.files, BETTER)

    assert corrected.files == (str(desk.json),)
    assert not desk.txt.exists()


def test_a_txt_that_lies_beside_it_follows(desk: CorrectionDesk) -> None:
    save_correction([str(desk.json)], BETTER)

    assert desk.text == BETTER


def test_a_txt_of_another_image_is_left_alone(desk: CorrectionDesk) -> None:
    other = desk.txt.read_bytes().replace(desk.document.source.sha256.encode(), b"ab" * 32)
    desk.txt.write_bytes(other)

    save_correction(desk.files, BETTER)

    assert desk.txt.read_bytes() == other


# --- what cannot be corrected -----------------------------------------------------------------------------


def test_a_result_without_json_cannot_be_corrected(tmp_path: Path) -> None:
    desk = CorrectionDesk(tmp_path, (OutputFormat.TXT,))

    with pytest.raises(NotCorrectableError, match=r"“a_ocr_results\.txt” has no JSON result to keep it in"):
        save_correction(desk.files, BETTER)


def test_a_result_that_is_gone(desk: CorrectionDesk) -> None:
    desk.json.unlink()

    with pytest.raises(NotCorrectableError, match=r"“a_ocr_results\.json” is not there any more"):
        save_correction(desk.files, BETTER)


def test_a_damaged_result(desk: CorrectionDesk) -> None:
    desk.json.write_bytes(desk.json.read_bytes()[:100])

    with pytest.raises(DamagedResultError):
        save_correction(desk.files, BETTER)


def test_a_result_of_a_newer_version_is_left_alone(desk: CorrectionDesk) -> None:
    newer = desk.json.read_bytes().replace(b"schema:result:1", b"schema:result:2")
    desk.json.write_bytes(newer)

    with pytest.raises(NotCorrectableError, match="newer version"):
        save_correction(desk.files, BETTER)
    assert desk.json.read_bytes() == newer


# --- faults -----------------------------------------------------------------------------------------------


def test_a_lock_that_passes_is_waited_for(
    desk: CorrectionDesk, waits: list[float], refuse_to_replace: Callable[..., None]
) -> None:
    refuse_to_replace(".json", errno.EACCES, times=2)

    save_correction(desk.files, BETTER)

    assert len(waits) == 2
    assert (desk.document.best_text, desk.text) == (BETTER, BETTER)


def test_a_lock_that_stays_leaves_everything_as_it_was(
    desk: CorrectionDesk, waits: list[float], refuse_to_replace: Callable[..., None]
) -> None:
    before = desk.contents()
    refuse_to_replace(".json", errno.EACCES, times=99)

    with pytest.raises(ResultLockedError) as caught:
        save_correction(desk.files, BETTER)

    assert caught.value.message == f"“a_ocr_results.json” in “{desk.folder}” is locked by another program."
    assert caught.value.remedy == "Close it there and save the correction again."
    assert desk.contents() == before


def test_where_only_the_txt_is_locked_the_correction_is_saved_and_the_next_save_mends_it(
    desk: CorrectionDesk, waits: list[float], refuse_to_replace: Callable[..., None]
) -> None:
    refuse_to_replace(".txt", errno.EACCES, times=3)

    with pytest.raises(ResultLockedError, match=r"The correction is saved, but .* “a_ocr_results.txt”"):
        save_correction(desk.files, BETTER)

    assert desk.document.best_text == BETTER
    finding = desk.verify()
    assert finding.kind is FindingKind.DAMAGED
    assert finding.detail == (
        "The text file “a_ocr_results.txt” does not hold the correction that is in the JSON beside it. "
        "Save the correction again."
    )
    save_correction(desk.files, BETTER)
    assert (desk.text, desk.verify().kind) == (BETTER, FindingKind.SOUND)


def test_a_full_disk_leaves_everything_as_it_was(
    desk: CorrectionDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = desk.contents()

    def refuse(_file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(DiskFullError) as caught:
        save_correction(desk.files, BETTER)

    assert caught.value.remedy == "Free some space, then save the correction again."
    monkeypatch.undo()
    assert desk.contents() == before


@needs_permissions
def test_a_folder_that_takes_no_files() -> None:
    with open_folder() as folder:
        desk = CorrectionDesk(folder)
        with unprivileged(), pytest.raises(ResultWriteError, match="you lack the permission"):
            save_correction(desk.files, BETTER)
        assert desk.document.best_text == OWN


def _save_and_die(files: list[str], ending: str) -> None:
    original = os.replace

    def replace(source: str, target: str) -> None:
        if target.endswith(ending):
            os._exit(9)
        original(source, target)

    os.replace = replace  # type: ignore[assignment]
    save_correction(files, BETTER)


@pytest.mark.parametrize(
    ("ending", "detail"),
    [
        (".json", "It has been read, and its result is whole."),
        (".txt", "does not hold the correction that is in the JSON beside it"),
    ],
)
def test_a_program_that_dies_leaves_what_a_verification_explains_and_the_next_save_mends(
    desk: CorrectionDesk, ending: str, detail: str
) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_save_and_die, args=(desk.files, ending))
    process.start()
    process.join(60)
    assert process.exitcode == 9

    found = {finding.kind: finding for finding in verify([str(desk.folder)])}
    about_image = next(each for each in found.values() if each.path == str(desk.image))
    assert detail in about_image.detail
    assert FindingKind.LEFTOVER in found

    save_correction(desk.files, BETTER)
    assert (desk.document.best_text, desk.text) == (BETTER, BETTER)
    assert {finding.kind for finding in verify([str(desk.image)])} == {FindingKind.SOUND}


def test_a_txt_that_disagrees_with_both_texts_is_damaged(desk: CorrectionDesk) -> None:
    save_correction(desk.files, BETTER)
    desk.txt.write_bytes(desk.txt.read_bytes() + b"and more")

    finding = desk.verify()

    assert finding.kind is FindingKind.DAMAGED
    assert "was changed or cut off since it was written" in finding.detail


def test_a_txt_with_a_correction_that_the_json_lost_is_explained(desk: CorrectionDesk) -> None:
    before = desk.json.read_bytes()
    save_correction(desk.files, BETTER)
    desk.json.write_bytes(before)

    assert "holds a correction that the JSON beside it does not have" in desk.verify().detail


def test_a_reading_that_comes_in_between_is_not_lost(
    desk: CorrectionDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, readings = os.fsync, [1]

    def read_meanwhile(file: int) -> None:
        original(file)
        if readings:
            readings.clear()
            desk.read(text="Read anew\n")

    monkeypatch.setattr(os, "fsync", read_meanwhile)
    save_correction(desk.files, BETTER)

    assert (desk.document.text, desk.document.best_text) == ("Read anew\n", BETTER)
