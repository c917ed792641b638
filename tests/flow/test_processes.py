"""The doors in processes of their own: without a server, and with a real one."""

import json
import sys
from pathlib import Path

import httpx
import pytest

from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.receipt import Receipt
from tests.support.command_line import PCBL, run_process
from tests.support.processes import free_port, running, stop, wait_for
from tests.support.workspaces import SITE, drop, lessons_csv

PREFECT = Path(sys.executable).parent / "prefect"


def receipts_in(folder: Path) -> list[Receipt]:
    found = folder.glob(f"{layout.outbox(SITE)}*/receipt.json")
    return [Receipt.model_validate_json(path.read_bytes()) for path in found]


def test_listening_without_a_server_answers_within_seconds(workspace, tmp_path):
    log, errors = tmp_path / "log", tmp_path / "errors"
    errors.touch()
    script = f"exec {PCBL} listen --json 2>{errors}"
    with running("bash", "-c", script, log=log) as listener:
        wait_for(lambda: "Listening" in errors.read_text(), seconds=120, log=errors)
        drop(workspace, "a.csv", lessons_csv(workspace, 1))
        line = wait_for(log.read_text, seconds=60, log=errors)

        assert stop(listener) == 0
    assert Receipt.model_validate_json(line).rows.accepted == 1
    assert "Traceback" not in errors.read_text()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Run a real Prefect server; return its address."""
    folder, port = tmp_path_factory.mktemp("server"), free_port()
    url = f"http://127.0.0.1:{port}/api"
    options = ("--host", "127.0.0.1", "--port", port, "--no-ui")
    log = folder / "log"
    environment = {"PREFECT_HOME": str(folder), "PREFECT_API_URL": url}
    with running(PREFECT, "server", "start", *options, log=log, **environment):
        wait_for(lambda: answers(f"{url}/health"), seconds=120, log=log)
        yield url


def answers(url: str) -> dict | bool | None:
    try:
        response = httpx.get(url)
    except httpx.TransportError:
        return None
    return response.json() if response.is_success else None


def test_with_a_server_a_drop_becomes_a_run_there(workspace, server, tmp_path):
    environment = {"PREFECT_API_URL": server, "PREFECT_RUNNER_POLL_FREQUENCY": "1"}
    serving, listening = tmp_path / "serving", tmp_path / "listening"
    deployed = f"{server}/deployments/name"
    with running(PCBL, "serve", log=serving, **environment) as runner:
        wait_for(
            lambda: answers(f"{deployed}/publish/publish"), seconds=120, log=serving
        )
        with running(PCBL, "listen", log=listening, **environment) as listener:
            drop(workspace, "a.csv", lessons_csv(workspace, 1))
            [receipt] = wait_for(
                lambda: receipts_in(tmp_path / "store"), seconds=120, log=serving
            )
            assert stop(listener) == 0
        stop(runner)

    assert receipt.rows.accepted == 1
    runs = httpx.post(f"{server}/flow_runs/filter", json={}).json()
    ingested = [run for run in runs if run["name"].startswith("ingest-")]
    assert [run["parameters"]["inbox_key"] for run in ingested] == [
        f"{layout.inbox(SITE)}a.csv"
    ]
    assert not answers(f"{deployed}/nightly/nightly")["paused"]


def test_a_night_with_a_server_answers_in_json(workspace, server, tmp_path):
    drop(workspace, "a.csv", lessons_csv(workspace, 1))

    result = run_process(
        "nightly",
        "--as-of",
        "2026-11-20",
        "--json",
        cwd=tmp_path,
        PREFECT_API_URL=server,
    )

    assert result.returncode == 0, result.stderr
    answer = json.loads(result.stdout)
    assert [item["status"] for item in answer["receipts"]] == ["accepted"]
    assert answer["release"]["as_of"] == "2026-11-20"
    runs = httpx.post(f"{server}/flow_runs/filter", json={}).json()
    assert any(run["state_type"] == "COMPLETED" for run in runs)
