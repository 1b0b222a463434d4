"""Tesseract's TSV becomes words, lines and blocks with dense indices and boxes inside the image."""

from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.domain.results import Box, Recognition
from ocr_desktop.services.engines.tsv import clip_box, read_tsv, union_box

HEADER = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
PAGE, BLOCK, PARAGRAPH, LINE, WORD = 1, 2, 3, 4, 5


def row(level: int, box: Box = (1, 2, 3, 4), confidence: float = -1, text: str = "") -> str:
    # The columns in between count pages, blocks and so on; the order of the rows says the same.
    return "\t".join(map(str, (level, 1, 0, 0, 0, 0, *box, confidence, text)))


def read(*rows: str, header: str = "") -> Recognition:
    return read_tsv(header + "\n".join(rows) + "\n", "the text\n", width=100, height=50)


def test_a_page_of_two_blocks() -> None:
    recognition = read(
        row(PAGE, (0, 0, 100, 50)),
        row(BLOCK, (0, 0, 90, 20)),
        row(PARAGRAPH),
        row(LINE, (0, 0, 90, 10)),
        row(WORD, (0, 0, 40, 10), 96.5, "Hello"),
        row(WORD, (50, 0, 40, 10), 50, "world"),
        row(PARAGRAPH),
        row(LINE, (0, 10, 90, 10)),
        row(WORD, (0, 10, 40, 10), 100, "again"),
        row(BLOCK, (0, 30, 90, 10)),
        row(PARAGRAPH),
        row(LINE, (0, 30, 90, 10)),
        row(WORD, (0, 30, 40, 10), 0, "End"),
    )

    assert recognition.text == "the text\n"
    assert [(word.text, word.confidence, word.line, word.block) for word in recognition.words] == [
        ("Hello", 0.965, 0, 0),
        ("world", 0.5, 0, 0),
        ("again", 1.0, 1, 0),
        ("End", 0.0, 2, 1),
    ]
    assert [(line.box, line.block, line.paragraph) for line in recognition.lines] == [
        ((0, 0, 90, 10), 0, 0),
        ((0, 10, 90, 10), 0, 1),
        ((0, 30, 90, 10), 1, 0),
    ]
    assert [block.box for block in recognition.blocks] == [(0, 0, 90, 20), (0, 30, 90, 10)]


def test_lines_and_blocks_grow_to_hold_their_words() -> None:
    recognition = read(
        row(BLOCK, (10, 10, 50, 10)),
        row(PARAGRAPH),
        row(LINE, (10, 12, 50, 5)),
        row(WORD, (5, 11, 20, 20), 90, "tall"),
    )

    assert recognition.lines[0].box == (5, 11, 55, 20)
    assert recognition.blocks[0].box == (5, 10, 55, 21)


def test_the_header_of_the_command_line_tool_is_passed_over() -> None:
    rows = (row(BLOCK), row(PARAGRAPH), row(LINE), row(WORD, confidence=90, text="word"))

    assert read(*rows, header=HEADER) == read(*rows)


def test_pictures_and_words_without_confidence_leave_nothing_behind() -> None:
    recognition = read(
        *(row(BLOCK), row(PARAGRAPH), row(LINE), row(WORD, confidence=95, text=" ")),
        *(row(BLOCK), row(PARAGRAPH), row(LINE), row(WORD, confidence=-1, text="ghost")),
        *(
            row(BLOCK, (5, 5, 9, 9)),
            row(PARAGRAPH),
            row(LINE, (5, 5, 9, 9)),
            row(WORD, (5, 5, 9, 9), 80, "real"),
        ),
    )

    assert [(word.text, word.line, word.block) for word in recognition.words] == [("real", 0, 0)]
    assert len(recognition.lines) == 1
    assert [block.box for block in recognition.blocks] == [(5, 5, 9, 9)]


def test_an_empty_page() -> None:
    assert read(row(PAGE, (0, 0, 100, 50))) == Recognition(text="the text\n")
    assert read_tsv("", "", width=1, height=1) == Recognition(text="")


def test_line_separators_of_unicode_and_tabs_stay_inside_a_word() -> None:
    recognition = read(row(BLOCK), row(PARAGRAPH), row(LINE), row(WORD, confidence=80, text="a\u2028b\tc"))

    assert [word.text for word in recognition.words] == ["a\u2028b\tc"]


coordinates = st.integers(-200, 200)
any_box = st.tuples(coordinates, coordinates, coordinates, coordinates)
sides = st.integers(1, 150)


@given(box=any_box, width=sides, height=sides)
def test_a_clipped_box_is_the_part_inside_the_image(box: Box, width: int, height: int) -> None:
    x, y, box_width, box_height = clip_box(box, width=width, height=height)

    inside = {
        (column, line)
        for column in range(max(box[0], 0), min(box[0] + box[2], width))
        for line in (max(box[1], 0), min(box[1] + box[3], height) - 1)
        if box[1] <= line < box[1] + box[3] and 0 <= line < height
    }
    assert 0 <= x <= x + box_width <= width
    assert 0 <= y <= y + box_height <= height
    assert clip_box((x, y, box_width, box_height), width=width, height=height) == (
        x,
        y,
        box_width,
        box_height,
    )
    if inside:
        columns, lines = zip(*inside, strict=True)
        assert (x, y) == (min(columns), min(lines))
        assert (x + box_width - 1, y + box_height - 1) == (max(columns), max(lines))
    else:
        assert box_width * box_height == 0


rows_of_any_kind = st.builds(
    row,
    st.integers(1, 5),
    any_box,
    st.one_of(st.just(-1), st.floats(0, 100)),
    st.text(st.characters(exclude_characters="\n\r\t"), max_size=5),
)


@given(rows=st.lists(rows_of_any_kind, max_size=40))
def test_whatever_the_rows_the_layout_is_consistent(rows: list[str]) -> None:
    recognition = read(*rows)

    words, lines, blocks = recognition.words, recognition.lines, recognition.blocks
    # Dense and in reading order: every line and block is used, and numbered as it first turns up.
    assert list(dict.fromkeys(word.line for word in words)) == list(range(len(lines)))
    assert list(dict.fromkeys(word.block for word in words)) == list(range(len(blocks)))
    assert all(lines[word.line].block == word.block for word in words)
    for block in range(len(blocks)):
        paragraphs = [line.paragraph for line in lines if line.block == block]
        assert list(dict.fromkeys(paragraphs)) == list(range(max(paragraphs) + 1))
    for word in words:
        assert union_box(lines[word.line].box, word.box) == lines[word.line].box
        assert union_box(blocks[word.block].box, lines[word.line].box) == blocks[word.block].box
    boxes = [word.box for word in words] + [line.box for line in lines] + [block.box for block in blocks]
    for x, y, width, height in boxes:
        assert min(x, y, width, height) >= 0
        assert x + width <= 100
        assert y + height <= 50
    assert all(word.text.strip() and 0 <= word.confidence <= 1 for word in words)
    assert 0 <= recognition.confidence <= 1
