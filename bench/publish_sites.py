"""Publishing an edition for each of many sites: time, memory, and what writing costs.

    python bench/publish_sites.py [SITES] [FEWER]

Invents a network of SITES sites (500) with rows of every dataset that a mirror report
tells, and publishes all its editions into a fresh folder, as a process of its own; the
same for FEWER sites (50), which shows how memory grows; and then writes the very same
files once more without making them. Prints wall and CPU seconds, peak memory, files,
and the ratios. The release is checked file by file.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from pcbl_pipeline.workspace import Workspace

Row = dict[str, object]
AS_OF = date(2026, 11, 20)
ELEMENTS = [*(f"CBE{n}" for n in range(1, 8)), *(f"DC{n:02d}" for n in range(1, 11))]
WINDOWS = [
    (year, window)
    for year in ("2024-2025", "2025-2026", "2026-2027")
    for window in ("fall", "spring")
][:5]
GROUPS = [*("ALL", "AM7", "AS7", "BL7", "HI7", "WH7", "MU7", "ECODIS", "LEP", "IDEA")]


def network_yaml(sites: int) -> str:
    """Return the definition of an invented network."""
    states = ("04", "32", "38", "45")
    ids = [f"{states[n % 4]}{99000 + n // 4:05d}" for n in range(sites)]
    return "\n".join(
        (
            "name: Invented network of the benchmark",
            "fictional: true",
            "states:",
            *(
                f'  - {{fips: "{fips}", code: A{"ABCD"[n]}, name: State {n}, '
                f"agency_name: Invented agency {n}}}"
                for n, fips in enumerate(states)
            ),
            "sites:",
            *(f'  - {{site_id: "{name}", name: Site {name}}}' for name in ids),
        )
    )


def frames(workspace: "Workspace") -> "dict[str, pl.DataFrame]":
    """Return rows of every dataset, as the lake would hold them."""
    import polars as pl

    from pcbl_pipeline.contracts.schema import row_schema

    rows = {name: [] for name in workspace.catalogue.contracts}
    for number, site in enumerate(workspace.network.sites):
        for dataset, made in rows_of(number, site.site_id):
            rows[dataset].append({"sender_id": site.site_id, **made})
    return {
        name: pl.DataFrame(made, schema=row_schema(workspace.catalogue.get(name)))
        for name, made in rows.items()
    }


def rows_of(number: int, site_id: str) -> Iterator[tuple[str, Row]]:
    """Yield the rows of one site as (dataset, row)."""
    own: Row = {"site_id": site_id}
    for make in (_profiles, _ratings, _outcomes, _work):
        yield from make(own, number, site_id)


def _profiles(own: Row, number: int, site_id: str) -> Iterator[tuple[str, Row]]:
    for year in ("2024-2025", "2025-2026", "2026-2027"):
        yield (
            "site_profile",
            {
                **own,
                "school_year": year,
                "state_fips": site_id[:2],
                "site_name": f"Site {site_id}",
                "consent_publish_name": "YN"[number % 2],
            },
        )


def _ratings(own: Row, number: int, _: str) -> Iterator[tuple[str, Row]]:
    for place, (year, window) in enumerate(WINDOWS):
        for item, element in enumerate(ELEMENTS):
            yield (
                "implementation_status",
                {
                    **own,
                    "school_year": year,
                    "window": window,
                    "element_code": element,
                    "stage": min(4, (number + item + place) % 5),
                    "is_priority_next": "Y" if item == number % 17 else "N",
                },
            )


def _outcomes(own: Row, number: int, _: str) -> Iterator[tuple[str, Row]]:
    for metric in (f"M{n:02d}" for n in range(1, 7)):
        for year in ("2023-2024", "2025-2026"):
            for group in GROUPS:
                yield (
                    "outcome_metric",
                    {
                        **own,
                        "school_year": year,
                        "metric_code": metric,
                        "grade_band": "ALL",
                        "student_group": group,
                        "pilot_scope": "all_students",
                        "numerator": 40 + number % 9,
                        "denominator": 90,
                        "is_baseline": "Y" if year == "2023-2024" else "N",
                    },
                )


def _work(own: Row, number: int, site_id: str) -> Iterator[tuple[str, Row]]:
    for construct in ("agency", "belonging", "engagement", "support"):
        yield (
            "perception_survey",
            {
                **own,
                "school_year": "2025-2026",
                "window": "spring",
                "respondent": "student",
                "instrument": "local_equivalent",
                "construct_code": construct,
                "student_group": "ALL",
                "n_invited": 100,
                "n_responded": 80,
                "n_favorable": 50 + number % 9,
            },
        )
    for item in range(2):
        yield (
            "ta_request",
            {
                **own,
                "ta_request_id": f"{site_id}-R{item}",
                "school_year": "2026-2027",
                "requested_on": date(2026, 9, 1 + item),
                "topic": "data_systems",
                "element_code": ELEMENTS[(number + item) % 17],
                "urgency": 2,
                "status": "open",
            },
        )
        yield (
            "barrier_and_waiver",
            {
                **own,
                "barrier_id": f"{site_id}-B{item}",
                "revision": 1,
                "school_year": "2026-2027",
                "opened_on": date(2026, 8, 1 + item),
                "barrier_type": "seat_time",
                "policy_level": "state_rule",
                "policy_area": "PA3",
                "element_code": ELEMENTS[(number + item) % 17],
                "severity": 2,
                "request_type": "waiver",
                "status": "open",
            },
        )
    yield (
        "lesson_learned",
        {
            **own,
            "lesson_id": f"{site_id}-2026-001",
            "revision": 1,
            "school_year": "2025-2026",
            "lesson_date": date(2026, 3, 1),
            "element_code": ELEMENTS[number % 17],
            "lesson_type": "worked",
            "title": "Weekly goal checks kept learners on pace",
            "situation": "Goals were set in the summer and then forgotten.",
            "action": "Advisors set aside time for goals.",
            "result": "Goals were met sooner.",
            "audience": ["educator"],
            "policy_area": "PA3",
            "evidence_tier": str(number % 5),
            "share_level": "public",
            "reviewed_no_pii": "Y",
        },
    )


def publish(folder: Path, sites: int) -> dict[str, object]:
    """Publish in a fresh workspace; return what it took."""
    from pcbl_pipeline.operations.publish import draft_release
    from pcbl_pipeline.operations.summaries.scope import LakeRows
    from pcbl_pipeline.publication.release import write_release
    from pcbl_pipeline.publication.verify import verify_release
    from pcbl_pipeline.settings import Settings
    from pcbl_pipeline.storage.open_store import open_store
    from pcbl_pipeline.workspace import build_workspace, parse_network

    settings = Settings(store_url=f"file:{folder}")
    network = parse_network(network_yaml(sites))
    workspace = build_workspace(settings, open_store(settings.store_url), network)
    rows = LakeRows(workspace.lake, workspace.ledger, frames(workspace))
    begun, used = time.perf_counter(), cpu_seconds()
    release = write_release(workspace.store, draft_release(workspace, rows, AS_OF))
    wall, used = time.perf_counter() - begun, cpu_seconds() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    problems = verify_release(workspace.store, release.release_id)
    if problems:
        sys.exit(f"not whole: {problems[0]}")
    return {"wall": wall, "cpu": used, "peak_mb": round(peak)}


def rewrite(source: Path, folder: Path) -> dict[str, object]:
    """Write the files of a release once more, as they are."""
    from pcbl_pipeline.storage.local import LocalStore

    store, other = LocalStore(source), LocalStore(folder)
    begun, used, files, size = time.perf_counter(), cpu_seconds(), 0, 0
    for item in store.list("publications/"):
        content = store.get(item.key)
        other.put_if_absent(item.key, content)
        files, size = files + 1, size + len(content)
    wall, used = time.perf_counter() - begun, cpu_seconds() - used
    return {"wall": wall, "cpu": used, "files": files, "mb": round(size / 1e6, 1)}


def cpu_seconds() -> float:
    """Return what this process has used so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measure(*arguments: object) -> dict[str, float]:
    """Run one part as a process of its own."""
    command = [sys.executable, __file__, "--child", *map(str, arguments)]
    output = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(output.stdout.splitlines()[-1])
    return told


