"""The command line: a batch without a window."""
