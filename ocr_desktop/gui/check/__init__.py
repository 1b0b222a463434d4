"""The check of results: which are sound, and what is wrong with the others."""