def main(sites: int, fewer: int) -> None:
    """Run all parts and print the figures."""
    print(f"{sites} sites, and {fewer}")
    with tempfile.TemporaryDirectory() as folder:
        made = measure("publish", Path(folder) / "many", sites)
        small = measure("publish", Path(folder) / "few", fewer)
        bare = measure("rewrite", Path(folder) / "many", Path(folder) / "again")
    each = 1000 * made["cpu"] / sites
    print(
        f"{sites} sites: {made['wall']:.0f} s ({made['cpu']:.0f} s of CPU, "
        f"{each:.0f} ms a site), {made['peak_mb']} MB at the peak\n"
        f"{fewer} sites: {small['wall']:.0f} s ({small['cpu']:.0f} s of CPU), "
        f"{small['peak_mb']} MB\n"
        f"writing the same {bare['files']:,.0f} files ({bare['mb']} MB): "
        f"{bare['wall']:.0f} s ({bare['cpu']:.0f} s of CPU)\n"
        f"ratio to writing: CPU {made['cpu'] / bare['cpu']:.1f}; memory of "
        f"{sites} to {fewer} sites: {made['peak_mb'] / small['peak_mb']:.2f}"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        part, first, second = sys.argv[2:]
        if part == "publish":
            print(json.dumps(publish(Path(first), int(second))))
        else:
            print(json.dumps(rewrite(Path(first), Path(second))))
    else:
        numbers = [int(text) for text in sys.argv[1:]]
        main(*numbers, *(500, 50)[len(numbers) :])
