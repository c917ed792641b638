"""Watch: notice files as they are dropped into the inboxes of a folder.

A change only says that it is time to look; what there is to do always follows from
the inboxes and the ledger, so that a missed or doubled notice does no harm.
"""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event

from watchfiles import Change, watch

from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.submission import Arrival
from pcbl_pipeline.operations.receive import find_arrivals
from pcbl_pipeline.workspace import Workspace

#: Look even without a notice: network drives may give none.
_SWEEP_SECONDS = 60.0
#: A submission on which we failed is offered again after this long.
_TRY_AGAIN_SECONDS = 600.0


class Settling:
    """Says when a dropped file has stopped changing, and when to offer it again.

    An arrival's id changes with every change of the file, so a file that is still
    being written is a new arrival at each look, and waits anew.
    """

    def __init__(self, quiet_seconds: float) -> None:
        """Take how long a file must have been left alone."""
        self._quiet_seconds = quiet_seconds
        self._due: dict[str, float] = {}

    def is_due(self, now: float) -> bool:
        """Tell whether something that was seen is to be looked at again."""
        return any(due <= now for due in self._due.values())

    def take_settled(self, arrivals: Sequence[Arrival], now: float) -> list[Arrival]:
        """Return the arrivals to ingest now; what is not among them is forgotten."""
        fresh = now + self._quiet_seconds
        self._due = {
            item.arrival_id: self._due.get(item.arrival_id, fresh) for item in arrivals
        }
        settled = [item for item in arrivals if self._due[item.arrival_id] <= now]
        for item in settled:
            self._due[item.arrival_id] = now + _TRY_AGAIN_SECONDS
        return settled


def watch_inboxes(workspace: Workspace, folder: Path, stop: Event) -> Iterator[Arrival]:
    """Yield what waits in the inboxes, then each file soon after it was dropped.

    Units: a file is yielded once it was left alone for `listen_quiet_seconds`.
    """
    settling = Settling(workspace.settings.listen_quiet_seconds)
    swept = float("-inf")
    for noticed in _notices(folder, workspace.settings.listen_quiet_seconds, stop):
        now = time.monotonic()
        if noticed or settling.is_due(now) or now - swept >= _SWEEP_SECONDS:
            swept = now
            yield from settling.take_settled(find_arrivals(workspace), now)


def _notices(folder: Path, quiet_seconds: float, stop: Event) -> Iterator[bool]:
    """Yield whether an inbox changed, several times in the quiet time."""

    def is_in_an_inbox(_change: Change, path: str) -> bool:
        key = Path(path).relative_to(folder).as_posix()
        return layout.sender_of_inbox_key(key) is not None

    looks = watch(
        folder / layout.SITES,
        watch_filter=is_in_an_inbox,
        stop_event=stop,
        rust_timeout=max(50, min(500, int(quiet_seconds * 400))),
        yield_on_timeout=True,
    )
    for changes in looks:
        yield bool(changes)
