"""Memory and time of reading a large text file, up to the dataset it is.

    python bench/reading_memory.py [MEGABYTES]

Writes lessons (S5) as CSV in several shapes and reads each in a process of its own:
recognised, and every row gone through once, as counting them does. Prints the peak of
the resident set, the rows per CPU second and the disk used beside the file. The whole
ingestion is measured by `ingest_memory.py`.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from pcbl_pipeline.contracts.catalogue import load_catalogue

SITE = "0499901"
#: Lines that are written at a time.
BLOCK = 2_000


def rows_of(block: int) -> Iterator[list[str]]:
    """Make rows of lessons that differ, by the contract's own examples."""
    contract = load_catalogue().get("lesson_learned")
    story = " ".join(f.example for f in contract.fields if f.type == "narrative")
    examples = [
        story[:400] if f.type == "narrative" else f.example for f in contract.fields
    ]
    names = list(contract.field_names)
    for number in range(block):
        cells = list(examples)
        cells[names.index("lesson_id")] = f"{SITE}-2026-{number % 1000:03d}"
        cells[names.index("title")] = f"Número {number}, “piloto”"
        yield cells


def quoted(cells: list[str], delimiter: str = ",") -> str:
    """Write a record with every cell in quotation marks."""
    return delimiter.join('"' + cell.replace('"', '""') + '"' for cell in cells)


def regular(cells: list[str]) -> str:
    """Write a record as a spreadsheet does."""
    return quoted(cells) + "\r\n"


def broken_lines(cells: list[str]) -> str:
    """Write a record with line breaks inside cells and one stray quotation mark."""
    return quoted([c.replace(". ", ".\n") for c in cells[:-1]]) + f',{cells[-1]}"\n'


#: Shape → how its records are written, and in which encoding.
SHAPES: dict[str, tuple[Callable[[list[str]], str], str]] = {
    "regular UTF-8": (regular, "utf-8"),
    "regular Windows-1252": (regular, "cp1252"),
    "regular UTF-16": (regular, "utf-16-le"),
    "irregular UTF-8": (broken_lines, "utf-8"),
    "irregular Windows-1252": (broken_lines, "cp1252"),
}


def write(path: Path, shape: str, megabytes: int) -> int:
    """Write a file of a shape; return its rows."""
    record, encoding = SHAPES[shape]
    names = list(load_catalogue().get("lesson_learned").field_names)
    block = "".join(map(record, rows_of(BLOCK))).encode(encoding)
    blocks = max(1, megabytes * 10**6 // len(block))
    with path.open("wb") as file:
        file.write(regular(names).encode(encoding))
        for _ in range(blocks):
            file.write(block)
    return blocks * BLOCK


def read(path: Path) -> dict[str, float]:
    """Read and recognise a file in this process, and measure it."""
    from pcbl_pipeline.reading.header import known_words
    from pcbl_pipeline.reading.read import read_file
    from pcbl_pipeline.reading.recognise import recognise_all

    catalogue = load_catalogue()
    result = read_file(
        path, "lessons.csv", size_limit_bytes=10**11, known=known_words(catalogue)
    )
    (item,) = recognise_all(result, catalogue).recognitions
    assert item.contract is not None
    scratch = item.table.scratch
    beside = sum(f.stat().st_size for f in scratch.folder.iterdir()) if scratch else 0
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "rows": item.table.row_count,
        "peak_mb": usage.ru_maxrss / 1024,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "scratch_mb": beside / 10**6,
    }


def main(megabytes: int) -> None:
    """Measure every shape and print a table."""
    print(f"{os.cpu_count()} cores, files of {megabytes} MB")
    for shape in SHAPES:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "lessons.csv"
            rows = write(path, shape, megabytes)
            command = [sys.executable, __file__, "--child", str(path)]
            output = subprocess.run(
                command, check=True, capture_output=True, text=True
            ).stdout
        told = json.loads(output.splitlines()[-1])
        if told["rows"] != rows:
            sys.exit(f"{shape}: {told['rows']} rows read of {rows}")
        print(
            f"{shape:<24} peak {told['peak_mb']:>5.0f} MB | "
            f"{told['cpu_seconds']:>5.1f} CPU s, {rows / told['cpu_seconds']:>8,.0f} "
            f"rows per CPU s | {told['scratch_mb']:>5.0f} MB on disk beside"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(read(Path(sys.argv[2]))))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
