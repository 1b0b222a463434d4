"""The result saver: result files are whole or not there, and what was there before stays."""

import errno
import hashlib
import io
import os
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from ocr_desktop.domain.errors import (
    Blame,
    DiskFullError,
    OutputMissingError,
    ResultLockedError,
    ResultWriteError,
)
from ocr_desktop.domain.options import OutputFormat
from ocr_desktop.services import atomic_files
from ocr_desktop.services.result_reader import DamagedResultError, read_result
from ocr_desktop.services.result_saver import ResultTarget, save_result, temporaries_of
from ocr_desktop.services.text_result import render_text
from tests.fakes.disks import small_disk
from tests.fakes.privileges import needs_permissions, open_folder, unprivileged
from tests.fakes.results import a_document

BOTH = (OutputFormat.JSON, OutputFormat.TXT)
OLD = {"a_ocr_results.json": b"old json", "a_ocr_results.txt": b"old txt"}


ATTEMPT = "t1"


def target(folder: Path, **changes: object) -> ResultTarget:
    return msgspec.structs.replace(ResultTarget(folder=str(folder), stem="a", token=ATTEMPT), **changes)


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which results of an earlier run lie."""
    for name, content in OLD.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits between attempts, which no test sits through."""
    seconds: list[float] = []
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=seconds.append))
    return seconds


@pytest.fixture
def break_call(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[int]]:
    """Return a function that makes some calls of an ``os`` function fail, counted from 1, and counts them."""

    def install(name: str, code: int, *numbers: int) -> list[int]:
        original = getattr(os, name)
        calls: list[int] = []

        def call(*args: object) -> object:
            calls.append(len(calls) + 1)
            if calls[-1] in numbers:
                raise OSError(code, os.strerror(code))
            return original(*args)

        monkeypatch.setattr(os, name, call)
        return calls

    return install


# --- what is written --------------------------------------------------------------------------------------


@pytest.mark.parametrize("formats", [BOTH, BOTH[::-1], BOTH[:1], BOTH[1:]])
def test_results_are_written_and_named_in_the_order_asked_for(
    tmp_path: Path, formats: tuple[OutputFormat, ...]
) -> None:
    hashes = save_result(a_document(), target(tmp_path), formats)

    written = tuple(hashes)
    assert written == tuple(str(tmp_path / f"a_ocr_results.{output}") for output in formats)
    assert hashes == {path: hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in written}
    assert sorted(files_in(tmp_path)) == sorted(Path(path).name for path in written)
    for path in written:
        if path.endswith("json"):
            assert read_result(path) == a_document()
        else:
            assert Path(path).read_bytes().decode("utf-8") == render_text(a_document())


def test_earlier_results_are_replaced(folder: Path) -> None:
    save_result(a_document(), target(folder), BOTH)

    new = files_in(folder)
    assert new.keys() == OLD.keys()
    assert not set(new.values()) & set(OLD.values())


def test_the_output_folder_is_made(tmp_path: Path) -> None:
    save_result(a_document(), target(tmp_path / "not" / "yet"), BOTH)

    assert len(files_in(tmp_path / "not" / "yet")) == 2


def test_the_json_comes_last(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    replace = os.replace

    def note(source: str, destination: str) -> None:
        order.append(Path(destination).suffix)
        replace(source, destination)

    monkeypatch.setattr(os, "replace", note)
    save_result(a_document(), target(folder), BOTH)

    assert order == [".txt", ".json"]


@pytest.mark.parametrize("stem", ["日本 é", "a\nb", "-a", os.fsdecode(b"a\xff"), "x" * 200])
def test_odd_names(tmp_path: Path, stem: str) -> None:
    if os.name == "nt" and not stem.isprintable():
        pytest.skip("Windows does not allow this name")

    written = save_result(a_document(), target(tmp_path, stem=stem), BOTH)

    assert {Path(path).name for path in written} == {
        f"{stem}_ocr_results.json",
        f"{stem}_ocr_results.txt",
    }
    assert all(Path(path).is_file() for path in written)


def test_text_of_all_planes_is_kept(tmp_path: Path) -> None:
    document = a_document(text="ﬁ 日本 𝄞\u0000\f\u2028\r\n")

    json_path, txt_path = save_result(document, target(tmp_path), BOTH)

    assert read_result(json_path).text == document.text
    assert Path(txt_path).read_bytes().decode("utf-8").endswith(document.text)


def test_a_reader_never_sees_half_a_result(folder: Path) -> None:
    save_result(a_document(), target(folder), BOTH)
    stop = threading.Event()
    seen: set[int] = set()
    damaged: list[Exception] = []

    def read_on() -> None:
        while not stop.is_set():
            try:
                seen.add(read_result(folder / "a_ocr_results.json").processing_time_ms)
            except (DamagedResultError, FileNotFoundError) as error:
                damaged.append(error)

    reader = threading.Thread(target=read_on)
    reader.start()
    try:
        for number in range(100):
            document = a_document(processing_time_ms=number, text="x" * 10_000 * (number % 3))
            save_result(document, target(folder), (OutputFormat.JSON,))
    finally:
        stop.set()
        reader.join()

    assert len(seen) > 1, "the reader read nothing between two writes"
    assert not damaged


# --- numbered results -------------------------------------------------------------------------------------


def test_a_numbered_result_is_added(folder: Path) -> None:
    save_result(a_document(), target(folder, number=2, exclusive=True), BOTH)

    new = files_in(folder)
    assert {name: new[name] for name in OLD} == OLD
    assert new.keys() - OLD.keys() == {"a_ocr_results_2.json", "a_ocr_results_2.txt"}


@pytest.mark.parametrize("taken", ["a_ocr_results_2.json", "a_ocr_results_2.txt"])
def test_a_numbered_result_never_replaces(folder: Path, taken: str) -> None:
    (folder / taken).write_bytes(b"theirs")

    with pytest.raises(ResultWriteError, match="Another program made") as caught:
        save_result(a_document(), target(folder, number=2, exclusive=True), BOTH)

    assert caught.value.remedy
    assert files_in(folder) == {**OLD, taken: b"theirs"}


# --- failures ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [("fsync", 1), ("fsync", 2), ("replace", 1)])
@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EDQUOT, "Your share of the disk is used up"),
        (errno.ENODEV, "is not there any more"),
        (errno.EIO, "could not be written"),
        (errno.EROFS, "cannot be written to"),
    ],
)
def test_a_failure_leaves_everything_as_it_was(
    folder: Path, break_call: Callable[..., list[int]], step: tuple[str, int], code: int, sentence: str
) -> None:
    name, number = step
    break_call(name, code, number)

    with pytest.raises(ResultWriteError, match=sentence) as caught:
        save_result(a_document(), target(folder), BOTH)

    assert not caught.value.can_pass
    assert str(folder) in caught.value.message
    assert caught.value.remedy
    assert files_in(folder) == OLD


