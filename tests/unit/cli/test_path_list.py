"""Lists of paths: every way in which other programs write them."""

import codecs
import io
import os
import sys
import tracemalloc
from pathlib import Path
from types import SimpleNamespace

import pytest

from ocr_desktop.cli import path_list
from ocr_desktop.cli.path_list import read_paths
from ocr_desktop.domain.errors import UsageError
from tests.fakes import images


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(content: bytes) -> tuple[list[str], list[str]]:
    """Return what is in a list, and the complaints about the rest."""
    complaints: list[str] = []
    Path("list").write_bytes(content)
    return list(read_paths("list", complaints.append)), complaints


NAMES = ["a.png", "b c.png", "ünï.png", "# no comment.png"]


@pytest.mark.parametrize(
    "content",
    [
        "\n".join(NAMES).encode(),
        "\r\n".join([*NAMES, ""]).encode(),
        "\0".join([*NAMES, ""]).encode(),
        codecs.BOM_UTF8 + "\n\n".join(NAMES).encode(),
        codecs.BOM_UTF16_LE + "\r\n".join(NAMES).encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "\r\n".join(NAMES).encode("utf-16-be"),
    ],
    ids=["lines", "CRLF", "NUL", "BOM", "UTF-16-LE", "UTF-16-BE"],
)
@pytest.mark.parametrize("piece", [2, 7, 64 * 1024])
def test_lists_of_all_kinds(content: bytes, piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # A NUL must be in the first piece; what comes later may be cut anywhere.
    monkeypatch.setattr(path_list, "_PIECE", max(piece, 7) if b"\0" in content else max(piece, 3))
    for name in NAMES:
        Path(name).touch()

    assert read(content) == (NAMES, [])


@pytest.mark.skipif(os.name == "nt", reason="Windows has no line breaks in names")
def test_names_with_line_breaks_need_nuls() -> None:
    Path("a\nb.png").touch()

    assert read(b"a\nb.png\0") == (["a\nb.png"], [])


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take only Unicode for names")
def test_names_that_are_no_unicode() -> None:
    name = os.fsdecode(b"a\xff.png")
    Path(name).touch()

    assert read(b"a\xff.png\n") == ([name], [])


def test_what_is_not_there_is_complained_of_one_by_one(folder: Path) -> None:
    Path("a.png").touch()
    (folder / "sub").mkdir()

    paths, complaints = read(b"gone.png\na.png\nno folder/b.png\na.png/c.png\nsub\n" + b"x" * 5000)

    assert paths == ["a.png", "sub"]
    assert complaints[0] == "“gone.png” is left out: it is not there."
    assert "“no folder/b.png”" in complaints[1]
    assert len(complaints) == 4


@pytest.mark.parametrize(
    "write", [images.write_page, lambda path: path.write_bytes(b"%PDF-1.7\n"), images.write_heic]
)
def test_an_image_is_no_list(folder: Path, write: object) -> None:
    assert callable(write)
    write(folder / "list.png")

    with pytest.raises(UsageError, match=r"“list\.png” is not a list of paths") as caught:
        list(read_paths("list.png", print))

    assert "without “--from”" in caught.value.remedy


def test_something_endless_is_no_list() -> None:
    with pytest.raises(UsageError, match="is not a list of paths"):
        read(b"x" * 300_000)


def test_a_list_that_is_gone_or_a_folder(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"“gone” cannot be read"):
        list(read_paths("gone", print))
    with pytest.raises(UsageError, match="cannot be read"):
        list(read_paths(str(folder), print))


def test_an_empty_list() -> None:
    assert read(b"") == ([], [])
    assert read(b"\n\r\n\n") == ([], [])


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.png").touch()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"a.png\0gone.png\0")))
    complaints: list[str] = []

    assert list(read_paths("-", complaints.append)) == ["a.png"]
    assert len(complaints) == 1


def test_a_huge_list_is_never_held() -> None:
    Path("a.png").touch()
    Path("list").write_bytes(b"././././././././././././././././././././a.png\n" * 100_000)

    tracemalloc.start()
    try:
        count = sum(1 for _ in read_paths("list", print))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert count == 100_000
    assert peak < 2_000_000
