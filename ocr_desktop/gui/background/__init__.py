"""Work beside the GUI thread: streams, and loaders of what was asked for last."""
