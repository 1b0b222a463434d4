"""The upper part of the window: the grid with its filters, folder tree, previews and actions."""
