"""Verifier: every kind of finding, and what belongs to which image."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import GeneratorType

import msgspec
import pytest

from ocr_desktop.domain.items import FoundImage
from ocr_desktop.domain.options import OutputFormat
from ocr_desktop.domain.verification import Finding, FindingKind
from ocr_desktop.services.item_planner import plan_items
from ocr_desktop.services.result_saver import ResultTarget, save_result
from ocr_desktop.services.verifier import verify
from tests.conftest import MakeImages
from tests.fakes.privileges import needs_permissions, open_folder, unprivileged
from tests.fakes.results import OTHER_SETTINGS, document_of

BOTH = (OutputFormat.JSON, OutputFormat.TXT)


def read(
    *images: Path,
    root: Path | None = None,
    output_dir: Path | None = None,
    number: int = 1,
    stem: int = 0,
    formats: Sequence[OutputFormat] = BOTH,
    **changes: object,
) -> None:
    """Save the results of images as a batch would that was started on them."""
    found = [FoundImage(str(image), str(root or image.parent)) for image in images]
    for item in plan_items(found, str(output_dir) if output_dir else None):
        target = ResultTarget(
            folder=item.output_dir, stem=item.result_stems[stem], number=number, token=f"t{item.id}"
        )
        save_result(document_of(Path(item.path), **changes), target, formats)


def check(*paths: Path, output_dir: Path | None = None, recursive: bool = True) -> list[tuple[str, str]]:
    """Return kind and file name of every finding."""
    return [
        (finding.kind.value, Path(finding.path).name)
        for finding in found(*paths, output_dir=output_dir, recursive=recursive)
    ]


def found(*paths: Path, output_dir: Path | None = None, recursive: bool = True) -> list[Finding]:
    chosen = [str(path) for path in paths]
    findings = list(verify(chosen, recursive=recursive, output_dir=str(output_dir) if output_dir else None))
    assert all(finding.detail.endswith(".") and finding.detail[0] in "ITY“" for finding in findings)
    return findings


def only(*paths: Path) -> Finding:
    (finding,) = found(*paths)
    return finding


@pytest.fixture
def image(tmp_path: Path, make_images: MakeImages) -> Path:
    """One image, which has not been read."""
    (path,) = make_images(tmp_path / "scans", 1)
    return path


def test_an_image_that_was_read_is_sound(image: Path) -> None:
    read(image)

    assert only(image.parent) == Finding(
        FindingKind.SOUND, str(image), "It has been read, and its result is whole."
    )
    assert check(image) == [("sound", image.name)]


def test_an_image_without_a_result_is_missing_it(image: Path) -> None:
    assert only(image.parent).kind is FindingKind.MISSING


@pytest.mark.parametrize("formats", [[OutputFormat.JSON], [OutputFormat.TXT]])
def test_one_of_the_two_files_is_enough(image: Path, formats: list[OutputFormat]) -> None:
    read(image, formats=formats)

    assert only(image.parent).kind is FindingKind.SOUND


@pytest.mark.parametrize("formats", [BOTH, [OutputFormat.JSON], [OutputFormat.TXT]])
def test_an_image_that_was_changed_is_stale(image: Path, formats: list[OutputFormat]) -> None:
    read(image, formats=formats)
    image.write_bytes(image.read_bytes() + b"\0")

    finding = only(image.parent)

    assert (finding.kind, finding.path) == (FindingKind.STALE, str(image))
    assert "The image has changed" in finding.detail


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("json", b'"confidence": 0.9', b'"confidence": 1.9'),
        ("json", b"{", b"["),
        ("json", b'"sha256": "', b'"sha256": "x'),
        ("json", b"schema:result:1", b"schema:result:7"),
        ("txt", b"SHA-256:", b"SHA-257:"),
        ("txt", b"Settings:   ", b"Settings:   0123456789abcdef\nElse:      "),
        ("txt", b"w\xc3\xb6rld", b"moon"),
    ],
)
def test_a_result_file_that_was_changed_is_damaged(image: Path, name: str, old: bytes, new: bytes) -> None:
    read(image)
    file = image.with_name(f"{image.stem}_ocr_results.{name}")
    assert old in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(old, new, 1))

    finding = only(image.parent)

    assert (finding.kind, finding.path) == (FindingKind.DAMAGED, str(image))
    assert file.name in finding.detail


@pytest.mark.parametrize("name", ["json", "txt"])
@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_result_file_that_was_cut_off_is_damaged(image: Path, name: str, share: float) -> None:
    read(image)
    file = image.with_name(f"{image.stem}_ocr_results.{name}")
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * share)])

    assert check(image.parent) == [("damaged", image.name)]


def test_a_text_of_an_earlier_reading_does_not_fit(image: Path) -> None:
    read(image)
    read(image, formats=[OutputFormat.JSON], settings=OTHER_SETTINGS)

    finding = only(image.parent)

    assert finding.kind is FindingKind.DAMAGED
    assert "another reading" in finding.detail


def test_a_text_that_was_made_later_may_differ(image: Path) -> None:
    read(image)
    read(image, formats=[OutputFormat.TXT], saved_at="2025-01-31T12:00:01+00:00", text="Something else\n")

    assert only(image.parent).kind is FindingKind.SOUND


def test_numbered_results_belong_to_their_image(image: Path) -> None:
    read(image)
    read(image, number=2)
    assert check(image.parent) == [("sound", image.name)]

    second = image.with_name(f"{image.stem}_ocr_results_2.json")
    second.write_bytes(b"")
    assert check(image.parent) == [("damaged", image.name)]

    second.unlink()
    image.write_bytes(image.read_bytes() + b"\0")
    read(image, number=3)
    assert check(image.parent) == [("stale", image.name)]


def test_images_of_one_stem_are_told_apart(tmp_path: Path, make_images: MakeImages) -> None:
    first, second, third = make_images(tmp_path, 3)
    scan, photo, picture = (tmp_path / name for name in ("a.png", "a.jpg", "a.b.png"))
    for old, new in ((first, scan), (second, photo), (third, picture)):
        old.rename(new)
    read(scan, photo, picture)
    assert [kind for kind, _name in check(tmp_path)] == ["sound"] * 3

    (tmp_path / "a.jpg_ocr_results.json").write_bytes(b"")

    assert check(tmp_path) == [("sound", "a.b.png"), ("damaged", "a.jpg"), ("sound", "a.png")]


def test_a_result_from_before_another_image_came_is_known(tmp_path: Path, make_images: MakeImages) -> None:
    first, second = make_images(tmp_path, 2)
    first = first.rename(tmp_path / "a.png")
    read(first)
    second.rename(tmp_path / "a.jpg")

    assert check(tmp_path) == [("missing", "a.jpg"), ("sound", "a.png")]

    (tmp_path / "a_ocr_results.json").write_bytes(b"")
    assert check(tmp_path) == [("missing", "a.jpg"), ("damaged", "a.png")]

    (tmp_path / "a_ocr_results.txt").unlink()
    assert check(tmp_path) == [("missing", "a.jpg"), ("missing", "a.png"), ("damaged", "a_ocr_results.json")]


def test_a_result_whose_image_is_gone_is_orphaned(image: Path) -> None:
    read(image)
    image.unlink()

    finding = only(image.parent)

    assert finding.kind is FindingKind.ORPHANED
    assert finding.path == str(image.with_name("scan 0000_ocr_results.json"))
    assert f"“{image.name}”" in finding.detail


def test_a_broken_result_without_an_image_is_orphaned(image: Path) -> None:
    read(image, formats=[OutputFormat.TXT])
    file = image.with_name("scan 0000_ocr_results.txt")
    file.write_bytes(b"")
    image.unlink()

    assert check(image.parent) == [("orphaned", file.name)]


def test_an_image_that_was_renamed_leaves_an_orphan(image: Path) -> None:
    read(image)
    image.rename(image.with_name("renamed.png"))

    assert check(image.parent) == [("missing", "renamed.png"), ("orphaned", "scan 0000_ocr_results.json")]


def test_a_copy_of_a_result_under_another_name_belongs_to_nothing(image: Path) -> None:
    read(image, formats=[OutputFormat.JSON])
    file = image.with_name("scan 0000_ocr_results.json")
    file.with_name("copy_ocr_results.json").write_bytes(file.read_bytes())

    assert check(image.parent) == [("sound", image.name), ("orphaned", "copy_ocr_results.json")]


def test_a_folder_that_was_moved_is_still_sound(image: Path, tmp_path: Path) -> None:
    read(image)
    image.parent.rename(tmp_path / "moved")

    assert check(tmp_path / "moved") == [("sound", image.name)]


def test_an_image_that_changed_its_extension_keeps_its_result(image: Path) -> None:
    read(image)
    image.rename(image.with_suffix(".bmp"))

    assert check(image.parent) == [("sound", "scan 0000.bmp")]


def test_hidden_folders_are_left_out_unless_they_are_named(image: Path, make_images: MakeImages) -> None:
    read(image)
    make_images(image.parent / ".hidden", 1)

    assert check(image.parent) == [("sound", image.name)]
    assert check(image.parent / ".hidden") == [("missing", "scan 0000.png")]


def test_a_hidden_image_that_somebody_read_is_checked(image: Path) -> None:
    hidden = image.rename(image.with_name(".scan.png"))
    read(hidden)
    assert check(image.parent) == [("sound", ".scan.png")]

    hidden.write_bytes(hidden.read_bytes() + b"\0")
    assert check(image.parent) == [("stale", ".scan.png")]


def test_temporary_files_are_leftovers(image: Path) -> None:
    read(image)
    left = image.with_name(".ocr-desktop-3fa.json.tmp")
    left.write_bytes(b"{")

    assert check(image.parent) == [("sound", image.name), ("leftover", left.name)]
    assert check(image) == [("sound", image.name)]


@needs_permissions
def test_what_cannot_be_read_is_said(make_images: MakeImages) -> None:
    with open_folder() as folder:
        closed, hidden = make_images(folder / "scans", 2)
        read(closed, hidden)
        closed.chmod(0)
        (folder / "scans" / "sub").mkdir(mode=0)
        (folder / "scans" / "sub").chmod(0)
        with unprivileged():
            findings = check(folder / "scans")

    assert findings == [("unreadable", closed.name), ("sound", hidden.name), ("unreadable", "sub")]


def test_a_pipe_is_not_waited_for(image: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("no named pipes in folders")
    read(image)
    image.unlink()
    os.mkfifo(image)

    assert check(image.parent) == [("unreadable", image.name)]


def test_results_in_an_output_folder(tmp_path: Path, make_images: MakeImages) -> None:
    scans, out = tmp_path / "scans", tmp_path / "out"
    images = make_images(scans, 2) + make_images(scans / "sub", 2) + make_images(scans / "lost", 1)
    read(*images, root=scans, output_dir=out)
    assert [kind for kind, _name in check(scans, output_dir=out)] == ["sound"] * 5
    assert [kind for kind, _name in check(scans)] == ["missing"] * 5

    images[0].unlink()
    images[3].write_bytes(b"changed")
    images[4].unlink()
    (scans / "lost").rmdir()
    (out / "sub" / ".ocr-desktop-1.txt.tmp").write_bytes(b"")

    assert check(scans, output_dir=out) == [
        ("sound", "scan 0001.png"),
        ("orphaned", "scan 0000_ocr_results.json"),
        ("sound", "scan 0000.png"),
        ("stale", "scan 0001.png"),
        ("leftover", ".ocr-desktop-1.txt.tmp"),
        ("orphaned", "scan 0000_ocr_results.json"),
    ]
    assert check(scans, output_dir=out, recursive=False) == [
        ("sound", "scan 0001.png"),
        ("orphaned", "scan 0000_ocr_results.json"),
    ]


def test_several_batches_may_share_an_output_folder(tmp_path: Path, make_images: MakeImages) -> None:
    one, two, out = tmp_path / "one", tmp_path / "two", tmp_path / "out"
    read(*make_images(one, 1), output_dir=out)
    (other,) = make_images(two, 1)
    other = other.rename(two / "other.png")
    read(other, output_dir=out)

    assert check(one, output_dir=out) == [("sound", "scan 0000.png")]
    assert check(two, output_dir=out) == [("sound", "other.png")]


def test_images_of_one_name_may_share_an_output_folder(tmp_path: Path, make_images: MakeImages) -> None:
    one, two, out = tmp_path / "one", tmp_path / "two", tmp_path / "out"
    read(*make_images(one, 1), output_dir=out)
    (other,) = make_images(two, 1, marked={0})
    read(other, output_dir=out, stem=-1)

    for folder in (one, two):
        assert check(folder, output_dir=out) == [("sound", "scan 0000.png")]


def test_what_another_batch_has_lost_is_not_reported(tmp_path: Path, make_images: MakeImages) -> None:
    one, two, out = tmp_path / "one", tmp_path / "two", tmp_path / "out"
    read(*make_images(one, 1), output_dir=out)
    (lost,) = make_images(two / "sub", 1)
    read(lost, root=two, output_dir=out)
    lost.unlink()
    lost.parent.rmdir()

    assert check(one, output_dir=out) == [("sound", "scan 0000.png")]
    assert check(two, output_dir=out)[-1] == ("orphaned", "scan 0000_ocr_results.json")


def test_several_roots_are_mirrored_as_a_batch_does(tmp_path: Path, make_images: MakeImages) -> None:
    one, two, empty, out = (tmp_path / name for name in ("in/one", "in/two", "empty", "out"))
    empty.mkdir()
    images = make_images(one, 1) + make_images(two, 1)
    items = [FoundImage(str(image), str(image.parent)) for image in images]
    for item in plan_items(items, str(out)):
        target = ResultTarget(folder=item.output_dir, stem=item.result_stems[0], token="t")  # noqa: S106
        save_result(document_of(Path(item.path)), target, BOTH)

    assert check(one, two, empty, output_dir=out) == [("sound", "scan 0000.png")] * 2


def test_nothing_comes_twice(tmp_path: Path, make_images: MakeImages) -> None:
    outer = make_images(tmp_path / "scans", 2)
    inner = make_images(tmp_path / "scans" / "sub", 1)
    read(*outer)
    read(*inner)

    findings = found(inner[0].parent, outer[1], tmp_path / "scans", outer[1])

    assert sorted(finding.path for finding in findings) == sorted(map(str, outer + inner))
    assert {finding.kind for finding in findings} == {FindingKind.SOUND}


def test_links_that_lead_round_in_circles_end(image: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("links need a privilege")
    read(image)
    image.with_name("loop").symlink_to(image.parent)

    assert check(image.parent) == [("sound", image.name)]


def test_names_that_are_no_text_do_no_harm(image: Path) -> None:
    names = ["line\nbreak\x1b[31m.png"]
    if sys.platform == "linux":
        names.append("latin\udce4.png")
    for name in names:
        odd = image.with_name(name)
        odd.write_bytes(image.read_bytes() + name.encode("utf-8", "surrogateescape"))
        read(odd)
    read(image)
    assert {kind for kind, _name in check(image.parent)} == {"sound"}

    for name in names:
        image.with_name(name).unlink()

    assert [finding.kind for finding in found(image.parent)][1:] == [FindingKind.ORPHANED] * len(names)
    assert all(finding.detail.isprintable() for finding in found(image.parent))


def test_it_streams_and_ends_when_closed(tmp_path: Path, make_images: MakeImages) -> None:
    make_images(tmp_path / "1", 1)
    (second,) = make_images(tmp_path / "2", 1)
    findings = verify([str(tmp_path)])
    assert isinstance(findings, GeneratorType)

    first = next(findings)
    read(second)  # only looked at when its turn comes

    assert first.kind is FindingKind.MISSING
    assert next(findings).kind is FindingKind.SOUND
    findings.close()
    assert list(findings) == []


def test_nothing_is_changed(tmp_path: Path, image: Path) -> None:
    read(image)
    image.with_name("lost_ocr_results.json").write_bytes(b"")
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in tmp_path.rglob("*")}

    found(tmp_path)

    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in tmp_path.rglob("*")} == before


def test_findings_are_frozen(image: Path) -> None:
    with pytest.raises(AttributeError):
        only(image).kind = FindingKind.SOUND  # type: ignore[misc]
    assert msgspec.structs.replace(only(image), detail="It is.") != only(image)
