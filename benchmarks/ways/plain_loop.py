"""pytesseract as people write it: one image after another, nothing else.

Paths come in on stdin, NUL-separated.
"""

import sys

import pytesseract
from PIL import Image

for path in sys.stdin.read().split("\0"):
    text = pytesseract.image_to_string(Image.open(path), lang="eng")
    print(path, len(text))
