"""The workspace of the flow run that is under way, opened once per run and process."""

from functools import lru_cache

from prefect import runtime

from pcbl_pipeline.workspace import Workspace, open_workspace


def current_workspace() -> Workspace:
    """Return the workspace of this flow run; the next run sees a changed network."""
    return _open(str(runtime.flow_run.id))


@lru_cache(maxsize=1)
def _open(flow_run_id: str) -> Workspace:  # noqa: ARG001 - the id is the cache's key
    return open_workspace()
