"""Memory of the whole ingestion of a large file, beside a bare conversion of it.

    python bench/ingest_memory.py [MEGABYTES] [PERCENT]

Writes competency records (S11) as CSV: one file without a fault, and one in which
PERCENT of the rows break two rules each. Ingests, each as a process of its own: the
clean file; the clean file with one row more, in its place in the same workspace; and
the faulty file. Prints the peak of the resident set, seconds, findings, and the CPU time
beside that of Polars writing the same CSV as Parquet without any check. Counts the rows
in the lake, in quarantine and in both lists of findings.
"""

import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl
from ingest import NETWORK, SITE, peak_mb

#: Rows that are written at a time.
BLOCK = 100_000
SKILLS = 50


def hashed(number: int, kind: str) -> str:
    """Make the key of an invented person."""
    return hashlib.sha256(f"{kind} {number}".encode()).hexdigest()


def write(path: Path, megabytes: int, percent: int) -> int:
    """Write records of so many megabytes; return their number."""
    start = 0
    with path.open("wb") as file:
        while file.tell() < megabytes * 10**6:
            records(start, percent).write_csv(file, include_header=start == 0)
            start += BLOCK
    assert pl.scan_csv(path).select(pl.len()).collect().item() == start
    return start


def records(start: int, percent: int) -> pl.DataFrame:
    """Make a block of records; the keys of all blocks differ."""
    numbers = range(start, start + BLOCK)
    learners = {n: hashed(n, "learner") for n in {i // SKILLS for i in numbers}}
    teachers = {n: hashed(n, "teacher")[:32] for n in {i // 1000 for i in numbers}}
    number = pl.col("number")
    faulty = number * 7919 % 100 < percent
    day = pl.date(2025, 10, 1) + pl.duration(days=number * 31 % 200)
    first = pl.date(2025, 9, 1) + pl.duration(days=number * 17 % 20)
    school = (number // SKILLS % 90 + 10).cast(pl.String).str.zfill(5)
    level = pl.when(faulty).then(7).otherwise(number * 13 % 4 + 1)
    setting = pl.when(faulty).then(pl.lit("wherever!")).otherwise(pl.lit("work_based"))
    frame = pl.DataFrame(
        {
            "number": numbers,
            "student_key": [learners[i // SKILLS] for i in numbers],
            "teacher_of_record_keys": [teachers[i // 1000] for i in numbers],
        }
    )
    return frame.select(
        schema_version=pl.lit("1.0"),
        site_id=pl.lit(SITE),
        school_year=pl.lit("2025-2026"),
        ncessch=pl.format("{}{}", pl.lit(SITE), school),
        student_key="student_key",
        grade_level=pl.lit("09"),
        student_groups=pl.lit("HI7;ECODIS"),
        competency_uri=pl.format("SCCCR:ELA.5.RL.MC.{}.b", number % SKILLS),
        level=level,
        evidence_count=number % 9,
        first_evidence_on=first,
        demonstrated_on=day,
        learning_setting=setting,
        credits_earned=pl.lit("0.25"),
        credits_possible=pl.lit("0.5"),
        teacher_of_record_keys="teacher_of_record_keys",
        expected_by=pl.lit("2026-05-29"),
    )


def ingest(path: Path, folder: Path) -> dict[str, object]:
    """Ingest a file in a workspace; return what the answer and the lake hold."""
    from pcbl_pipeline.lake import layout
    from pcbl_pipeline.operations.ingest import ingest_arrival
    from pcbl_pipeline.settings import Settings
    from pcbl_pipeline.workspace import create_workspace

    settings = Settings(store_url=f"file:{folder}", file_size_limit_mb=100_000)
    workspace = create_workspace(settings, NETWORK)
    key = f"sites/{SITE}/inbox/{path.name}"
    workspace.store.upload(key, path)
    began = time.monotonic()
    receipt = ingest_arrival(workspace, key)
    seconds = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    answer = folder / layout.answer(SITE, receipt.submission_id, "")
    counted = {
        "lake": workspace.lake.current("competency_record"),
        "quarantine": workspace.quarantine.rows(),
        "csv": pl.scan_csv(answer / "findings.csv", infer_schema=False),
        "parquet": pl.scan_parquet(answer / "findings.parquet"),
    }
    return {
        "peak_mb": peak_mb(),
        "seconds": seconds,
        "cpu": used.ru_utime + used.ru_stime,
        "accepted": receipt.rows.accepted,
        "quarantined": receipt.rows.quarantined,
        "to_correct": receipt.to_correct,
        "counted": {
            name: rows.select(pl.len()).collect(engine="streaming").item()
            for name, rows in counted.items()
        },
    }


def convert(path: Path, folder: Path) -> dict[str, object]:
    """Write a CSV as Parquet with Polars, streaming, without any check."""
    pl.scan_csv(path, infer_schema=False).sink_parquet(folder / "bare.parquet")
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "peak_mb": peak_mb(),
        "cpu": used.ru_utime + used.ru_stime,
    }


def run(what: str, path: Path, folder: Path) -> dict[str, object]:
    """Do one thing as a process of its own."""
    command = [sys.executable, __file__, what, str(path), str(folder)]
    output = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, object] = json.loads(output.stdout.splitlines()[-1])
    return told


def tell(name: str, told: dict[str, object], bare: dict[str, object]) -> None:
    """Print one line, and stop where rows or findings were lost."""
    counted = told["counted"]
    assert isinstance(counted, dict)
    if (counted["lake"], counted["quarantine"]) != (
        told["accepted"],
        told["quarantined"],
    ):
        sys.exit(f"{name}: {told}")
    if not counted["csv"] == counted["parquet"] >= told["to_correct"]:
        sys.exit(f"{name}: {told}")
    print(
        f"{name:<22} peak {told['peak_mb']:>5.0f} MB | {told['seconds']:>6.1f} s, "
        f"{told['cpu']:>6.1f} CPU s | {told['accepted']:>9,} accepted, "
        f"{told['to_correct']:>9,} to correct | CPU / bare conversion "
        f"{told['cpu'] / bare['cpu']:.1f}"
    )


def main(megabytes: int, percent: int) -> None:
    """Run all three and print a table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clean, faulty = folder / "clean.csv", folder / "faulty.csv"
        rows = write(clean, megabytes, 0)
        print(f"{rows:,} rows, {clean.stat().st_size / 10**6:,.0f} MB")
        bare = run("convert", clean, folder)
        print(f"bare conversion: {bare['peak_mb']:.0f} MB, {bare['cpu']:.1f} CPU s")
        tell("clean", run("ingest", clean, folder / "one"), bare)
        with clean.open("a") as file:
            last = records(rows, 0).head(1).write_csv(include_header=False)
            file.write(last)
        tell("in place of the first", run("ingest", clean, folder / "one"), bare)
        clean.unlink()
        write(faulty, megabytes, percent)
        tell("faulty", run("ingest", faulty, folder / "two"), bare)


if __name__ == "__main__":
    if sys.argv[1:2] in (["ingest"], ["convert"]):
        work = {"ingest": ingest, "convert": convert}[sys.argv[1]]
        print(json.dumps(work(Path(sys.argv[2]), Path(sys.argv[3]))))
    else:
        arguments = [int(item) for item in sys.argv[1:]]
        main(*[*arguments, *[1_000, 12][len(arguments) :]])
