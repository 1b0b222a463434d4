"""Fakes: real classes that stand where a test needs a certain behaviour."""
