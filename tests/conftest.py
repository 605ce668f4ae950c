"""Hypothesis profiles and the fixtures that every test may use."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from hypothesis import settings

# In CI the examples are the same on every run; elsewhere each run looks somewhere new.
REPEATABLE = "CI" in os.environ

settings.register_profile("dev", max_examples=40, deadline=None, print_blob=True, derandomize=REPEATABLE)
settings.register_profile("ci", max_examples=60, deadline=None, print_blob=True, derandomize=True)
settings.register_profile("deep", max_examples=250, deadline=None, print_blob=True, derandomize=REPEATABLE)
settings.load_profile("dev")  # --hypothesis-profile is read later and wins.

# The audit events by which a program reaches out: files, processes and threads. Sockets are matched by their prefix.
OUTSIDE = frozenset(
    {
        "_thread.start_new_thread",
        "open",
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.listdir",
        "os.posix_spawn",
        "os.scandir",
        "os.spawn",
        "os.startfile",
        "os.system",
        "subprocess.Popen",
        "urllib.Request",
    }
)


class ReachedOutside(AssertionError):
    """Code that should only compute opened a file, a socket, a process or a thread."""


class Watch:
    """An audit hook that is on for one thread at a time; Python offers no way to remove a hook."""

    def __init__(self) -> None:
        self.thread: int | None = None
        self.installed = False
        self.reached: ReachedOutside | None = None

    def hook(self, event: str, arguments: tuple[object, ...]) -> None:
        """Raise on an event that reaches outside, while the calling thread is watched."""
        if self.thread is None or self.thread != threading.get_ident():
            return
        if event in OUTSIDE or event.startswith("socket."):
            self.thread = None  # Reporting the failure may itself open files.
            self.reached = ReachedOutside(event, *arguments)
            raise self.reached

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Watch this thread until the block ends, and raise at its end what the code inside may have swallowed."""
        if not self.installed:
            sys.addaudithook(self.hook)
            self.installed = True
        self.thread, self.reached = threading.get_ident(), None
        try:
            yield
        finally:
            self.thread = None
        if self.reached is not None:
            raise self.reached


WATCH = Watch()


@pytest.fixture
def no_outside_world() -> Callable[[], AbstractContextManager[None]]:
    """Give a context manager in which opening a file, a socket, a process or a thread raises at once.

    Everything the code needs from outside has to be loaded before: `with no_outside_world(): rate(contract, events)`.
    """
    return WATCH
