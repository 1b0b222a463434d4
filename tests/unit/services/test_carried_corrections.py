"""Corrections and new readings: what a person has made of a text is taken over."""

import errno
import hashlib
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocr_desktop.domain.errors import ItemError
from ocr_desktop.domain.results import text_hash
from ocr_desktop.domain.verification import FindingKind
from ocr_desktop.services.corrections import remove_correction, save_correction
from tests.fakes.correction_desk import BETTER, OWN, CorrectionDesk


@pytest.fixture
def desk(tmp_path: Path) -> CorrectionDesk:
    return CorrectionDesk(tmp_path)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits between attempts, which no test sits through."""
    seconds: list[float] = []
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=seconds.append))
    return seconds


def test_a_new_reading_takes_the_correction_over(desk: CorrectionDesk) -> None:
    save_correction(desk.files, BETTER)
    saved = desk.document.correction

    hashes = desk.read(text="Read anew\n")

    document = desk.document
    assert (document.text, document.correction) == ("Read anew\n", saved)
    assert document.correction is not None
    assert document.correction.based_on == text_hash(OWN)
    assert not document.is_correction_current
    assert desk.text == BETTER
    assert desk.verify().detail == "It has been read and corrected, and its result is whole."
    remove_correction(desk.files)
    now = {path: hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in hashes}
    assert hashes == now  # what is recorded of a result does not depend on its correction


def test_a_correction_that_is_saved_while_the_image_is_read_is_taken_over(
    desk: CorrectionDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, saves = os.fsync, [1]

    def save_meanwhile(file: int) -> None:
        original(file)
        if saves:
            saves.clear()
            save_correction(desk.files, BETTER)

    monkeypatch.setattr(os, "fsync", save_meanwhile)
    desk.read(text="Read anew\n")

    assert (desk.document.text, desk.document.best_text) == ("Read anew\n", BETTER)


def test_a_reading_of_a_changed_image_does_not_take_it_over(desk: CorrectionDesk) -> None:
    save_correction(desk.files, BETTER)
    desk.image.write_text("other pixels", encoding="utf-8")

    desk.read()

    assert desk.document.correction is None


def test_a_new_reading_waits_for_a_locked_result(
    desk: CorrectionDesk, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be looked at may hold a correction."""
    save_correction(desk.files, BETTER)
    before = desk.contents()

    def refuse(_path: str) -> tuple[bytes, None]:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("ocr_desktop.services.carried_corrections.read_with_state", refuse)
    with pytest.raises(ItemError) as caught:
        desk.read(text="Read anew\n")

    assert caught.value.kind == "result-locked"
    assert desk.contents() == before


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("save"), st.text(st.characters(exclude_categories=["Cs"]), max_size=20)),
            st.tuples(st.just("read"), st.text(st.characters(exclude_categories=["Cs"]), max_size=20)),
            st.tuples(st.just("remove"), st.just("")),
        ),
        max_size=8,
    )
)
def test_whatever_happens_the_correction_outlives_every_reading(
    desk: CorrectionDesk, steps: list[tuple[str, str]]
) -> None:
    remove_correction(desk.files)
    own, correction = desk.document.text, None
    for step, text in steps:
        if step == "save":
            save_correction(desk.files, text)
            correction = None if text == own else text
        elif step == "read":
            desk.read(text=text, saved_at=f"2024-01-31T12:00:{len(text):02}+00:00")
            own = text
        else:
            remove_correction(desk.files)
            correction = None
        document = desk.document
        assert document.text == own
        assert (document.correction.text if document.correction else None) == correction
        assert desk.text == document.best_text
        assert desk.verify().kind is FindingKind.SOUND
