"""OCR engines: one small protocol, two adapters, and finding out which of them is usable."""
