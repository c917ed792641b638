"""What Prefect finds in its environment, and what stays the operator's."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.environment import prepare_prefect

URL = "file:pilots"


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """Let the code under test write to a copy of the environment."""
    copy = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    monkeypatch.setattr(os, "environ", copy)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "cache").mkdir()
    return copy


def test_runs_without_a_server_have_time_to_start_and_send_nothing(environment):
    prepare_prefect(URL, quiet=True)

    assert environment["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] == "120"
    assert environment["DO_NOT_TRACK"] == "1"
    assert environment["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"


def test_what_the_operator_set_stays(environment):
    environment["PREFECT_API_URL"] = "http://127.0.0.1:4200/api"
    environment["PREFECT_HOME"] = environment["XDG_CACHE_HOME"]
    environment["DO_NOT_TRACK"] = "0"
    before = dict(environment)

    prepare_prefect(URL, quiet=True)

    assert before.items() <= environment.items()


def test_each_workspace_has_runs_of_its_own_outside_itself(environment, tmp_path):
    prepare_prefect(URL, quiet=True)
    first = environment.pop("PREFECT_HOME")
    prepare_prefect("s3://pilots", quiet=True)

    assert first != environment["PREFECT_HOME"]
    assert first.startswith(f"{tmp_path}/cache/pcbl-pipeline/")
    assert Path(first).is_dir()


def test_a_persons_own_profile_is_still_read(environment, tmp_path):
    profiles = tmp_path / ".prefect" / "profiles.toml"
    profiles.parent.mkdir()
    profiles.write_text("")

    prepare_prefect(URL, quiet=True)

    assert environment["PREFECT_PROFILES_PATH"] == str(profiles)


def test_processes_started_by_a_run_find_the_same_workspace(environment):
    prepare_prefect(URL, quiet=False)

    assert environment["PCBL_STORE_URL"] == URL
    assert "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL" not in environment


def test_the_environment_is_prepared_without_importing_prefect():
    program = "import sys, flows.environment; sys.exit('prefect' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
