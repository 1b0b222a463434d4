"""The accuracy benchmark: scores, halves, tables, and the report."""

from pathlib import Path

import msgspec
import pytest

from benchmarks.accuracy.__main__ import main
from benchmarks.accuracy.measuring import Row
from benchmarks.accuracy.readers import OURS, STOCK
from benchmarks.accuracy.report import as_html
from benchmarks.accuracy.scans import TRUTH, Scan, load_set
from benchmarks.accuracy.scores import character_error_rate, word_f1
from benchmarks.accuracy.table import as_text, losses, summarise
from tests.fakes.pages import draw_text

ROW = Row(
    reader=STOCK,
    set_name="letters",
    half=0,
    image="a.png",
    path="a.png",
    megapixels=1.0,
    word_f1=0.8,
    error_rate=0.2,
    cpu_seconds=0.5,
    seconds=0.6,
    confidence=0.9,
    text="text",
    note="",
)


def row(**values: object) -> Row:
    return msgspec.structs.replace(ROW, **values)


def make_set(folder: Path, count: int) -> Path:
    folder.mkdir()
    truths = [{"image": f"{number}.png", "text": f"page {number}", "lang": "eng"} for number in range(count)]
    (folder / TRUTH).write_bytes(b"\n".join(msgspec.json.encode(truth) for truth in truths))
    return folder


@pytest.mark.parametrize(
    ("text", "truth", "f1"),
    [
        ("a b c", "A B C", 1.0),
        ("", "", 1.0),
        ("", "a", 0.0),
        ("a b", "a b c d", 2 * 2 / 6),
        ("a a a", "a", 2 * 1 / 4),
        ("c\n b  a", "a b c", 1.0),
    ],
)
def test_words_are_counted_as_multisets(text: str, truth: str, f1: float) -> None:
    assert word_f1(text, truth) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("text", "truth", "rate"),
    [
        ("Hello  world\n", "HELLO WORLD", 0.0),
        ("hallo", "hello", 0.2),
        ("b a", "a b", 2 / 3),
        ("", "abcd", 1.0),
        ("much too long a text", "abc", 1.0),
        ("", "", 0.0),
        ("a", "", 1.0),
    ],
)
def test_characters_are_compared_in_order(text: str, truth: str, rate: float) -> None:
    assert character_error_rate(text, truth) == pytest.approx(rate)


def test_halves_depend_on_the_seed_alone(tmp_path: Path) -> None:
    folder = make_set(tmp_path / "letters", 21)
    first, again, other = (load_set(folder, seed=seed, sample=None) for seed in (1, 1, 2))
    assert first == again
    assert [scan.half for scan in first] != [scan.half for scan in other]
    assert sum(scan.half for scan in first) == 10


def test_a_sample_keeps_the_halves_of_the_whole(tmp_path: Path) -> None:
    folder = make_set(tmp_path / "letters", 30)
    halves = {scan.name: scan.half for scan in load_set(folder, seed=1, sample=None)}
    sample = load_set(folder, seed=1, sample=8)
    assert len(sample) == 8
    assert {scan.name: scan.half for scan in sample}.items() <= halves.items()
    assert sum(scan.half for scan in sample) == 4
    assert len(load_set(folder, seed=1, sample=99)) == 30


def test_the_table_compares_with_stock_on_the_same_images() -> None:
    rows = [
        row(),
        row(reader=OURS, word_f1=0.9, error_rate=0.1, cpu_seconds=0.25),
        row(image="b.png", half=1, megapixels=9.0),
        row(image="b.png", half=1, megapixels=9.0, reader=OURS, word_f1=0.7),
    ]
    summaries = {(summary.group, summary.reader): summary for summary in summarise(rows)}
    first = summaries["letters, half 1", OURS]
    assert (first.images, first.f1_gain, first.error_ratio, first.cpu_ratio) == (1, 0.1, 0.5, 0.5)
    assert summaries["letters", OURS].f1_gain == pytest.approx(0.0)
    assert summaries["all sets", STOCK].f1_gain is None
    assert summaries["over 8 megapixels", OURS].images == 1
    assert "letters, half 2" in as_text(summaries.values())


def test_images_that_lose_are_named_with_what_was_done() -> None:
    rows = [
        row(),
        row(reader=OURS, word_f1=0.76),
        row(image="b.png"),
        row(image="b.png", reader=OURS, word_f1=0.7, note="scale 2"),
    ]
    assert [(loss.image, loss.note) for loss in losses(rows)] == [("b.png", "scale 2")]


def test_the_report_escapes_what_was_read() -> None:
    rows = [row(text="<script>"), row(reader=OURS, text="<b>", note="a & b", path="missing.png")]
    page = as_html(["heading"], summarise(rows), [], rows, {("letters", "a.png"): "<i>"}, worst=5)
    assert "<script>" not in page
    assert "&lt;b&gt;" in page
    assert "&lt;i&gt;" in page
    assert "a &amp; b" in page


def test_a_whole_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_set(tmp_path / "letters", 2)
    for scan in load_set(folder, seed=1, sample=None):
        draw_text(width=500, height=300, font=18, lines=3).save(scan.path)
    report, figures = tmp_path / "report.html", tmp_path / "figures.json"
    outputs = ["--html", str(report), "--json", str(figures)]
    assert main([str(folder), "--readers", f"{STOCK},{OURS}", *outputs]) == 0
    printed = capsys.readouterr().out
    assert "seed 1" in printed
    assert "tesseract 5" in printed
    assert "data:image/jpeg" in report.read_text(encoding="utf-8")
    found = msgspec.json.decode(figures.read_bytes())
    assert {one["reader"] for one in found["rows"]} == {STOCK, OURS}


def test_an_image_that_cannot_be_read_counts_as_unread(tmp_path: Path) -> None:
    folder = make_set(tmp_path / "letters", 1)
    (scan,) = load_set(folder, seed=1, sample=None)
    Path(scan.path).write_bytes(b"no image")
    figures = tmp_path / "figures.json"
    assert main([str(folder), "--readers", STOCK, "--json", str(figures)]) == 0
    (only,) = msgspec.json.decode(figures.read_bytes())["rows"]
    assert only["word_f1"] == 0
    assert "not read" in only["note"]


def test_an_unknown_reader_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(make_set(tmp_path / "letters", 1)), "--readers", "crystal-ball"]) == 2
    assert "crystal-ball" in capsys.readouterr().err


def test_a_scan_knows_its_set(tmp_path: Path) -> None:
    (scan,) = load_set(make_set(tmp_path / "letters", 1), seed=1, sample=None)
    assert isinstance(scan, Scan)
    assert (scan.set_name, scan.name) == ("letters", "0.png")
