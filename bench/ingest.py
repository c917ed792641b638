"""Ingest against a plain pyarrow CSV → Parquet conversion of the same file.

    python bench/ingest.py [ROWS] [PAIRS]

Writes a file of lessons (S5) with about 1 % faulty rows, then runs in turn, each as a
process of its own: the whole ingestion (read, recognise, validate with Great
Expectations on Polars, land in Delta Lake, quarantine, receipt) and pyarrow's
`read_csv` + `write_table` without any checks. Prints rows per CPU second of both and
the ratio, pair by pair; the rows of both are counted on disk.

The start of a process counts, so small files show what starting costs.
"""

import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from pcbl_pipeline.contracts.catalogue import load_catalogue

SITE = "0499901"
FAULTY_SHARE = 0.01
NETWORK = """
name: Invented network of the benchmark
fictional: true
states: [{fips: "04", code: AZ, name: Arizona, agency_name: Invented agency}]
sites: [{site_id: "0499901", name: Invented district}]
"""


def peak_mb() -> float:
    """Return the peak of this process alone; `ru_maxrss` begins with its parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    kilobytes = int(status.split("VmHWM:")[1].split()[0])
    return kilobytes * 1024 / 10**6


def write_lessons(path: Path, rows: int) -> None:
    """Write lessons whose texts differ, a few of them with one fault."""
    import polars as pl

    rng = random.Random(20261122)
    catalogue = load_catalogue()
    contract = catalogue.get("lesson_learned")
    words = " ".join(
        f.example for f in contract.fields if f.type == "narrative"
    ).split()
    columns: dict[str, list[str]] = {}
    for field in contract.fields:
        codes = catalogue.codes_of(field)
        if field.type == "narrative":
            length = 8 if field.name == "title" else 40
            columns[field.name] = [
                " ".join(rng.choices(words, k=length)) for _ in range(rows)
            ]
        elif codes and field.type == "code":
            columns[field.name] = rng.choices(codes.values, k=rows)
        else:
            columns[field.name] = [field.example] * rows
    columns["lesson_id"] = [f"{SITE}-2026-{n % 1000:03d}" for n in range(rows)]
    columns["revision"] = [str(n // 1000 + 1) for n in range(rows)]
    columns["site_id"] = [SITE] * rows
    columns["schema_version"] = ["1.0"] * rows
    columns["stage_at_time"] = [str(n % 5) for n in range(rows)]
    faults = [("lesson_type", "Worked!"), ("lesson_date", "2026-02-30"), ("title", "")]
    for n in rng.sample(range(rows), int(rows * FAULTY_SHARE)):
        name, value = rng.choice(faults)
        columns[name][n] = value
    pl.DataFrame(columns).write_csv(path)


def ingest(path: Path, folder: Path) -> int:
    """Ingest the file in a fresh workspace; return accepted + quarantined on disk."""
    from pcbl_pipeline.operations.ingest import ingest_arrival
    from pcbl_pipeline.settings import Settings
    from pcbl_pipeline.workspace import create_workspace

    settings = Settings(store_url=f"file:{folder}", file_size_limit_mb=10_000)
    workspace = create_workspace(settings, NETWORK)
    key = f"sites/{SITE}/inbox/lessons.csv"
    workspace.store.upload(key, path)
    ingest_arrival(workspace, key)
    accepted = workspace.lake.current("lesson_learned").collect().height
    return accepted + workspace.quarantine.rows().collect().height


def convert(path: Path, folder: Path) -> int:
    """Convert the file with pyarrow alone; return the rows on disk."""
    import pyarrow.csv as pc
    import pyarrow.parquet as pq

    out = folder / "lessons.parquet"
    # A text may hold anything but a line break here; pyarrow's own defaults do.
    pq.write_table(pc.read_csv(path), out, compression="zstd")
    rows: int = pq.read_metadata(out).num_rows
    return rows


def measure(what: str, path: Path) -> tuple[float, float, int]:
    """Run one of the two as a process; return CPU seconds, peak MB and rows on disk."""
    with tempfile.TemporaryDirectory() as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, __file__, "--child", what, str(path), folder]
        output = subprocess.run(command, check=True, capture_output=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
    told = json.loads(output.stdout.splitlines()[-1])
    return cpu, told["peak_mb"], told["rows"]


def child(what: str, path: Path, folder: Path) -> None:
    """Do the work of one process and say what stands on disk."""
    rows = {"ingest": ingest, "pyarrow": convert}[what](path, folder)
    print(json.dumps({"rows": rows, "peak_mb": round(peak_mb())}))


def main(rows: int, pairs: int) -> None:
    """Run the pairs and print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lessons.csv"
        write_lessons(path, rows)
        print(f"{rows:,} rows, {path.stat().st_size / 1e6:.0f} MB, {pairs} pairs")
        ratios = []
        for _ in range(pairs):
            ours, our_peak, our_rows = measure("ingest", path)
            plain, plain_peak, plain_rows = measure("pyarrow", path)
            if our_rows != rows or plain_rows != rows:
                sys.exit(f"rows on disk: ingest {our_rows}, pyarrow {plain_rows}")
            ratios.append(ours / plain)
            print(
                f"ingest {rows / ours:>9,.0f} rows per CPU second ({ours:.1f} s, "
                f"{our_peak} MB) | pyarrow {rows / plain:>9,.0f} ({plain:.1f} s, "
                f"{plain_peak} MB) | ratio {ours / plain:.1f}"
            )
        print(
            f"CPU of ingest / CPU of pyarrow CSV→Parquet: median "
            f"{statistics.median(ratios):.1f}, from {min(ratios):.1f} to {max(ratios):.1f}"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        main(*[int(a) for a in [*sys.argv[1:], *["100000", "3"][len(sys.argv) - 1 :]]])
