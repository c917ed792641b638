"""The annual report as a whole, from rows of the lake to its words: checked by hand.

Three invented sites: two in Arizona (one of them large), one in North Dakota. Every
number of the report is worked out beside the rows that it comes from.
"""

from datetime import UTC, date, datetime
from textwrap import dedent

import polars as pl
import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue
from pcbl_pipeline.disclosure.release import Narratives
from pcbl_pipeline.lake.ledger import Ledger
from pcbl_pipeline.operations.summaries.annual import annual
from pcbl_pipeline.operations.summaries.barriers import barrier_tables
from pcbl_pipeline.operations.summaries.progress import progress_tables
from pcbl_pipeline.operations.summaries.scope import LakeRows, SummaryScope
from pcbl_pipeline.publication.annual.report import AnnualReport
from pcbl_pipeline.publication.edition import (
    AssistanceContent,
    EditionContent,
    LessonsContent,
)
from pcbl_pipeline.publication.messages import load_messages
from pcbl_pipeline.publication.pages.digest import Digest
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pdf.report import (
    Bullets,
    KeyFigures,
    Paragraph,
    Quote,
    ReportChart,
    ReportTable,
)
from pcbl_pipeline.storage.local import LocalStore
from pcbl_pipeline.summaries.assistance import assistance_summary
from pcbl_pipeline.summaries.lessons import lessons_digest
from pcbl_pipeline.summaries.recommendations import lead_actors, recommendations
from pcbl_pipeline.workspace import parse_network
from tests.operations.test_annual import YEAR as COVERED
from tests.operations.test_annual import receipt
from tests.support.builders import NETWORK_YAML
from tests.support.editions_outcomes import outcome, statistical_tables
from tests.support.frames import lake_rows, lake_table

NETWORK = parse_network(NETWORK_YAML)
YEAR, AS_OF = "2025-2026", date(2026, 11, 20)
MESA, CREEK, PRAIRIE = "0499901", "0499902", "3899901"
ELEMENTS = [*(f"CBE{n}" for n in range(1, 8)), *(f"DC{n:02d}" for n in range(1, 11))]

# Schools 10 + 4 + 2 = 16, in the pilot 3 + 2 + 2 = 7; students 1,000 + 300 + 100 =
# 1,400, in the pilot 200 + 150 + 100 = 450 (32.1 %); educators in it 20 + 10 + 9 = 39.
# Cohort 1 is Mesa and Prairie: 5 schools, 300 students of 1,100 (27.3 %).
SITES = """
| site_id | leaid   | state_fips | cohort_label | grant_phase    | schools_total | schools_in_pilot | students_total | students_in_pilot | educators_total | educators_in_pilot |
| 0499901 | 0499901 | 04         | Cohort 1     | planning       | 10            | 3                | 1000           | 200               | 80              | 20                 |
| 0499902 | 0499902 | 04         | Cohort 2     | planning       | 4             | 2                | 300            | 150               | 30              | 10                 |
| 3899901 | 3899901 | 38         | Cohort 1     | implementation | 2             | 2                | 100            | 100               | 9               | 9                  |
"""
# Three lessons on CBE1, one of each site (corroborated), one on CBE3 of one site.
LESSONS = """
| lesson_id          | site_id | element_code | lesson_type | lesson_date | evidence_tier | title | recommendation | audience                     | policy_area |
| 0499901-2026-001   | 0499901 | CBE1         | worked      | 2026-03-01  | 2             | One   | Do one.        | state_agency                 | PA1         |
| 0499902-2026-001   | 0499902 | CBE1         | worked      | 2026-03-02  | 1             | Two   | Do two.        | state_agency;district_leader | PA1         |
| 3899901-2026-001   | 3899901 | CBE1         | worked      | 2026-03-03  | 3             | Three |                | state_agency                 | PA1         |
| 0499901-2026-002   | 0499901 | CBE3         | worked      | 2026-03-04  | 0             | Four  | Do four.       | state_agency                 | PA1         |
"""
# Seat time: severities 4 and 2 of two sites, weight 6. Funding and assessment have one
# site each, so they are counted together as other kinds: two sites, weight 1 + 3.
BARRIERS = """
| barrier_id    | site_id | barrier_type | severity | request_type | status  | opened_on  | status_date |
| 0499901-B-001 | 0499901 | seat_time    | 4        | waiver       | granted | 2026-01-01 | 2026-02-01  |
| 0499902-B-001 | 0499902 | seat_time    | 2        | none         | open    | 2026-01-05 | 2026-01-05  |
| 0499902-B-002 | 0499902 | funding      | 1        | none         | open    | 2026-01-05 | 2026-01-05  |
| 3899901-B-001 | 3899901 | assessment   | 3        | guidance     | open    | 2026-01-05 | 2026-01-05  |
"""
# Three requests; one has help after 31 days, one after 100 (so not within 60).
REQUESTS = """
| ta_request_id | site_id | requested_on | status    | urgency |
| R1            | 0499901 | 2026-01-01   | fulfilled | 2       |
| R2            | 0499902 | 2026-01-01   | fulfilled | 1       |
| R3            | 3899901 | 2026-01-01   | open      | 3       |
"""
# Site-hours 2 x 2 + 3 x 1 = 7; cost 700.
EVENTS = """
| ta_event_id | event_date | hours | cost_usd | sites_served    | ta_request_ids |
| E1          | 2026-02-01 | 2     | 500      | 0499901;0499902 | R1             |
| E2          | 2026-04-11 | 3     | 200      | 0499902         | R2             |
"""
# CBE1: 4 + 3 = 7 educators, 4 x 10 + 3 x 20 = 100 hours. MT1: 4 are too few.
LEARNING = """
| site_id | school_year | award_id | element_code | hours | n_completed |
| 0499901 | 2025-2026   | A1       | CBE1         | 10    | 4           |
| 0499902 | 2025-2026   | A2       | CBE1         | 20    | 3           |
| 3899901 | 2025-2026   | A3       | MT1          | 5     | 4           |
"""
# The legislature led two actions on PA1, the board one; the last is decided later.
ACTIONS = """
| action_id | state_fips | policy_area | lead_actor  | decided_on |
| S1        | 04         | PA1         | legislature | 2026-01-01 |
| S2        | 38         | PA1         | legislature |            |
| S3        | 04         | PA1         | state_board | 2025-01-01 |
| S4        | 38         | PA1         | governor    | 2026-12-01 |
"""
#: Stages of all elements in fall and in spring: the index is 25 points per stage.
STAGES = {MESA: (1, 2), CREEK: (2, 2), PRAIRIE: (3, 4)}

