"""The list of images behind the grid: which there are, in which order, how far each one is."""
