"""Takes the pictures of the documentation from the real window."""
