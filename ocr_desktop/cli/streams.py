"""Standard streams that may be closed, full, of another encoding, or read by somebody who has left."""

import contextlib
import io
import os
import sys
from collections.abc import Iterable


def repair_streams() -> None:
    """Make sure that there are streams 0 to 2, and that they take any text.

    Where the caller has closed some (``>&-``), or a windowed program on Windows has none, they lead nowhere;
    otherwise the next file that is opened would take their place.
    """
    for descriptor in range(3):
        with contextlib.suppress(OSError):
            try:
                os.fstat(descriptor)
            except OSError:
                # The lowest number that is free, so this one; workers need it as well.
                os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - to the end
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def write_stdout(content: bytes) -> bool:
    """Write to stdout and flush it; return False if the reader has gone, which is its own business.

    Raises:
        OSError: If it cannot be written for another reason, such as a full disk.
    """
    try:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.flush()
            sys.stdout.buffer.write(content)
        else:
            sys.stdout.write(content.decode("utf-8"))
        sys.stdout.flush()
    except BrokenPipeError:
        abandon_stdout()
        return False
    except OSError:
        abandon_stdout()
        raise
    return True


def write_pieces(pieces: Iterable[bytes]) -> None:
    """Write one piece after the other to stdout, as long as somebody reads.

    Raises:
        OSError: If it cannot be written for another reason, such as a full disk.
    """
    for piece in pieces:
        if not write_stdout(piece):
            return


def abandon_stdout() -> None:
    """Let what is still to be written to stdout lead nowhere, so that the end of the program is quiet."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
