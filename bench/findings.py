"""A million findings: what answering them costs beside the ingestion of a clean file.

    python bench/findings.py [ROWS] [PAIRS]

Writes a file of lessons (S5) in which every row breaks four rules (so that 250,000 rows
hold 1,000,000 findings), and the same file without a fault. Ingests both in turn, each
as a process of its own. Prints CPU seconds and peak memory of both and their ratio,
pair by pair, and the sizes of the answer. The findings are counted in both lists.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from ingest import NETWORK, SITE, peak_mb, write_lessons

FAULTS = {
    "lesson_date": "3/9/2026",
    "lesson_type": "Worked!",
    "evidence_type": "hearsay",
    "stage_at_time": "12",
}


def write_pair(clean: Path, broken: Path, rows: int) -> None:
    """Write the file without a fault, and the same with four faults in each row."""
    import polars as pl

    write_lessons(clean, rows)
    table = pl.read_csv(clean, infer_schema=False)
    # The benchmark of ingestion plants about 1 % of faults; here they go.
    fine = table.with_columns(
        pl.col("title").replace("", None).fill_null("A title"),
        lesson_type=pl.lit("worked"),
        lesson_date=pl.lit("2026-03-09"),
    )
    fine.write_csv(clean)
    wrong = {name: pl.lit(value) for name, value in FAULTS.items()}
    fine.with_columns(**wrong).write_csv(broken)


def ingest(path: Path, folder: Path) -> dict[str, object]:
    """Ingest a file in a fresh workspace; return what the answer holds."""
    import polars as pl

    from pcbl_pipeline.lake import layout
    from pcbl_pipeline.operations.ingest import ingest_arrival
    from pcbl_pipeline.settings import Settings
    from pcbl_pipeline.workspace import create_workspace

    settings = Settings(store_url=f"file:{folder}", file_size_limit_mb=10_000)
    workspace = create_workspace(settings, NETWORK)
    key = f"sites/{SITE}/inbox/lessons.csv"
    workspace.store.upload(key, path)
    receipt = ingest_arrival(workspace, key)
    used = resource.getrusage(resource.RUSAGE_SELF)
    answer = folder / layout.answer(SITE, receipt.submission_id, "")
    lists = {
        "csv": pl.scan_csv(answer / "findings.csv", infer_schema=False),
        "parquet": pl.scan_parquet(answer / "findings.parquet"),
    }
    own = pl.col("caused_by").is_null()
    # Remarks on the answer itself, such as a held sentence, are nothing to correct.
    is_error = pl.col("severity") == "error"
    return {
        "cpu": used.ru_utime + used.ru_stime,
        "peak_mb": round(peak_mb()),
        "to_correct": receipt.to_correct,
        "listed": {
            name: table.filter(is_error, ~own | ~pl.col("code").str.starts_with("F16"))
            .select(pl.len())
            .collect(engine="streaming")
            .item()
            for name, table in lists.items()
        },
        "groups": [
            f"{group.code} {group.field}: {group.count:,}"
            for group in receipt.all_findings
        ],
        "sizes_mb": {
            item.name: round(item.stat().st_size / 1e6, 2)
            for item in sorted(answer.iterdir())
        },
    }


def measure(path: Path) -> dict[str, object]:
    """Ingest a file as a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--child", str(path), folder]
        output = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, object] = json.loads(output.stdout.splitlines()[-1])
    return told


def main(rows: int, pairs: int) -> None:
    """Run the pairs and print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        clean, broken = Path(folder) / "clean.csv", Path(folder) / "broken.csv"
        write_pair(clean, broken, rows)
        findings = len(FAULTS) * rows
        print(f"{rows:,} rows, {findings:,} findings, {pairs} pairs")
        ratios = []
        for _ in range(pairs):
            wrong, fine = measure(broken), measure(clean)
            if wrong["to_correct"] != findings or fine["to_correct"] != 0:
                sys.exit(f"to correct: {wrong['to_correct']} and {fine['to_correct']}")
            if set(wrong["listed"].values()) != {findings}:
                sys.exit(f"listed: {wrong['listed']}")
            ratios.append(wrong["cpu"] / fine["cpu"])
            print(
                f"all wrong {wrong['cpu']:.1f} s, {wrong['peak_mb']} MB | "
                f"clean {fine['cpu']:.1f} s, {fine['peak_mb']} MB | "
                f"ratio {ratios[-1]:.2f}, memory {wrong['peak_mb'] / fine['peak_mb']:.2f}"
            )
        print(f"groups: {'; '.join(wrong['groups'])}")
        print(f"files in MB: {wrong['sizes_mb']}")
        print(
            f"CPU of {findings:,} findings / CPU of the clean file: median "
            f"{statistics.median(ratios):.2f}"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(ingest(Path(sys.argv[2]), Path(sys.argv[3]))))
    else:
        main(*[int(a) for a in [*sys.argv[1:], *["250000", "1"][len(sys.argv) - 1 :]]])
