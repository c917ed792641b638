"""Calling `pcbl`: in this process for speed, in one of its own for the truth."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from pcbl_pipeline.cli.app import app

PCBL = Path(sys.executable).parent / "pcbl"


def call(*arguments: object) -> Result:
    """Call `pcbl` in this process."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def call_json(*arguments: object, exit_code: int = 0) -> Any:
    """Call `pcbl … --json` in this process; stdout must be one JSON document."""
    result = call(*arguments, "--json")
    assert result.exit_code == exit_code, result.output
    return json.loads(result.stdout)


def run_process(
    *arguments: object, cwd: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run `pcbl` in a process of its own."""
    return subprocess.run(
        [str(PCBL), *[str(argument) for argument in arguments]],
        cwd=cwd,
        env={**os.environ, **environment},  # noqa: TID251 - a process needs it whole
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
