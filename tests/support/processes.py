"""Programs that run beside a test, and waiting for what they do."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def running(
    *command: object, log: Path, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program; stop it as Ctrl-C would. Its output goes to a file."""
    environ = {**os.environ, **environment}  # noqa: TID251 - a process needs it whole
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            stop(process)


def stop(process: subprocess.Popen[bytes]) -> int:
    """Stop a program as Ctrl-C would, and return its exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        return process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def wait_for(look: Callable[[], T | None], *, seconds: float, log: Path) -> T:
    """Return what a look finds once it finds something; fail with the log."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(
        f"nothing within {seconds} s; the log says:\n{log.read_text()}"
    )


def free_port() -> int:
    """Return a port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
