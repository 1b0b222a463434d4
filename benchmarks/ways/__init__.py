"""Ways of reading a folder, to compare this program with."""
