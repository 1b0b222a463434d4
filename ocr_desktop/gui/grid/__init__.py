"""The grid of thumbnails: geometry, drawing, selection, and loading of what is seen."""
