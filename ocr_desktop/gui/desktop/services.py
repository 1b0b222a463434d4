"""What is asked of the desktop. Each platform answers in its own way, or not at all; nobody waits for it."""

from enum import Enum, auto
from typing import Protocol

import msgspec


class Mood(Enum):
    """How the progress in the task bar looks."""

    NORMAL = auto()
    PAUSED = auto()
    TROUBLE = auto()
    """The run has paused by itself."""


class TaskbarProgress(Protocol):
    """Shows progress on the window's entry in the task bar or dock. GUI thread; never waits, never raises."""

    def show(self, done: int, total: int, mood: Mood) -> None:
        """Show how far the run is."""
        ...

    def clear(self) -> None:
        """Show no progress."""
        ...


class Notifier(Protocol):
    """Tells somebody who looks elsewhere. GUI thread; never waits, never raises."""

    def notify(self, title: str, text: str) -> None:
        """Show a notification; plain text."""
        ...


class SleepGuard(Protocol):
    """Keeps the machine from falling asleep by itself. GUI thread; never waits, never raises."""

    def hold(self, reason: str) -> None:
        """Hold sleep off from now on; asked twice, once is enough."""
        ...

    def release(self) -> None:
        """Allow it again."""
        ...


class Desktop(msgspec.Struct, frozen=True):
    """The services of one desktop."""

    taskbar: TaskbarProgress
    notifier: Notifier
    sleep: SleepGuard
    parts: "tuple[Stoppable, ...]" = ()
    """What has to be ended with the window."""

    def stop(self) -> None:
        """End all of it. Calling it twice does no harm."""
        self.taskbar.clear()
        self.sleep.release()
        for part in self.parts:
            part.stop()


class Stoppable(Protocol):
    """Something that has to be ended."""

    def stop(self) -> None:
        """End it."""
        ...


class Nothing:
    """A desktop that can do nothing of this."""

    def show(self, done: int, total: int, mood: Mood) -> None:
        """Do nothing."""

    def clear(self) -> None:
        """Do nothing."""

    def notify(self, title: str, text: str) -> None:
        """Do nothing."""

    def hold(self, reason: str) -> None:
        """Do nothing."""

    def release(self) -> None:
        """Do nothing."""
