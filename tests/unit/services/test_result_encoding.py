"""Result encoding: receipts rely on a result being encoded today as it was when it was written."""

import hashlib
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.domain.options import OutputFormat
from ocr_desktop.domain.results import Correction, ResultDocument, Word, text_hash
from ocr_desktop.services.result_encoding import encode_result, result_hash, without_correction
from ocr_desktop.services.result_reader import decode_result
from tests.fakes.results import a_document

CORRECTION = Correction(text="Better\n", saved_at="2024-02-01T00:00:00+00:00", based_on=text_hash("a"))


@pytest.mark.parametrize(
    ("output", "digest"),
    [
        (OutputFormat.JSON, "f5a12743d521fab4c7668adc812cc809522845526999a682bf5510b433b65cbe"),
        (OutputFormat.TXT, "eb20e5985fb5ce447c1ae692d7710eeef376d662535ab264231eca2d6194ccf3"),
    ],
)
def test_results_are_encoded_as_ever(output: OutputFormat, digest: str) -> None:
    """If this fails, receipts of earlier versions call corrected results damaged."""
    content = encode_result(a_document(), output)

    assert hashlib.sha256(content).hexdigest() == digest


@pytest.mark.parametrize("output", list(OutputFormat))
def test_the_hash_of_a_result_does_not_depend_on_its_correction(output: OutputFormat) -> None:
    plain = a_document()
    corrected = a_document(correction=CORRECTION)

    hashes = {
        result_hash(document, output, encode_result(document, output)) for document in (plain, corrected)
    }

    assert hashes == {hashlib.sha256(encode_result(plain, output)).hexdigest()}


_unit = st.floats(0.0, 1.0)
_number = st.integers(-(10**6), 10**6)
_words = st.builds(
    Word,
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    _unit,
    st.tuples(_number, _number, _number, _number),
    line=_number,
    block=_number,
)
_change: Callable[[list[Word], float], ResultDocument] = lambda words, confidence: a_document(  # noqa: E731
    confidence=confidence, pages=(msgspec.structs.replace(a_document().pages[0], words=tuple(words)),)
)


@given(st.builds(_change, st.lists(_words, max_size=5), _unit), st.booleans())
def test_a_result_that_is_read_and_written_again_is_the_same_file(
    document: ResultDocument, is_corrected: bool
) -> None:
    written = encode_result(document, OutputFormat.JSON)
    if is_corrected:
        corrected = msgspec.structs.replace(document, correction=CORRECTION)
        read = decode_result(encode_result(corrected, OutputFormat.JSON), "a.json")
        assert read.correction == CORRECTION
    else:
        read = decode_result(written, "a.json")

    assert encode_result(without_correction(read), OutputFormat.JSON) == written
