"""Exporters: one module for each format that stored results can be written in."""
