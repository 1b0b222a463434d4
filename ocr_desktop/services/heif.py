"""HEIF: the photos of phones (.heic), which Pillow reads with the help of a plug-in.

The plug-in is imported by the first photo that needs it, so that starting costs nothing.
"""

import functools
import struct

FORMAT = "HEIF"
"""The name under which Pillow knows the format."""

_CODINGS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_CONTAINERS = frozenset({b"mif1", b"msf1"})
"""Brands that say nothing of how the pixels are coded."""
_AVIF_CODINGS = frozenset({b"avif", b"avis"})


def is_heif(head: bytes) -> bool:
    """Whether a file that begins like this is a HEIF photo; AVIF, its cousin, is Pillow's own affair."""
    if head[4:8] != b"ftyp":
        return False
    major = head[8:12]
    if major in _CODINGS:
        return True
    return major in _CONTAINERS and not _AVIF_CODINGS & _compatible_brands(head)


@functools.cache
def register() -> bool:
    """Teach Pillow the format; False if the plug-in is not installed. Calling it again costs nothing."""
    try:
        import pi_heif  # noqa: PLC0415 - a third of a second, for photos only
    except ImportError:
        return False
    # One thread: as many images are read at a time as there are processors.
    pi_heif.register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
    return True


def _compatible_brands(head: bytes) -> frozenset[bytes]:
    (length,) = struct.unpack(">I", head[:4])
    box = head[16 : min(length, len(head))]
    return frozenset(box[at : at + 4] for at in range(0, len(box), 4))