EXPECTED = """
In short
  - 3 sites took part in 2025-2026. 450 students were in the pilot, 32% of all students of these sites.
  - The middle site stands at 50.0 of 100 points (spring 2025-2026). It stood at 50.0 points in the first rating (fall 2025-2026).
  - Of 2 outcomes, 2 can be compared with the year before the pilot: 1 got better, 0 got worse, and 1 did not clearly change.
  - The heaviest barrier that stands alone: Seat time (weight 6).
Who takes part
  3 sites · 7 schools in the pilot · 450 students in the pilot · 39 educators in the pilot
  3 sites took part in 2025-2026. 450 students were in the pilot, 32% of all students of these sites.
  [Sites, schools, students and educators in 2025-2026, by cohort and by phase]
  All sites | 3 | 7 | 450 | 39 | 32%
  Cohort 1 | 2 | 5 | 300 | 29 | 27%
  Cohort 2 | 1 | 2 | 150 | 10 | 50%
  Implementation | 1 | 2 | 100 | 9 | 100%
  Planning | 2 | 5 | 350 | 30 | 27%
What was learned
  The lessons with the most sites behind them. Each is one site's own; its page has the whole text.
  “Two” a pilot site · Learner decisions: Worked, 3 sites · lesson 0499902-2026-001-public
  “Four” a pilot site · Timely support: Worked, 1 site · lesson 0499901-2026-002-public
How far the sites are
  (chart) The middle site stands at 50.0 of 100 points (spring 2025-2026). It stood at 50.0 points in the first rating (fall 2025-2026).
  The index is 100 times the mean stage of a site's elements, divided by 4. Half of the sites stand between the two quartiles.
  [Index of implementation over all sites, by reporting window]
  fall 2025-2026 | 3 | – | 50.0 | –
  spring 2025-2026 | 3 | – | 50.0 | –
What stands in the way
  The heaviest barrier that stands alone: Seat time (weight 6).
  The table has the heaviest kinds, 5 at most. The weight adds the highest severity of each site, from 1 to 4.
  [Barriers that stand alone, by weight, all reports]
  Seat time | 2 | 6 | 1 | 1
  No more kinds stand alone, so here are fewer than 5. The other kinds are counted together, because too few sites reported some of them: 2 sites, weight 4.
Help asked for and given
  [Technical assistance in 2025-2026]
  Requests made | 3
  Requests met | 2
  Days until help came, for half of the requests that were met | 31
  Met within 60 days | 1 of 3
  Requests waiting | 1
  Site-hours | 7
  Cost reported | $700
What resulted
  (chart) Of 2 outcomes, 2 can be compared with the year before the pilot: 1 got better, 0 got worse, and 1 did not clearly change.
  Over all sites. Percents are bands, because small numbers could point to a student. A change is in points since the year before the pilot.
  [Outcomes of all students in 2025-2026]
  Chronic absence | 300 or more | 45% | down about 5 points (better)
  Credit by mastery | 300 or more | 45% | no clear change
  Whose outcomes: Students in the pilot. Where no grades are named, all count.
What educators learned
  [Awards that educators completed in 2025-2026, by element]
  Learner decisions | 2 | 2 | 7 | 100
  Vision | 1 | 1 | fewer than 5 | –
What should change
  What sites recommend in their lessons, whole and in their own words. What several sites bear out comes first.
  For: District leaders
  Student-centered vision (decisions led by: Legislature, State board of education)
  “Do two.” a pilot site · Corroborated · lesson 0499902-2026-001-public
  For: State agencies
  Student-centered vision (decisions led by: Legislature, State board of education)
  “Do two.” a pilot site · Corroborated · lesson 0499902-2026-001-public
  “Do one.” a pilot site · Corroborated · lesson 0499901-2026-001-public
  “Do four.” a pilot site · Not yet corroborated · lesson 0499901-2026-002-public
How good the data are
  [What sites sent for 2025-2026]
  Learning of educators | 3 | 0 | 0 | 0 | 0 | 0%
  Implementation status | 6 | 0 | 0 | 0 | 0 | 0%
  Outcomes | 3 | 0 | 0 | 0 | 0 | 0%
  Surveys | 3 | 0 | 0 | 0 | 0 | 0%
  Site profiles | 3 | 2 | 1 | 4 | 0 | 67%
"""  # noqa: RUF001 - as it stands in the report


