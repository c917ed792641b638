"""The command line as a set: help, exit codes, and what it may import."""

import json
import re
import shlex
import subprocess
import sys

import pytest
import typer

from pcbl_pipeline import errors
from pcbl_pipeline.cli.app import app
from tests.support.called import called_by
from tests.support.command_line import call, run_process
from tests.support.workspaces import lessons_csv

SLOW_TO_IMPORT = (
    "boto3",
    "deltalake",
    "great_expectations",
    "polars",
    "prefect",
    "pydantic",
)


def commands(group=None, path=()):
    """Yield every command with the words that call it."""
    group = group or typer.main.get_command(app)
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = dict(commands())


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_answers_in_json_when_asked(words):
    options = [name for item in COMMANDS[words].params for name in item.opts]

    assert "--json" in options


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_examples_that_parse(words):
    listed = re.compile(r"^\s*- `(?:\w+=\S+ )?pcbl ([^`|]+)", re.MULTILINE)
    examples = listed.findall(COMMANDS[words].help)

    assert examples
    for example in examples:
        assert called_by(shlex.split(example)).name == COMMANDS[words].name


def test_every_option_has_a_help_text():
    silent = [
        (*words, item.name)
        for words, command in COMMANDS.items()
        for item in command.params
        if item.name != "help" and not getattr(item, "help", None)
    ]

    assert not silent


def test_exit_codes_differ():
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.PipelineError)
    ]
    codes = [kind.exit_code for kind in kinds]

    assert sorted(set(codes)) == sorted(codes)
    operator = [*range(10, 20), *range(30, 40)]
    assert all(k.exit_code in operator for k in leaves(errors.OperatorError))
    assert all(20 <= k.exit_code < 30 for k in leaves(errors.SystemFault))


def leaves(kind):
    return kind.__subclasses__()


def test_what_nobody_foresaw_is_a_fault_of_ours(tmp_path):
    program = (
        "import pcbl_pipeline.cli as cli\n"
        "def fail(): raise ZeroDivisionError\n"
        "cli.app = fail\n"
        "cli.main()\n"
    )

    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert result.returncode == errors.SystemFault.exit_code
    assert "ZeroDivisionError" in result.stderr


def test_wrong_arguments_exit_with_2():
    assert call("ingest", "--no-such-option").exit_code == 2


def test_help_waits_for_nothing_slow():
    assert imported_by("--help") == []


def test_checking_a_file_does_not_wait_for_prefect(workspace, tmp_path):
    (tmp_path / "good.csv").write_bytes(lessons_csv(workspace, 1))

    imported = imported_by("check", str(tmp_path / "good.csv"))

    assert "great_expectations" in imported
    assert "prefect" not in imported


def imported_by(*arguments: str) -> list[str]:
    """Return which slow packages a call of `pcbl` imports."""
    program = (
        "import sys, json\n"
        f"sys.argv = ['pcbl', *{list(arguments)!r}]\n"
        "from pcbl_pipeline.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        f"print(json.dumps([n for n in {SLOW_TO_IMPORT!r} if n in sys.modules]))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return json.loads(result.stdout.splitlines()[-1])


def test_the_installed_command_works(tmp_path):
    result = run_process("--version", cwd=tmp_path)

    assert result.returncode == 0
    assert result.stdout.startswith("pcbl ")
