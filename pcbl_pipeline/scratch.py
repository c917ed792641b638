"""Scratch: a folder for what is written while a file is worked on, gone with its owner.

What does not belong here: what is written there.
"""

import shutil
import weakref
from pathlib import Path
from tempfile import mkdtemp


class Scratch:
    """A temporary folder that lasts as long as this object does.

    Whoever reads from it holds the object. It is for the machine's own
    disk and for this process alone; what is in it is as private as the file itself.
    """

    def __init__(self) -> None:
        """Make the folder."""
        self.folder = Path(mkdtemp(prefix="pcbl-scratch-"))
        # Not `TemporaryDirectory`, which warns when nobody closes it.
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        self._held: list[Scratch] = []

    def hold(self, other: "Scratch") -> None:
        """Let another folder last as long as this one."""
        self._held.append(other)
