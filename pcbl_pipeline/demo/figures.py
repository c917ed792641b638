"""Figures: the counts and ratings of the invented sites, made by chance and the same.

Each site has a draw of its own, so that one more site changes no other. Rows hold what
the sites mean to say; what does not belong here: texts, files and mistakes.
"""

import hashlib
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SiteFacts = Mapping[str, Any]
Figures = dict[str, object]

#: What a site rates: seven elements of the model and ten conditions of a district.
ELEMENTS = (
    *(f"CBE{number}" for number in range(1, 8)),
    *(f"DC{number:02d}" for number in range(1, 11)),
)
#: Window → school year and day on which the team rated.
_RATED: Mapping[tuple[str, str], str] = {
    ("2025-2026", "fall"): "2025-10-14",
    ("2025-2026", "spring"): "2026-04-21",
    ("2026-2027", "fall"): "2026-10-13",
}
_SURVEYED = (("2025-2026", "spring"), ("2026-2027", "fall"))
_SURVEYED_BEFORE = "2024-2025"
_LESS_FAVORABLE = 0.92
_EVIDENCE = ("observation", "survey", "student_work", "administrative_data")
_ROLES = ("district_leader", "school_leader", "educator")
_START_STAGE = {"living_lab": 3, "active": 2, "incubator": 1, "friend": 1}
_STAGES = range(5)

#: Race and ethnicity groups with their usual share of students, by state.
_SHARES: Mapping[str, Mapping[str, float]] = {
    "04": {
        "AM7": 0.05,
        "AS7": 0.03,
        "BL7": 0.05,
        "HI7": 0.46,
        "WH7": 0.36,
        "MU7": 0.05,
    },
    "32": {
        "AM7": 0.02,
        "AS7": 0.06,
        "BL7": 0.11,
        "HI7": 0.43,
        "WH7": 0.31,
        "MU7": 0.07,
    },
    "38": {
        "AM7": 0.11,
        "AS7": 0.02,
        "BL7": 0.06,
        "HI7": 0.07,
        "WH7": 0.70,
        "MU7": 0.04,
    },
    "45": {
        "AM7": 0.01,
        "AS7": 0.02,
        "BL7": 0.33,
        "HI7": 0.12,
        "WH7": 0.47,
        "MU7": 0.05,
    },
}
#: Groups across which students are counted a second time.
_ACROSS = {"ECODIS": 0.48, "LEP": 0.11, "IDEA": 0.14, "F": 0.49, "M": 0.51}
#: How far a group's rate lies from that of all students, in points.
_GAPS = {
    "ECODIS": -8,
    "LEP": -13,
    "IDEA": -18,
    "AM7": -7,
    "BL7": -6,
    "HI7": -4,
    "WH7": 4,
}


@dataclass(frozen=True)
class _Metric:
    name: str
    #: Percent among all students before the pilot, and points gained a year.
    level: float
    gain: float
    high_school: bool = False
    lower_is_better: bool = False


_METRICS: Mapping[str, _Metric] = {
    "M01": _Metric(
        "Absent for a tenth of the days or more", 24, -1.2, lower_is_better=True
    ),
    "M03": _Metric("Diploma within four years", 82, 0.9, high_school=True),
    "M05": _Metric("State test in mathematics, spring", 37, 1.1),
    "M10": _Metric("Plan for learning, written this year", 52, 6.0),
}
_CONSTRUCTS = ("agency", "belonging", "relationships")
_EDUCATOR_CONSTRUCTS = ("educator_confidence", "intent_to_stay")
_AWARDS = (
    ("Scoring work against a competency", "MicroCredential", "CBE2", 15),
    ("Planning for different paths", "MicroCredential", "CBE5", 12),
    ("Conferring with learners", "Badge", "CBE1", 6),
    ("Leading a change with a team", "Certificate", "DC07", 30),
    ("Reading gaps in the data", "CertificateOfCompletion", "DC09", 4.5),
)
_SKILLS = (
    "MA.RATIO.1",
    "MA.EXPR.2",
    "LA.ARGUE.1",
    "LA.READ.3",
    "SC.MODEL.2",
    "SK.COLLAB.1",
)
#: So many of them are expected within the school year.
_DUE = 3
_LEARNERS = 45
#: What a skill brings a learner in high school.
_CREDIT = "0.5"
#: No dataset takes rows of earlier years, so the first sites have no baseline.
_FIRST_YEAR_KNOWN = 2020
#: Sites whose tools can say what each learner has shown.
_WITH_RECORDS = {"3299902", "3899901", "4599902"}