def test_a_failure_at_the_very_last_step_leaves_the_old_json(
    folder: Path, break_call: Callable[..., list[int]]
) -> None:
    break_call("replace", errno.EIO, 2)

    with pytest.raises(ResultWriteError):
        save_result(a_document(), target(folder), BOTH)

    assert files_in(folder).keys() == OLD.keys()
    assert (folder / "a_ocr_results.json").read_bytes() == OLD["a_ocr_results.json"]


def test_a_failed_numbered_result_leaves_nothing(folder: Path, break_call: Callable[..., list[int]]) -> None:
    calls = break_call("link", errno.EIO, 2)
    break_call("rename", errno.EIO, 1)

    with pytest.raises(ResultWriteError):
        save_result(a_document(), target(folder, number=2, exclusive=True), BOTH)

    assert len(calls) == 2
    assert files_in(folder) == OLD


def test_other_exceptions_leave_no_temporary_files_either(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)

    with pytest.raises(KeyboardInterrupt):
        save_result(a_document(), target(folder), BOTH)

    assert files_in(folder) == OLD


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("locks", [1, 2])
def test_a_lock_that_passes_costs_nothing_but_time(
    folder: Path, break_call: Callable[..., list[int]], waits: list[float], step: str, locks: int
) -> None:
    break_call(step, errno.EBUSY, *range(1, locks + 1))

    save_result(a_document(), target(folder), BOTH)

    assert waits == pytest.approx([0.1, 0.2][:locks])
    assert read_result(folder / "a_ocr_results.json") == a_document()
    assert files_in(folder).keys() == OLD.keys()


@pytest.mark.parametrize("code", [errno.EBUSY, errno.EACCES, errno.EPERM])
def test_a_lock_that_stays_can_pass_later(
    folder: Path, break_call: Callable[..., list[int]], waits: list[float], code: int
) -> None:
    calls = break_call("replace", code, *range(1, 10))

    with pytest.raises(ResultLockedError, match="locked by another program") as caught:
        save_result(a_document(), target(folder), BOTH)

    assert len(calls) == 3
    assert len(waits) == 2
    assert caught.value.can_pass
    assert files_in(folder) == OLD


@needs_permissions
@pytest.mark.parametrize("name", ["", "not/yet"])
def test_a_read_only_folder_is_no_lock(waits: list[float], name: str) -> None:
    with open_folder() as folder:
        folder.chmod(0o555)
        with unprivileged(), pytest.raises(ResultWriteError, match="cannot be written to") as caught:
            save_result(a_document(), target(folder / name), BOTH)
        assert list(folder.iterdir()) == []

    assert not caught.value.can_pass


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"a file")

    with pytest.raises(ResultWriteError, match="could not be written to") as caught:
        save_result(a_document(), target(tmp_path / "out"), BOTH)

    assert "Another program" not in str(caught.value)
    assert files_in(tmp_path) == {"out": b"a file"}


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    with small_disk(tmp_path, 64):
        save_result(a_document(), target(tmp_path), BOTH)
        before = files_in(tmp_path)

        with pytest.raises(DiskFullError, match="The disk is full") as caught:
            save_result(a_document(text="x" * 100_000), target(tmp_path), BOTH)

        assert files_in(tmp_path) == before
        assert "Free some space" in caught.value.remedy


