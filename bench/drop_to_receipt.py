"""From drop to receipt: how long a site waits for the answer to a workbook.

    python bench/drop_to_receipt.py [ROWS] [DROPS]

Starts `pcbl listen` on a folder and drops workbooks of lessons (S5) into an inbox, one
after the other, each with texts of its own and about 1 % faulty rows. Prints the
median, the 95th percentile and the longest of the times until the receipt lies in the
outbox. Beside each drop the same workbook is read with python-calamine and written as
Parquet, in a process of its own that is started anew; the ratio of the two medians
does not depend on the machine.

The quiet time for which a file is left alone before it is read is part of the wait.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ingest import NETWORK, SITE, write_lessons

_PATIENCE_SECONDS = 300
_BARE = """
import sys
import polars as pl
from python_calamine import CalamineWorkbook
rows = CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()
text = [[str(value) for value in row] for row in rows]
pl.DataFrame(text[1:], schema=text[0], orient="row").write_parquet(sys.argv[2])
"""


def write_workbook(path: Path, rows: int, number: int) -> None:
    """Write a workbook of lessons that no other drop repeats."""
    import polars as pl

    table = path.with_suffix(".csv")
    write_lessons(table, rows)
    lessons = pl.read_csv(table, infer_schema=False).with_columns(
        situation=pl.concat_str("situation", pl.lit(f" Drop {number}."))
    )
    lessons.write_excel(path)


def bare_seconds(path: Path) -> float:
    """Read a workbook and write it as Parquet without any checks."""
    started = time.monotonic()
    target = path.with_suffix(".parquet")
    subprocess.run([sys.executable, "-c", _BARE, path, target], check=True)
    return time.monotonic() - started


def drop_seconds(path: Path, workspace: Path) -> float:
    """Drop a workbook and wait for its receipt."""
    outbox = workspace / "sites" / SITE / "outbox"
    known = set(outbox.glob("*/receipt.json"))
    started = time.monotonic()
    path.rename(workspace / "sites" / SITE / "inbox" / path.name)
    while not set(outbox.glob("*/receipt.json")) - known:
        if time.monotonic() - started > _PATIENCE_SECONDS:
            sys.exit(f"{path.name} was not answered")
        time.sleep(0.01)
    return time.monotonic() - started


def main(rows: int, drops: int) -> None:
    """Drop workbooks one after the other and print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        workspace, outside = Path(folder) / "store", Path(folder) / "outside"
        outside.mkdir()
        workspace.mkdir()
        (workspace / "network.yaml").write_text(NETWORK, encoding="utf-8")
        pcbl = [Path(sys.executable).with_name("pcbl"), "--workspace", str(workspace)]
        subprocess.run([*pcbl, "init"], check=True, capture_output=True)
        listening = subprocess.Popen(
            [*pcbl, "listen"],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        try:
            wait_until_listening(listening)
            waits, bare = [], []
            for number in range(drops):
                path = outside / f"lessons {number}.xlsx"
                write_workbook(path, rows, number)
                bare.append(bare_seconds(path))
                waits.append(drop_seconds(path, workspace))
        finally:
            listening.terminate()
            listening.wait()
    show(rows, waits, bare)


def wait_until_listening(listening: subprocess.Popen[str]) -> None:
    """Return once `pcbl listen` says so."""
    for line in listening.stderr or []:
        if line.startswith("Listening"):
            return
    sys.exit("pcbl listen ended before it listened")


def show(rows: int, waits: list[float], bare: list[float]) -> None:
    """Print the figures; the first drop warms the process up and is told apart."""
    first, later = waits[0], sorted(waits[1:])
    p95 = later[max(0, -(-len(later) * 95 // 100) - 1)]
    middle, plain = statistics.median(later), statistics.median(bare)
    print(
        f"{len(waits)} workbooks of {rows:,} rows, from drop to receipt: first "
        f"{first:.1f} s, then median {middle:.1f} s, 95th percentile {p95:.1f} s, "
        f"longest {later[-1]:.1f} s"
    )
    print(f"bare reading and Parquet: median {plain:.1f} s; ratio {middle / plain:.1f}")


if __name__ == "__main__":
    main(*[int(a) for a in [*sys.argv[1:], *["2000", "21"][len(sys.argv) - 1 :]]])