def ratings(site: SiteFacts) -> Iterator[Figures]:
    """Yield a site's ratings of all elements: one row per window and element."""
    draw = _draw(site, "ratings")
    stages = {element: _first_stage(site, draw) for element in ELEMENTS}
    since = dict.fromkeys(ELEMENTS, "2025-02-10")
    for (school_year, window), day in _RATED.items():
        priorities = set(draw.sample(ELEMENTS, k=3))
        for element in ELEMENTS:
            if since[element] < "2025-09" or draw.random() < 0.3:
                moved = min(4, stages[element] + draw.choice((0, 0, 1)))
                if moved != stages[element]:
                    stages[element], since[element] = moved, day
            yield {
                "site_id": site["site_id"],
                "school_year": school_year,
                "window": window,
                "element_code": element,
                "stage": stages[element],
                "stage_since": since[element],
                "reach_pct": min(100, stages[element] * 22 + draw.randrange(12)),
                "evidence_type": draw.choice(_EVIDENCE),
                "evidence_note": "",
                "is_priority_next": "Y" if element in priorities else "N",
                "rated_by_role": draw.choice(_ROLES),
            }


def outcomes(site: SiteFacts) -> Iterator[Figures]:
    """Yield a site's outcomes: a year before the pilot, and the last whole year."""
    start = int(site["cohort"]["start"])
    for first, is_baseline in ((start - 1, "Y"), (2025, "N")):
        if first < _FIRST_YEAR_KNOWN:
            continue
        for code, metric in _METRICS.items():
            if metric.high_school and "12" not in site["facts"]["grades"].split(";"):
                continue
            years = 0 if is_baseline == "Y" else 2026 - start
            yield from (
                {
                    "site_id": site["site_id"],
                    "school_year": f"{first}-{first + 1}",
                    "metric_code": code,
                    "grade_band": "09-12" if metric.high_school else "ALL",
                    "student_group": group,
                    "numerator": met,
                    "denominator": students,
                    "measure_name": metric.name,
                    "pilot_scope": "pilot_students",
                    "is_baseline": is_baseline,
                    "note": "",
                }
                for group, students, met in _counts(site, code, metric, years)
            )


def _counts(
    site: SiteFacts, code: str, metric: _Metric, years: int
) -> Iterator[tuple[str, int, int]]:
    """Yield group, students and how many met the measure; parts add up to the whole."""
    draw = _draw(site, f"outcomes {code} {years}")
    enrolled = int(site["years"]["2025-2026"]["numbers"][3])
    if metric.high_school:
        enrolled //= 12
    rate = metric.level + years * metric.gain + draw.uniform(-4, 4)
    shares = _SHARES[site["site_id"][:2]]
    parts = {group: int(enrolled * share) for group, share in shares.items()}
    met = {
        group: _met(count, rate, group, metric, draw) for group, count in parts.items()
    }
    everyone = sum(parts.values())
    yield "ALL", everyone, sum(met.values())
    for group, count in parts.items():
        yield group, count, met[group]
    across: dict[str, tuple[int, int]] = {}
    for group, share in _ACROSS.items():
        count = int(everyone * share)
        if group == "M":
            # Every student is one of the two, so the rest is theirs.
            girls, girls_met = across["F"]
            count = everyone - girls
            its_met = min(count, max(0, sum(met.values()) - girls_met))
        else:
            its_met = _met(count, rate, group, metric, draw)
        # Of all who met it or did not, no group can have more than there are.
        all_met = sum(met.values())
        its_met = min(all_met, max(its_met, count - (everyone - all_met)))
        across[group] = (count, its_met)
    yield from ((group, *numbers) for group, numbers in across.items())


def _met(
    count: int, rate: float, group: str, metric: _Metric, draw: random.Random
) -> int:
    gap = _GAPS.get(group, 0) * (-0.6 if metric.lower_is_better else 1)
    return min(count, max(0, round(count * (rate + gap + draw.uniform(-2, 2)) / 100)))


def surveys(site: SiteFacts) -> Iterator[Figures]:
    """Yield a site's survey results: learners, by group, and educators.

    Those of the year before come last, with a draw of their own, and are less good.
    """
    draw = _draw(site, "surveys")
    for school_year, window in _SURVEYED:
        yield from _survey(site, school_year, window, draw)
    earlier = _draw(site, "surveys before")
    for row in _survey(site, *_SURVEYED[0], earlier):
        favorable = int(row["n_favorable"] * _LESS_FAVORABLE)
        yield {**row, "school_year": _SURVEYED_BEFORE, "n_favorable": favorable}


