"""The environment in which Prefect runs; set before Prefect is imported, once.

Prefect reads its environment when it is imported, and the runs that it starts in
processes of their own inherit ours; so this is the one place that writes to it. What
the operator has set is never changed. Nothing here imports Prefect.
"""

import os
import tempfile
from hashlib import sha256
from pathlib import Path

_DEFAULTS = {
    # Fresh databases and slow machines need more than Prefect's own 20 seconds.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # Submissions in the order of their arrival, so that a run without a server gives
    # the same receipts each time. More workers are safe: the lake settles conflicts.
    "PREFECT_TASK_RUNNER_THREAD_POOL_MAX_WORKERS": "1",
    # The library's log lines belong to the run that caused them.
    "PREFECT_LOGGING_EXTRA_LOGGERS": "pcbl_pipeline",
    # What the library says outside a run is no run's.
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
}
_QUIET = {
    # The command line says what happens itself; Prefect's lines go to its database.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
}


def prepare_prefect(store_url: str, *, quiet: bool) -> None:
    """Set what Prefect needs, and name the workspace to the runs that it starts."""
    _environment()["PCBL_STORE_URL"] = store_url
    defaults = _DEFAULTS | (_QUIET if quiet else {})
    for name, value in (defaults | _places(store_url)).items():
        _environment().setdefault(name, value)
    # Prefect makes the folder itself, but not those above it.
    Path(_environment()["PREFECT_HOME"]).expanduser().mkdir(parents=True, exist_ok=True)


def _places(store_url: str) -> dict[str, str]:
    """Keep each workspace's runs apart from others', and from the person's own.

    Not inside the workspace: that may be on a network drive or S3, where SQLite
    cannot live.
    """
    home = _cache_folder() / "prefect" / sha256(store_url.encode()).hexdigest()[:16]
    places = {"PREFECT_HOME": str(home)}
    own_profiles = Path("~/.prefect/profiles.toml").expanduser()
    if own_profiles.exists():
        # Whoever chose a server in a profile goes on using it.
        places["PREFECT_PROFILES_PATH"] = str(own_profiles)
    return places


def _cache_folder() -> Path:
    named = _environment().get("XDG_CACHE_HOME")
    folder = Path(named) if named else Path("~/.cache").expanduser()
    writable = os.access(folder if folder.exists() else folder.parent, os.W_OK)
    return (folder if writable else Path(tempfile.gettempdir())) / "pcbl-pipeline"


def _environment() -> "os._Environ[str]":
    return os.environ  # noqa: TID251 - see the module's docstring
