"""A watch over the network: notes every internet socket that a program and its children open.

Two ways: Python itself reports sockets and look-ups of names in every interpreter that the program starts,
and the system is asked again and again which connections its processes have, which also sees native code.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path

import psutil

_HOOK = """
import os, socket, sys

def _note(event, arguments):
    if event == "socket.__new__" and arguments[1] != getattr(socket, "AF_UNIX", None):
        _write(event, arguments[1])
    elif event in {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}:
        _write(event, arguments[0])
    elif event in {"socket.connect", "socket.bind", "socket.sendto"} and isinstance(arguments[1], tuple):
        _write(event, arguments[1])

def _write(event, about):
    line = f"{os.getpid()} {event} {about}\\n".encode()
    file = os.open(os.environ["NETWORK_WATCH_NOTES"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(file, line)
    os.close(file)

with open(os.environ["NETWORK_WATCH_NOTES"] + ".interpreters", "a") as file:
    file.write(f"{os.getpid()}\\n")
sys.addaudithook(_note)
"""
_TICK = 0.02


class Watched:
    """What a run did."""

    def __init__(self, done: "subprocess.CompletedProcess[str]", folder: Path, seen: set[str]) -> None:
        self.done = done
        self.connections = seen
        """Of any process of the run, as the system tells."""
        notes = folder / "notes"
        self.notes = notes.read_text().splitlines() if notes.exists() else []
        """Of the interpreters: ``process event about``."""
        self.interpreters = len((folder / "notes.interpreters").read_text().splitlines())
        """How many have been watched."""


def run_watched(command: list[str], folder: Path, cwd: Path) -> Watched:
    """Run a command to its end, and watch it with all that it starts. Notes are kept in ``folder``."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(_HOOK, encoding="utf-8")
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH", "")))),
        "NETWORK_WATCH_NOTES": str(folder / "notes"),
    }
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=cwd, env=environment
    )
    seen: set[str] = set()
    ended = threading.Event()
    sampler = threading.Thread(target=_sample, args=(process.pid, seen, ended), name="network-sampler")
    sampler.start()
    try:
        out, err = process.communicate(timeout=120)
    finally:
        ended.set()
        sampler.join()
        process.kill()
    return Watched(subprocess.CompletedProcess(command, process.returncode, out, err), folder, seen)


def _sample(pid: int, seen: set[str], ended: threading.Event) -> None:
    own = psutil.Process(pid)
    while not ended.wait(_TICK):
        try:
            family = [own, *own.children(recursive=True)]
        except psutil.Error:
            return
        for member in family:
            try:
                connections = member.net_connections(kind="inet")
                seen.update(f"{member.pid} {member.name()} {connection}" for connection in connections)
            except psutil.Error:
                continue


def is_possible() -> bool:
    """Whether the system tells an ordinary user about the connections of his own processes."""
    try:
        psutil.Process().net_connections(kind="inet")
    except psutil.AccessDenied:
        return False
    return sys.version_info >= (3, 11)
