"""Catalogue of export formats: what can be offered, and which class writes it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import BinaryIO

from ocr_desktop.services.exporters.alto_export import AltoWriter
from ocr_desktop.services.exporters.delimited_export import CsvWriter, TsvWriter
from ocr_desktop.services.exporters.docx_export import DocxWriter
from ocr_desktop.services.exporters.formats import ExportFormat, ExportOptions, ExportWriter
from ocr_desktop.services.exporters.hocr_export import HocrWriter
from ocr_desktop.services.exporters.json_export import JsonLinesWriter, JsonWriter
from ocr_desktop.services.exporters.markdown_export import MarkdownWriter
from ocr_desktop.services.exporters.pdf_export import PdfWriter
from ocr_desktop.services.exporters.text_export import TextWriter
from ocr_desktop.services.exporters.xlsx_export import XlsxWriter

OpenWriter = Callable[[BinaryIO, ExportOptions], ExportWriter]

_ENTRIES: tuple[tuple[ExportFormat, OpenWriter], ...] = (
    (ExportFormat("txt", "Text", "txt", combined=True), TextWriter),
    (ExportFormat("md", "Markdown", "md", combined=True), MarkdownWriter),
    (ExportFormat("pdf", "Searchable PDF", "pdf", combined=True), PdfWriter),
    (ExportFormat("docx", "Word document", "docx", combined=True), DocxWriter),
    (ExportFormat("xlsx", "Excel table", "xlsx", combined=True, has_rows=True), XlsxWriter),
    (ExportFormat("csv", "CSV table", "csv", combined=True, has_rows=True), CsvWriter),
    (ExportFormat("tsv", "TSV table", "tsv", combined=True, has_rows=True), TsvWriter),
    (ExportFormat("json", "JSON", "json", combined=True), JsonWriter),
    (ExportFormat("jsonl", "JSON Lines", "jsonl", combined=True), JsonLinesWriter),
    (ExportFormat("hocr", "hOCR", "hocr", combined=True), HocrWriter),
    (ExportFormat("alto", "ALTO XML", "xml", combined=False), AltoWriter),
)

EXPORT_FORMATS: Mapping[str, ExportFormat] = MappingProxyType({entry.key: entry for entry, _ in _ENTRIES})
"""Key -> format, in the order in which they are offered."""

_WRITERS: Mapping[str, OpenWriter] = {entry.key: writer for entry, writer in _ENTRIES}


def open_writer(key: str, file: BinaryIO, options: ExportOptions) -> ExportWriter:
    """Return a writer of the format ``key`` into ``file``, which is open for writing and empty."""
    return _WRITERS[key](file, options)
