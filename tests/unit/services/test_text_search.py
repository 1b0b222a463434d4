"""Text search: what results say now is found, quickly the second time, in bounded memory."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocr_desktop.domain.options import OutputFormat
from ocr_desktop.services import file_state, text_search
from ocr_desktop.services.corrections import save_correction
from ocr_desktop.services.result_saver import ResultTarget, save_result
from ocr_desktop.services.text_search import TextIndex
from tests.fakes.results import a_document

BOTH = (OutputFormat.JSON, OutputFormat.TXT)


def write(folder: Path, stem: str, text: str, formats: tuple[OutputFormat, ...] = BOTH) -> tuple[str, ...]:
    target = ResultTarget(folder=str(folder), stem=stem, token=stem)
    return tuple(save_result(a_document(text=text), target, formats))


def find(index: TextIndex, entries: list[tuple[str, ...]], needle: str) -> list[int]:
    return list(index.matching(enumerate(entries), needle, lambda: False))


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The result files that were opened; files count as settled at once."""
    monkeypatch.setattr(file_state, "_FRESH", 0)
    paths: list[str] = []
    original = file_state.read_with_state

    def read(path: str) -> object:
        paths.append(path)
        return original(path)

    monkeypatch.setattr(text_search, "read_with_state", read)
    return paths


@pytest.mark.parametrize("formats", [BOTH, BOTH[:1], BOTH[1:]], ids=["both", "json", "txt"])
@pytest.mark.parametrize(
    ("needle", "expected"),
    [
        ("straße 5", [0]),
        ("STRASSE", [0]),
        ("5 10115 berlin", [0]),
        ("berlin", [0, 2]),
        ("Tesseract", []),
        ("", [0, 1, 2]),
        ("  ", [0, 1, 2]),
        ("München", []),
    ],
)
def test_texts_are_found_whatever_their_case_and_across_lines(
    tmp_path: Path, formats: tuple[OutputFormat, ...], needle: str, expected: list[int]
) -> None:
    texts = ("Lange Straße 5\n10115 Berlin\n", "", "BERLIN")
    entries = [write(tmp_path, f"r{number}", text, formats) for number, text in enumerate(texts)]

    assert find(TextIndex(), entries, needle) == expected


def test_the_corrected_text_counts(tmp_path: Path) -> None:
    files = write(tmp_path, "a", "the first text")
    index = TextIndex()
    assert find(index, [files], "first") == [0]

    save_correction(files, "another text")

    assert find(index, [files], "first") == []
    assert find(index, [files], "another") == [0]


def test_what_cannot_be_read_contains_nothing(tmp_path: Path) -> None:
    damaged = write(tmp_path, "damaged", "text", BOTH[:1])
    Path(damaged[0]).write_bytes(b'{"text": "te')
    no_utf8 = write(tmp_path, "bytes", "text", BOTH[:1])
    Path(no_utf8[0]).write_bytes(b'{"text": "\xff text"}')
    gone = (str(tmp_path / "gone.json"), str(tmp_path / "gone.txt"))
    foreign = tmp_path / "notes.txt"
    foreign.write_text("text", encoding="utf-8")

    assert find(TextIndex(), [damaged, no_utf8, gone, (str(foreign),), ()], "te") == []


def test_where_the_json_is_damaged_the_txt_tells(tmp_path: Path) -> None:
    files = write(tmp_path, "a", "the text")
    Path(files[0]).write_bytes(b"{")

    assert find(TextIndex(), [files], "the text") == [0]


def test_a_second_search_opens_no_file(tmp_path: Path, reads: list[str]) -> None:
    entries = [write(tmp_path, f"r{number}", f"text {number}") for number in range(5)]
    index = TextIndex()
    time.sleep(0.01)
    find(index, entries, "text")
    assert len(reads) == 5

    assert find(index, entries, "text 3") == [3]

    assert len(reads) == 5


def test_a_result_that_was_written_just_now_is_read_again(tmp_path: Path) -> None:
    files = write(tmp_path, "a", "one")
    index = TextIndex()
    find(index, [files], "one")

    assert index.size == 0


def test_memory_is_bounded_and_what_is_kept_is_of_use(tmp_path: Path, reads: list[str]) -> None:
    entries = [write(tmp_path, f"r{number}", "x" * 1000 + str(number), BOTH[:1]) for number in range(20)]
    time.sleep(0.01)
    index = TextIndex(most_bytes=10_000)
    for _ in range(3):
        reads.clear()
        assert find(index, entries, "x" * 1000 + "7") == [7]
        assert index.size <= 10_000

    assert len(reads) < 15  # a list of the last used would have forgotten each before it is asked for again


def test_what_is_not_asked_for_any_more_makes_room(tmp_path: Path, reads: list[str]) -> None:
    old = [write(tmp_path, f"old{number}", "x" * 1000, BOTH[:1]) for number in range(6)]
    new = [write(tmp_path, f"new{number}", "x" * 1000, BOTH[:1]) for number in range(6)]
    time.sleep(0.01)
    index = TextIndex(most_bytes=10_000)
    find(index, old, "x")
    for _ in range(3):
        find(index, new, "x")
    reads.clear()

    find(index, new, "x")

    assert reads == []


def test_it_streams_and_stops_at_once(tmp_path: Path) -> None:
    files = write(tmp_path, "a", "text")
    taken: list[int] = []
    stopped = threading.Event()

    def entries() -> Iterator[tuple[int, tuple[str, ...]]]:
        for number in range(100):
            taken.append(number)
            yield number, files

    found = TextIndex().matching(entries(), "text", stopped.is_set)
    assert [next(found), next(found)] == [0, 1]
    assert len(taken) == 2
    stopped.set()

    assert list(found) == []
    assert len(taken) == 3


def test_several_threads_at_once(tmp_path: Path, reads: list[str]) -> None:
    entries = [write(tmp_path, f"r{number}", f"text {number}" * 50, BOTH[:1]) for number in range(40)]
    index = TextIndex(most_bytes=20_000)
    wrong: list[object] = []

    def search(number: int) -> None:
        for _ in range(10):
            found = find(index, entries, f"text {number}text")
            if found != [number]:
                wrong.append(found)

    threads = [threading.Thread(target=search, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert wrong == []
    assert index.size == sum(kept.size for kept in index._kept.values()) <= 20_000


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=60), data=st.data())
def test_every_part_of_a_text_is_found(tmp_path: Path, text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    files = write(tmp_path, "a", text)

    assert find(TextIndex(), [files], text[start:]) == [0]
    Path(files[0]).unlink()
    assert find(TextIndex(), [files], text[start:]) == [0]