@pytest.mark.parametrize(
    ("code", "kind", "blame"),
    [
        (errno.ENOSPC, "disk-full", Blame.WORLD),
        (errno.EDQUOT, "disk-full", Blame.WORLD),
        (errno.ENXIO, "output-missing", Blame.WORLD),
        (errno.EROFS, "result-write", Blame.UNSURE),
        (errno.EIO, "result-write", Blame.UNSURE),
    ],
)
def test_what_a_failure_is_put_down_to(
    folder: Path, break_call: Callable[..., list[int]], code: int, kind: str, blame: Blame
) -> None:
    break_call("fsync", code, 1)

    with pytest.raises(ResultWriteError) as caught:
        save_result(a_document(), target(folder, root=str(folder)), BOTH)

    assert (caught.value.kind, caught.value.blame) == (kind, blame)


@pytest.mark.parametrize(
    ("code", "expected"),
    [(112, DiskFullError), (39, DiskFullError), (1295, DiskFullError), (1167, OutputMissingError)],
)
def test_what_windows_says_of_disks(
    folder: Path, monkeypatch: pytest.MonkeyPatch, code: int, expected: type[ResultWriteError]
) -> None:
    def refuse(_number: int) -> None:
        error = OSError(errno.EINVAL, "as Windows says it")
        error.winerror = code  # type: ignore[attr-defined]
        raise error

    monkeypatch.setattr(os, "fsync", refuse)

    with pytest.raises(expected):
        save_result(a_document(), target(folder), BOTH)

    assert files_in(folder) == OLD


def test_a_write_that_fails_when_the_file_is_closed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some network drives tell only then that there is no space."""

    class FailsWhenClosed(io.FileIO):
        def close(self) -> None:
            was_open = not self.closed
            super().close()
            if was_open:
                raise OSError(errno.ENOSPC, "no space")

    def open_it(path: str, _mode: str, **_options: object) -> FailsWhenClosed:
        return FailsWhenClosed(path, "x")

    monkeypatch.setattr(atomic_files, "open", open_it, raising=False)

    with pytest.raises(DiskFullError):
        save_result(a_document(), target(folder), BOTH)

    assert files_in(folder) == OLD


def test_what_an_attempt_could_not_remove_is_in_nobodys_way(folder: Path) -> None:
    """A disk that turns read-only keeps the temporary files; later the same attempt is made again."""
    for path in temporaries_of(str(folder), ATTEMPT).values():
        Path(path).write_bytes(b"half")

    save_result(a_document(), target(folder), BOTH)

    assert files_in(folder).keys() == OLD.keys()
    assert read_result(folder / "a_ocr_results.json") == a_document()


# --- output folders ---------------------------------------------------------------------------------------


def test_folders_are_made_below_the_root(tmp_path: Path) -> None:
    save_result(a_document(), target(tmp_path / "not" / "yet", root=str(tmp_path)), BOTH)

    assert len(files_in(tmp_path / "not" / "yet")) == 2


@pytest.mark.parametrize("below", ["", "not/yet"])
def test_a_root_that_is_gone_is_not_made(tmp_path: Path, below: str) -> None:
    root = tmp_path / "drive" / "out"

    with pytest.raises(OutputMissingError, match=r"out” is not there any more\. Plug its drive in"):
        save_result(a_document(), target(root / below, root=str(root)), BOTH)

    assert list(tmp_path.iterdir()) == []


def test_a_root_that_goes_during_the_writing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = folder / "out"
    root.mkdir()
    monkeypatch.setattr(os, "fsync", lambda _: root.rename(folder / "away") if root.exists() else None)

    with pytest.raises(OutputMissingError):
        save_result(a_document(), target(root, root=str(root)), BOTH)

    assert not root.exists()


def test_a_link_to_a_drive_that_is_gone(tmp_path: Path) -> None:
    link = tmp_path / "out"
    link.symlink_to(tmp_path / "drive")

    with pytest.raises(OutputMissingError):
        save_result(a_document(), target(link / "a", root=str(link)), BOTH)


def test_workers_may_make_the_same_folder_at_once(tmp_path: Path) -> None:
    folders = [tmp_path / "a" / "b" / "c"] * 8
    barrier = threading.Barrier(len(folders))
    failed: list[Exception] = []

    def save(number: int) -> None:
        barrier.wait()
        aim = target(folders[number], root=str(tmp_path), stem=str(number), token=f"t{number}")
        try:
            save_result(a_document(), aim, BOTH)
        except ResultWriteError as error:
            failed.append(error)

    threads = [threading.Thread(target=save, args=(number,)) for number in range(len(folders))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failed
    assert len(files_in(folders[0])) == 16


def test_the_temporary_files_of_an_attempt_can_be_told_from_outside(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda _: seen.extend(files_in(folder).keys() - OLD.keys()))

    save_result(a_document(), target(folder), BOTH)

    expected = {Path(path).name for path in temporaries_of(str(folder), ATTEMPT).values()}
    assert set(seen) == expected
