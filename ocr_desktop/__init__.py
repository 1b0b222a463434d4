"""OCR Desktop: reads folders of scans and writes the text beside each image."""

__version__ = "0.1.0"
