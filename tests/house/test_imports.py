"""Imports only go down, and each big library has one room that knows it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.sizes import ROOT


@pytest.fixture
def copied_house(tmp_path) -> Path:
    """Copy the code, so that a test can break a rule in it."""
    for name in ("pcbl_pipeline", "flows"):
        shutil.copytree(
            ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_import_rules_hold(copied_house):
    result = lint_imports(copied_house)

    assert result.returncode == 0, result.stdout


def test_breaking_the_rules_is_noticed(copied_house):
    plant(
        copied_house, "pcbl_pipeline/model/finding.py", "import pcbl_pipeline.storage"
    )
    plant(
        copied_house, "pcbl_pipeline/lake/__init__.py", "import pcbl_pipeline.reading"
    )
    plant(copied_house, "pcbl_pipeline/storage/store.py", "import great_expectations")
    plant(copied_house, "pcbl_pipeline/logs.py", "import prefect")
    plant(copied_house, "pcbl_pipeline/settings.py", "import flows")
    plant(copied_house, "pcbl_pipeline/errors.py", "import boto3")
    plant(copied_house, "pcbl_pipeline/model/progress.py", "import model2vec")

    result = lint_imports(copied_house)

    assert result.returncode == 1
    assert "0 kept, 7 broken" in result.stdout


def plant(house: Path, file: str, line: str) -> None:
    path = house / file
    path.write_text(f"{path.read_text()}\n{line}\n")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter in a process of its own; it finds packages beside itself."""
    program = (
        "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    )
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
