"""Known results: what is kept, what is forgotten, and that no run ends because of them."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from ocr_desktop.domain.errors import StoreUnusableError
from ocr_desktop.domain.items import ImageItem
from ocr_desktop.services import known_results
from ocr_desktop.services.file_state import FileState
from ocr_desktop.services.known_results import KnownFile, KnownResult, KnownResults

KNOWN = KnownResult(
    image=FileState(6, 1, 2, 2**63 - 1),
    sha256=b"\x0f" * 32,
    stem=0,
    proved_by="json",
    fingerprint="f1",
    confidence=0.8999999999999999,
    files=(KnownFile("json", b"\x01" * 32, FileState(9, -3, 4, 8)),),
)


def an_item(number: int = 0, **changes: object) -> ImageItem:
    item = ImageItem(number, f"/scans/secret {number}.png", "/scans", (f"secret {number}",))
    return msgspec.structs.replace(item, **changes)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "known-results.db"


@pytest.fixture
def known(path: Path) -> Iterator[KnownResults]:
    known = KnownResults(path)
    yield known
    known.close()


def count(path: Path) -> int:
    connection = sqlite3.connect(path)
    (rows,) = connection.execute("SELECT count(*) FROM known").fetchone()
    connection.close()
    return int(rows)


def change(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_what_was_remembered_comes_back_under_the_id_of_the_day(known: KnownResults) -> None:
    known.remember([(an_item(3), KNOWN)])
    again = msgspec.structs.replace(an_item(3), id=77)
    assert known.look_up([an_item(5), again]) == {77: KNOWN}


def test_it_outlives_the_program(path: Path) -> None:
    first = KnownResults(path)
    first.remember([(an_item(), KNOWN)])
    first.close()
    second = KnownResults(path)
    assert second.look_up([an_item()]) == {0: KNOWN}
    second.close()
    assert second.look_up([an_item()]) == {0: KNOWN}, "it is opened anew when it is asked"
    second.close()


def test_the_latest_counts(known: KnownResults, path: Path) -> None:
    newer = msgspec.structs.replace(KNOWN, fingerprint="f2")
    known.remember([(an_item(), KNOWN)])
    known.remember([(an_item(), newer)])
    assert known.look_up([an_item()]) == {0: newer}
    assert count(path) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/scans/secret 0.jpg"},
        {"output_dir": "/elsewhere"},
        {"result_stems": ("secret 0.png",)},
        {"result_stems": ("secret 0", "secret 0.png")},
    ],
)
def test_another_place_or_plan_is_not_known(known: KnownResults, other: dict[str, object]) -> None:
    known.remember([(an_item(), KNOWN)])
    assert known.look_up([an_item(0, **other)]) == {}


def test_names_that_are_no_text_are_known(known: KnownResults) -> None:
    item = an_item(0, path=os.fsdecode(b"/scans/\xff.png"), result_stems=(os.fsdecode(b"\xff"),))
    known.remember([(item, KNOWN)])
    assert known.look_up([item]) == {0: KNOWN}


def test_no_name_is_in_the_database(known: KnownResults, path: Path) -> None:
    known.remember([(an_item(), KNOWN)])
    known.close()
    for file in path.parent.iterdir():
        assert b"secret" not in file.read_bytes()
        assert b"scans" not in file.read_bytes()


def test_an_image_is_forgotten_under_every_plan(known: KnownResults) -> None:
    items = [an_item(0), an_item(0, id=1, output_dir="/elsewhere"), an_item(2)]
    known.remember([(item, KNOWN) for item in items])
    known.forget([items[0].path, "/scans/never seen.png"])
    assert known.look_up(items) == {2: KNOWN}


def test_nothing_to_write_makes_no_database(known: KnownResults, path: Path) -> None:
    known.remember([])
    known.tidy()
    assert not path.exists()


def test_only_so_many_are_known_and_the_longest_unused_go(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = KnownResults(path, most=10)
    items = [an_item(number) for number in range(12)]
    day = 100
    monkeypatch.setattr(known_results, "_today", lambda: day)
    known.remember([(item, KNOWN) for item in items[:10]])
    known.tidy()
    assert count(path) == 10, "as many as may be"
    day += 1
    assert len(known.look_up(items[:7])) == 7
    day += 1
    known.remember([(item, KNOWN) for item in items[10:]])
    known.tidy()
    assert set(known.look_up(items)) == {0, 1, 2, 3, 4, 5, 6, 10, 11}
    known.close()


def test_nothing_is_pruned_where_nothing_was_learned(path: Path) -> None:
    known = KnownResults(path)
    known.remember([(an_item(number), KNOWN) for number in range(5)])
    known.close()
    strict = KnownResults(path, most=2)
    strict.tidy()
    assert count(path) == 5
    strict.remember([(an_item(9), KNOWN)])
    strict.tidy()
    assert count(path) == 1
    strict.close()


def test_an_entry_that_makes_no_sense_is_not_known(known: KnownResults, path: Path) -> None:
    known.remember([(an_item(0), KNOWN), (an_item(1), KNOWN)])
    change(path, "UPDATE known SET entry = x'c1' WHERE image = (SELECT min(image) FROM known)")
    assert len(known.look_up([an_item(0), an_item(1)])) == 1
    known.remember([(an_item(0), KNOWN), (an_item(1), KNOWN)])
    assert len(known.look_up([an_item(0), an_item(1)])) == 2


def test_a_damaged_database_is_begun_anew(known: KnownResults, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is no database" * 500)
    assert known.look_up([an_item()]) == {}
    known.remember([(an_item(), KNOWN)])
    assert known.look_up([an_item()]) == {0: KNOWN}


def test_a_database_of_a_newer_version_is_begun_anew(known: KnownResults, path: Path) -> None:
    path.parent.mkdir()
    change(path, "PRAGMA user_version = 99")
    known.remember([(an_item(), KNOWN)])
    assert known.look_up([an_item()]) == {0: KNOWN}


def test_damage_met_in_use_costs_what_is_known_but_no_run(known: KnownResults, path: Path) -> None:
    known.remember([(an_item(), KNOWN)])
    change(path, "DROP TABLE known")
    assert known.look_up([an_item()]) == {}
    known.remember([(an_item(), KNOWN)])
    known.forget(["/a.png"])
    known.tidy()
    known.close()
    next_time = KnownResults(path)
    next_time.remember([(an_item(), KNOWN)])
    assert next_time.look_up([an_item()]) == {0: KNOWN}
    next_time.close()


def test_a_database_that_cannot_be_opened_is_done_without(known: KnownResults, path: Path) -> None:
    path.mkdir(parents=True)
    known.remember([(an_item(), KNOWN)])
    assert known.look_up([an_item()]) == {}
    known.forget(["/a.png"])
    known.tidy()


def test_a_folder_that_cannot_be_made_is_done_without(known: KnownResults, path: Path) -> None:
    path.parent.write_bytes(b"a file where the folder should be")
    known.remember([(an_item(), KNOWN)])
    assert known.look_up([an_item()]) == {}


@pytest.fixture
def another_program_writes(known: KnownResults, path: Path) -> Iterator[sqlite3.Connection]:
    """Something is known since long, and another program is in the middle of a transaction."""
    known.remember([(an_item(), KNOWN)])
    change(path, "UPDATE known SET used = 1")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


def test_what_is_known_counts_while_another_program_writes(
    known: KnownResults, another_program_writes: sqlite3.Connection
) -> None:
    assert known.look_up([an_item()]) == {0: KNOWN}


def test_news_that_cannot_be_written_in_time_are_lost_but_not_the_later_ones(
    known: KnownResults, another_program_writes: sqlite3.Connection
) -> None:
    known.remember([(an_item(1), KNOWN)])
    another_program_writes.execute("ROLLBACK")
    assert known.look_up([an_item(1)]) == {}
    known.remember([(an_item(2), KNOWN)])
    assert known.look_up([an_item(2)]) == {2: KNOWN}


def test_what_cannot_be_forgotten_is_said(
    known: KnownResults, another_program_writes: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_results, "_FORGETTING_ATTEMPTS", 2)
    with pytest.raises(StoreUnusableError, match="in use by another program"):
        known.forget([an_item().path])
    another_program_writes.execute("ROLLBACK")
    known.forget([an_item().path])
    assert known.look_up([an_item()]) == {}
