"""A run on a disk that fills up: ``python -m tests.faults.small_disk FOLDER PLACE``, in a mount namespace.

Everything happens in the namespace, because nobody outside sees the disk. ``PLACE`` says what is on it: the
``results``, or ``everything``, the list of jobs included.
"""

import contextlib
import subprocess
import sys
from pathlib import Path

from tests.faults.campaign import Scene
from tests.faults.invariants import check_everything

_IMAGES = 18
_STOPS = {5}
"""Exit codes of a run that cannot write."""
_READ_BEFORE = 6
"""Images that are read before the disk is full."""
_BLOCK = 4096


def main(folder: Path, place: str) -> None:
    """Fill the disk up, see the run stop, make room, and see it completed."""
    disk = folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", disk], check=True)
    with Scene(disk / "scene" if place == "everything" else folder / "scene", engine="SLOW") as scene:
        if place == "results":
            scene.scans = scene.results = disk / "scans"
        scene.outputs = folder
        scene.trace_file = folder / "trace.txt"
        scene.add_images(_IMAGES)
        filler = disk / "filler"
        run = scene.start_run()
        scene.wait_for_trace(_READ_BEFORE)
        _fill(filler)
        assert run.wait() in _STOPS, (run.process.returncode, run.out, run.err)
        said = run.out + run.err
        assert "full" in said, said
        assert "Traceback" not in run.err, run.err
        filler.unlink()
        scene.finish()
        check_everything(scene, harms=scene.workers * 4)


def _fill(filler: Path) -> None:
    """Use up what room there is."""
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        for size in (_BLOCK, 1):
            while file.write(b"\0" * size):
                pass


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