def stages() -> pl.DataFrame:
    return lake_rows(
        "implementation_status",
        [
            {"site_id": site, "window": window, "element_code": code, "stage": stage}
            for site, by_window in STAGES.items()
            for window, stage in zip(("fall", "spring"), by_window, strict=True)
            for code in ELEMENTS
        ],
    )


@pytest.fixture
def rows(tmp_path):
    ledger = Ledger(LocalStore(tmp_path))
    on_time, late = datetime(2025, 10, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
    ledger.record(receipt(1, "site_profile", on_time, COVERED, accepted=3))
    ledger.record(receipt(2, "site_profile", late, COVERED, sender=CREEK))
    frames = {
        "site_profile": lake_table("site_profile", SITES),
        "lesson_learned": lake_table("lesson_learned", LESSONS),
        "barrier_and_waiver": lake_table("barrier_and_waiver", BARRIERS),
        "ta_request": lake_table("ta_request", REQUESTS),
        "ta_event": lake_table("ta_event", EVENTS),
        "educator_learning": lake_table("educator_learning", LEARNING),
        "state_action": lake_table("state_action", ACTIONS),
        "implementation_status": stages(),
    }
    return LakeRows(None, ledger, frames)  # type: ignore[arg-type] - never read


def content_of(rows: LakeRows) -> EditionContent:
    """Summarise the rows; outcomes come in as they are published."""
    catalogue = load_catalogue()
    scope = SummaryScope(NETWORK, catalogue, "public", AS_OF)
    digest = lessons_digest(
        rows.frame("lesson_learned"),
        rows.frame("site_profile"),
        edition="public",
        states={},
        screen=Narratives().screen,
        public_ids=lambda lesson_id: f"{lesson_id}-public",
        as_of=AS_OF,
    )
    help_given = assistance_summary(
        *(rows.frame(name) for name in ("ta_request", "ta_event", "site_profile")),
        edition="public",
        period=YEAR,
        first_day=date(2025, 7, 1),
        last_day=date(2026, 6, 30),
        as_of=AS_OF,
    )
    leads = lead_actors(rows.frame("state_action"), as_of=AS_OF)
    measured = [outcome("M01", "ALL"), outcome("M09", "ALL"), outcome("M01", "AM7")]
    frame = statistical_tables()["pub5_outcomes"]
    return EditionContent(
        edition="public",
        network_name="Invented network",
        fictional=True,
        states={},
        as_of=AS_OF,
        lessons=LessonsContent(digest.groups, digest.lessons),
        assistance=(
            AssistanceContent(
                YEAR, help_given.topics, help_given.unmet, help_given.modes
            ),
        ),
        code_lists=catalogue.code_lists,
        pipeline_version="0.1.0",
        contract_versions={},
        tables={
            **annual(rows, scope),
            **progress_tables(rows, scope),
            **barrier_tables(rows, scope),
            "pub1_strength": digest.standing.groups,
            "pub5_outcomes": pl.DataFrame(measured, schema=frame.schema),
            "pub10_recommendations": recommendations(
                digest.lessons, digest.standing.groups, leads
            ),
        },
    )


def told(report: AnnualReport) -> str:
    """Return all that a report says, a line for each thing that it says."""
    lines = []
    for section in report.sections:
        lines.append("  " * (section.level - 1) + section.title)
        lines += [f"  {line}" for block in section.blocks for line in said(block)]
    return "\n".join(lines)


def said(block) -> list[str]:
    match block:
        case Paragraph():
            return [block.text]
        case Bullets():
            is_short = "took part" in block.items[0]
            return [f"- {item}" for item in block.items] if is_short else []
        case Quote():
            return [f"“{block.text}” {block.source} · {block.mark}"]
        case KeyFigures():
            return [" · ".join(f"{item.value} {item.label}" for item in block.figures)]
        case ReportTable():
            notes = [block.note] if block.note else []
            rows = [" | ".join(row) for row in block.rows]
            return [f"[{block.caption}]", *rows, *notes]
        case ReportChart():
            assert block.finding in block.alternative
            return [f"(chart) {block.finding}"]


def test_the_whole_report_says_what_was_worked_out_by_hand(rows):
    content, messages = content_of(rows), load_messages()
    labels = Labels(content.code_lists, messages)

    report = AnnualReport(content, Digest(content, labels), labels, messages)

    assert told(report).splitlines() == dedent(EXPECTED).strip().splitlines()
