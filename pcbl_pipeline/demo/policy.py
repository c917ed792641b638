"""Policy: what hinders the invented sites, and what their states decided, as rows.

A later text of a barrier says only what has changed; the rest stays as in the text
before it. What does not belong here: counts and ratings (`figures`), and mistakes.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pcbl_pipeline.model.identifiers import school_year_of

Policy = dict[str, object]

_WAIVER = ("waiver_start", "waiver_end", "extension_no")
_DATES = ("decided_on", "effective_on", "ended_on")


def barriers(
    items: Iterable[Mapping[str, Any]], site_ids: Mapping[str, str]
) -> Iterator[Policy]:
    """Yield one row per barrier and revision; `site_ids` are by district."""
    told: dict[str, dict[str, Any]] = {}
    for item in items:
        before = told.get(item["id"], {"about": {}})
        now = {**before, **item, "about": before["about"] | item["about"]}
        told[item["id"]] = now
        yield _barrier(now, site_ids[item["id"][:7]])


def _barrier(item: Mapping[str, Any], site_id: str) -> Policy:
    about = item["about"]
    return {
        "barrier_id": item["id"],
        "revision": item.get("revision", 1),
        "site_id": site_id,
        "school_year": school_year_of(about["since"]),
        "opened_on": item["opened"],
        "barrier_type": about["type"],
        "policy_level": about["level"],
        "policy_area": about["area"],
        "element_code": about["element"],
        "citation": item.get("citation", ""),
        "description": item["description"],
        "severity": about["severity"],
        "students_affected": about.get("people", ""),
        "workaround": item.get("workaround", ""),
        "request_type": about["request"],
        "status": about["status"],
        "status_date": about["since"],
        **_padded(_WAIVER, item.get("waiver", ())),
        "agency_response": item.get("response", ""),
    }


def actions(items: Iterable[Mapping[str, Any]]) -> Iterator[Policy]:
    """Yield one row per action of a state."""
    for item in items:
        about = item["about"]
        yield {
            "state_fips": item["id"][:2],
            "action_id": item["id"],
            "decision_point": about["point"],
            "decision": about["decision"],
            "policy_area": about["area"],
            "logic_component": about["logic"],
            "support_category": about["support"],
            "title": item["title"],
            "description": item["description"],
            "mechanism": about["mechanism"],
            "lead_actor": about["lead"],
            "supporting_actors": ";".join(about["with"]),
            "state_phase": about["phase"],
            "status": about["status"],
            **_padded(_DATES, item.get("dates", ())),
            "equity_statement": item["equity"],
            "equity_groups": ";".join(item.get("groups", ())),
            "term_code": about["term"],
            "amount_usd": about.get("amount", ""),
            "citation_url": f"https://example.org/demo/actions/{item['id']}",
            "barrier_ids": ";".join(item.get("barriers", ())),
        }


def _padded(names: tuple[str, ...], values: Iterable[object]) -> dict[str, object]:
    """Name the values that there are; the others are blank."""
    return dict.fromkeys(names, "") | dict(zip(names, values, strict=False))
