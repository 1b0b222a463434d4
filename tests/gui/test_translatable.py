"""Every text that a user sees is marked for translation, in a way that the tool which gathers them finds."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import ocr_desktop.gui
from ocr_desktop.domain.options import describe_settings
from ocr_desktop.gui.settings import setting_texts

SOURCES = sorted(Path(ocr_desktop.gui.__file__).parent.rglob("*.py"))
SHOWING = {
    "QAction", "QCheckBox", "QGroupBox", "QLabel", "QListWidgetItem", "QMenu", "QPushButton", "QRadioButton",
    "PrimaryButton", "addAction", "addButton", "addItem", "addMenu", "addRow", "addTab",
    "getExistingDirectory", "getOpenFileNames", "getSaveFileName",
    "say", "setAccessibleDescription", "setAccessibleName",
    "setDetailedText", "setFormat", "setHeaderLabels", "setHorizontalHeaderLabels", "setInformativeText",
    "setPlaceholderText", "setPlainText", "setPrefix", "setSpecialValueText", "setStatusTip", "setSuffix",
    "setTabText", "setText", "setTitle", "setToolTip", "setWhatsThis", "setWindowTitle", "showMessage",
    "show_message", "show_text",
}  # fmt: skip
"""What shows its arguments to a user."""
MARKING = {"tr", "translate", "QT_TRANSLATE_NOOP", "QT_TR_NOOP"}
BUILDING = {"format", "join", "str", "replace", "strip"}
"""What makes a text of texts."""
WORD = re.compile(r"[^\W\d_]{2}")


def called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def bare_words(node: ast.AST) -> Iterator[str]:
    """Yield the words of an expression that are not marked."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and WORD.search(node.value):
            yield node.value
        return
    for part in parts_of(node):
        yield from bare_words(part)


def parts_of(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may end up in the text that an expression makes."""
    if isinstance(node, ast.Call):
        if called(node) in BUILDING and isinstance(node.func, ast.Attribute):
            yield node.func.value
        if called(node) in {"format", "join", "str"}:
            yield from node.args
    elif isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, (ast.JoinedStr, ast.BinOp, ast.BoolOp, ast.FormattedValue, ast.List)):
        yield from ast.iter_child_nodes(node)


def unmarked(source: str) -> list[str]:
    """Return the texts that are shown and not marked."""
    return [
        f"line {call.lineno}: {words}"
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and called(call) in SHOWING
        for argument in call.args
        for words in bare_words(argument)
    ]


def out_of_sight(source: str) -> list[str]:
    """Return the calls that mark something which cannot be read in the source, or under another's name."""
    found = []
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and called(call) == "tr":
            owner = call.func.value if isinstance(call.func, ast.Attribute) else None
            if not is_self(owner) or not isinstance(call.args[0], ast.Constant):
                found.append(f"line {call.lineno}: {ast.unparse(call)}")
    return found


def is_self(owner: ast.AST | None) -> bool:
    """Whether a text is gathered under the name of the class in which it will be looked for."""
    return isinstance(owner, ast.Name) and owner.id in {"self", "cls"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_text_is_marked(path: Path) -> None:
    source = path.read_text("utf-8")
    assert not unmarked(source)
    assert not out_of_sight(source)


def test_unmarked_texts_are_found() -> None:
    assert unmarked('label.setText("Hello")') == ["line 1: Hello"]
    assert unmarked('QLabel(f"{count} images")') == ["line 1:  images"]
    assert unmarked('menu.addAction(icon, "A" if x == "on" else "Off {n}".format(n=1))') == [
        "line 1: Off {n}"
    ]
    assert not unmarked('label.setText(self.tr("Hello {name}").format(name=x) + "…")')
    assert not unmarked("label.setText(f\"{name}: {texts['key']} 12 \")")
    assert out_of_sight("self.tr(word)")
    assert out_of_sight('window.tr("Hello")')
    assert not out_of_sight('self.tr("%n image(s)", "", 3)')
    assert out_of_sight('tr("Hello")')


def test_the_texts_of_settings_are_listed_for_translation() -> None:
    infos = describe_settings().values()
    wanted = {text for info in infos for text in (info.label, info.help)}
    assert set(setting_texts.TEXTS) == wanted
