"""What the pages tell people to type, set or open is what there is."""

import importlib.util
import re
import shlex
from collections.abc import Iterator

import pytest
from typer.main import get_command

from pcbl_pipeline.cli.app import app
from pcbl_pipeline.errors import OperatorError, PipelineError, SystemFault
from pcbl_pipeline.settings import Settings
from tests.support.pages import page, pages
from tests.support.sizes import ROOT, tracked_files

#: Scripts that call the command line too.
SCRIPTS = ("Makefile", ".ci/run", "infra/setup.sh")
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
PCBL = get_command(app)
ROOMS = (
    r"(?:pcbl_pipeline|flows|tests|expectations|docs|infra|bench|\.ci)/[\w./-]*[\w/]"
)


def lines_of_code() -> Iterator[tuple[str, str]]:
    """Yield page and line of everything that is set as code, and of the scripts."""
    for item in pages():
        yield from ((item.name, line.strip()) for line in item.code)
    for name in SCRIPTS:
        yield from ((name, line) for line in (ROOT / name).read_text().splitlines())


def calls_of(program: str) -> Iterator[tuple[str, list[str]]]:
    """Yield page and arguments of every call of a program, up to a pipe or comment."""
    before = r"(?:^|/|[|&;] *)(?:[A-Z_]+=\S+ +)*"
    start = re.compile(rf"{before}{program} (?=[a-z-])([^|#&;]*)")
    for name, line in lines_of_code():
        if line.startswith("#"):
            continue
        for match in start.finditer(line):
            yield name, shlex.split(match.group(1).replace("'", ""))


def test_readme_begins_with_the_two_commands():
    (first, second) = re.findall(r"^make [a-z]+", page("README.md").text, re.M)[:2]

    assert (first, second) == ("make demo", "make test")


def test_every_make_target_that_is_named_exists():
    named = {(name, words[0]) for name, words in calls_of("make")}
    named = {item for item in named if re.fullmatch("[a-z]+", item[1])}

    assert named
    assert not {item for item in named if item[1] not in TARGETS}


def unknown_part(words: list[str]) -> str | None:
    """Return the command or option of a `pcbl` call that does not exist."""
    command, rest = PCBL, list(words)
    while rest:
        word = rest.pop(0)
        options = {name: item for item in command.params for name in item.opts}
        if word.startswith("-"):
            name = word.split("=")[0]
            if name not in options and name not in {"--help", "-h"}:
                return word
            if "=" not in word and rest and takes_value(options.get(name)):
                rest.pop(0)
        elif hasattr(command, "commands"):
            if word not in command.commands:
                return word
            command = command.commands[word]
    return None


def takes_value(option) -> bool:
    return option is not None and not getattr(option, "is_flag", False)


def test_every_pcbl_command_and_option_that_is_named_exists():
    unknown = {
        (name, " ".join(words), part)
        for name, words in calls_of("pcbl")
        if (part := unknown_part(words))
    }

    assert not unknown


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["nightly"], None),
        (["--workspace", "demo", "sync", "--dry-run"], None),
        (["contracts", "show", "lesson_learned", "--json"], None),
        (["fly"], "fly"),
        (["contracts", "fly"], "fly"),
        (["sync", "--fly"], "--fly"),
    ],
    ids=str,
)
def test_a_call_that_does_not_exist_is_noticed(words, part):
    assert unknown_part(words) == part


def commands_of(group, above: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands_of(command, f"{above}{name} ")
        else:
            yield f"pcbl {above}{name}"


def test_readme_lists_every_command():
    text = page("README.md").text

    assert not [name for name in commands_of(PCBL) if f"`{name}" not in text]


def test_every_setting_is_explained_and_every_one_named_exists():
    known = {f"PCBL_{name.upper()}" for name in Settings.model_fields}
    named = {
        setting
        for item in pages()
        for setting in re.findall(r"\bPCBL_[A-Z_]+\b", item.text)
    }

    assert named <= known
    assert known <= set(re.findall(r"\bPCBL_[A-Z_]+\b", page("README.md").text))


def test_every_file_that_is_named_exists():
    tracked = tracked_files()
    there = {path.relative_to(ROOT).as_posix() for path in tracked}
    there |= {
        folder.relative_to(ROOT).as_posix()
        for path in tracked
        for folder in path.parents
        if folder.is_relative_to(ROOT)
    }
    named = {
        (name, found.rstrip("/"))
        for name, line in lines_of_code()
        for found in re.findall(rf"(?:^|\s)({ROOMS})(?:\s|$|:)", line)
    }

    assert not {item for item in named if item[1] not in there}


def test_every_module_that_is_run_exists():
    named = {
        (name, module)
        for name, line in lines_of_code()
        for module in re.findall(r"python -m ([\w.]+)", line)
    }

    assert not {item for item in named if importlib.util.find_spec(item[1]) is None}


_KINDS = (OperatorError, SystemFault)


def errors_below(root: type[PipelineError]) -> Iterator[type[PipelineError]]:
    for error in root.__subclasses__():
        yield from errors_below(error)
        # Kinds of errors such as `OperatorError` have the code that all share.
        is_told_apart = "exit_code" in vars(error) and error not in _KINDS
        if error.__module__ == PipelineError.__module__ and is_told_apart:
            yield error


def test_runbook_names_every_exit_code_with_its_error():
    rows = re.findall(
        r"^\| ([0-9]+) \| `(\w+)`", page("docs/operations.md").text, re.MULTILINE
    )

    expected = {(str(e.exit_code), e.__name__) for e in errors_below(PipelineError)}
    assert set(rows) == expected
