"""Guide, architecture and decisions; as a package it holds what takes the pictures."""
