"""The viewer: an image with boxes around its words on the left, its text to correct on the right."""