def _survey(
    site: SiteFacts, school_year: str, window: str, draw: random.Random
) -> Iterator[dict[str, Any]]:
    instrument = "sc_toolkit" if site["site_id"].startswith("45") else "local"
    numbers = site["years"][school_year]["numbers"]
    asked = (
        ("student", _CONSTRUCTS, ("ALL", "ECODIS", "LEP"), int(numbers[3])),
        ("educator", _EDUCATOR_CONSTRUCTS, ("ALL",), int(numbers[5])),
    )
    for respondent, constructs, groups, people in asked:
        for construct in constructs:
            answered = int(people * draw.uniform(0.45, 0.85))
            rate = draw.uniform(0.5, 0.8)
            for group in groups:
                share = _ACROSS.get(group, 1)
                invited, responded = int(people * share), int(answered * share)
                own_rate = rate + (draw.uniform(-0.1, 0.05) if share < 1 else 0)
                yield {
                    "site_id": site["site_id"],
                    "school_year": school_year,
                    "window": window,
                    "respondent": respondent,
                    "instrument": instrument,
                    "construct_code": construct,
                    "student_group": group,
                    "n_invited": invited,
                    "n_responded": responded,
                    "n_favorable": int(responded * own_rate),
                    "favorable_rule": "The two best answers of five",
                    "scale_mean": round(draw.uniform(3.1, 4.2), 2),
                    "scale_max": 5,
                }


def learning(site: SiteFacts) -> Iterator[Figures]:
    """Yield what a site's educators learned: one row per year and award."""
    draw = _draw(site, "learning")
    for school_year, year in site["years"].items():
        educators = int(year["numbers"][4])
        for number, (title, kind, element, hours) in enumerate(_AWARDS, 1):
            if number > 3 and draw.random() < 0.4:
                continue
            started = min(educators, draw.randrange(3, 24))
            yield {
                "site_id": site["site_id"],
                "school_year": school_year,
                "award_id": f"{site['site_id'][:7]}-A{number}",
                "award_title": title,
                "award_type": kind,
                "issuer": "Open Door Learning Network (fictional)",
                "award_uri": f"https://example.org/demo/awards/{number}",
                "competency_uri": "",
                "element_code": element,
                "hours": hours,
                "n_started": started,
                "n_completed": int(started * draw.uniform(0.5, 1)),
            }


def records(site: SiteFacts) -> Iterator[Figures]:
    """Yield what the learners of a site's school have shown: learner by skill.

    Keys are made as the agency makes them, but from a key that everybody may know:
    these learners do not exist.
    """
    if site["site_id"] not in _WITH_RECORDS:
        return
    draw = _draw(site, "records")
    groups = tuple(_SHARES[site["site_id"][:2]])
    for number in range(_LEARNERS):
        about = ";".join(
            [
                draw.choice(groups),
                *(g for g in ("ECODIS", "LEP") if draw.random() < 0.3),
            ]
        )
        is_in_high_school = number % 3 == 0
        for place, skill in enumerate(_SKILLS):
            level = draw.choices((1, 2, 3, 4), weights=(15, 30, 40, 15))[0]
            shown = f"2026-{draw.randrange(1, 6):02d}-{draw.randrange(1, 28):02d}"
            yield {
                "site_id": site["site_id"],
                "school_year": "2025-2026",
                "ncessch": f"{site['site_id']}00108",
                "student_key": _key(f"{site['site_id']} learner {number}"),
                "grade_level": "10" if is_in_high_school else "08",
                "student_groups": about,
                "competency_uri": f"demo-framework:{skill}",
                "level": level,
                "evidence_count": level + draw.randrange(3),
                "first_evidence_on": f"2025-{draw.randrange(9, 13):02d}-15",
                "demonstrated_on": shown if level >= 3 else "",
                "learning_setting": draw.choice(
                    ("classroom", "online", "out_of_school")
                ),
                "credits_earned": _CREDIT if is_in_high_school and level > 1 else "",
                "credits_possible": _CREDIT if is_in_high_school else "",
                "teacher_of_record_keys": _key(
                    f"{site['site_id']} teacher {number % 4}"
                ),
                "expected_by": "2026-05-29" if place < _DUE else "2026-12-18",
            }


def _draw(site: SiteFacts, what: str) -> random.Random:
    return random.Random(f"{site['site_id']} {what}")  # noqa: S311 - no secret


def _first_stage(site: SiteFacts, draw: random.Random) -> int:
    start = _START_STAGE[site["years"]["2025-2026"]["role"]]
    return min(max(start + draw.choice((-1, 0, 0, 1)), _STAGES[0]), _STAGES[-1])


def _key(text: str) -> str:
    return hashlib.sha256(f"demo {text}".encode()).hexdigest()
