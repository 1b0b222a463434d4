"""Put first on PYTHONPATH: has calls on files fail in worker processes, each result at a call of its own.

``OCR_DESKTOP_TEST_FAULTS`` holds JSON: ``folder`` (what lies below it is concerned), ``errno``, ``due`` (item
id -> number of the call that fails, from 0), ``lasts`` (all further calls fail, too, until the process ends)
and ``marks`` (a folder that remembers which items were troubled: each is only once). So one run over enough
items goes through all the calls that the saving of a result makes.
"""

import builtins
import io
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

_plan = json.loads(os.environ["OCR_DESKTOP_TEST_FAULTS"])
_token = re.compile(r"\.ocr-desktop-batch_\d+_[0-9a-f]+-(\d+)-\d+\.")
_calls: Counter[str] = Counter()
_troubled: set[str] = set()
_open, _fsync = builtins.open, os.fsync


def _meet(call: str, path: object) -> None:
    """Count the call on a file, and fail if it is the one."""
    item = _token.search(path) if isinstance(path, str) and path.startswith(_plan["folder"]) else None
    if item is None or item[1] not in _plan["due"]:
        return
    number = item[1]
    index = _calls[number]
    _calls[number] += 1
    mark = Path(_plan["marks"], number)
    if index == _plan["due"][number] and not mark.exists():
        with _open(mark, "w", encoding="utf-8") as file:
            file.write(call)
        _troubled.add(number)
    elif not (_plan["lasts"] and number in _troubled and call != "unlink"):
        return
    raise OSError(_plan["errno"], os.strerror(_plan["errno"]), path)


class _Writer(io.BufferedWriter):
    """A file of which half is written before the fault."""

    def write(self, content: Any) -> int:  # noqa: ANN401 - any buffer
        try:
            _meet("write", self.name)
        except OSError:
            super().write(bytes(content)[: len(content) // 2])
            super().flush()
            raise
        return super().write(content)


def _faulty_open(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
    if mode in {"xb", "wb"} and isinstance(file, str) and not arguments and options.keys() <= {"opener"}:
        _meet("open", file)
        return _Writer(io.FileIO(file, mode.replace("b", ""), **options))
    return _open(file, mode, *arguments, **options)


def _faulty_fsync(descriptor: int) -> None:
    _meet("fsync", str(Path(f"/proc/self/fd/{descriptor}").readlink()))
    _fsync(descriptor)


def _faulty(call: str, original: Callable[..., None]) -> Any:  # noqa: ANN401
    def wrapped(path: object, *arguments: object, **options: object) -> None:
        _meet(call, path)
        original(path, *arguments, **options)

    return wrapped


if "--multiprocessing-fork" in sys.orig_argv:
    builtins.open = _faulty_open
    os.fsync = _faulty_fsync  # type: ignore[assignment]
    for _name in ("replace", "rename", "link", "unlink"):
        setattr(os, _name, _faulty(_name, getattr(os, _name)))
