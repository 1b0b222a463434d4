"""Markdown: each image under a heading of its own, its text as it stands, nothing of it taken for markup."""

import re

from ocr_desktop.domain.naming import display_name
from ocr_desktop.services.exporters.formats import StoredResult, StreamWriter
from ocr_desktop.services.exporters.page_texts import clean, page_texts

_MARKUP = re.compile(r"([\\`*_\[\]<>&|~$])")
_AT_LINE_START = re.compile(r"^([#+\-=:])")
_NUMBERED = re.compile(r"^(\d+)([.)])")
_PARAGRAPHS = re.compile(r"\n(?:[^\S\n]*\n)+")


class MarkdownWriter(StreamWriter):
    """Writes Markdown (CommonMark) in UTF-8."""

    def render(self, result: StoredResult) -> bytes:
        """Return heading and text, with a rule before it unless it comes first."""
        texts = page_texts(result.document)
        parts = [f"# {escape(display_name(result.image_path))}"]
        for number, text in enumerate(texts, 1):
            if number > 1:
                parts.append("---")
            if len(texts) > 1:
                parts.append(f"## {number}")
            parts += _paragraphs(text)
        rule = "\n---\n\n" if self.count else ""
        return (rule + "\n\n".join(parts) + "\n").encode("utf-8", "replace")


def escape(line: str) -> str:
    """Return one line of text so that it is shown as it stands."""
    line = _MARKUP.sub(r"\\\1", line.strip())
    line = _AT_LINE_START.sub(r"\\\1", line)
    return _NUMBERED.sub(r"\1\\\2", line)


def _paragraphs(text: str) -> list[str]:
    blocks = (block.strip("\n") for block in _PARAGRAPHS.split(clean(text)))
    return ["\\\n".join(escape(line) for line in block.split("\n")) for block in blocks if block.strip()]
