"""The tables of PUB9, the state roadmap."""

from pcbl_pipeline.publication.tables.shape import (
    DATE,
    INTEGER,
    LIST,
    NUMBER,
    SHARE,
    STRING,
    Column,
    Table,
)

_STATE = Column("state_fips", STRING, code_list="state_fips")
_POINT = Column("decision_point", STRING, code_list="decision_point")
_DECISION = Column("decision", STRING, code_list="decision")
_STATUS = Column("status", STRING, code_list="action_status")
_LEAD = Column("lead_actor", STRING, code_list="lead_actor")
_DECIDED = Column("decided_on", DATE, nullable=True)
_COUNTS = (
    Column("states", INTEGER, unit="states"),
    Column("actions", INTEGER, unit="actions"),
)

PUB9_DECISIONS = Table(
    "pub9_decisions",
    ("state_fips", "decision_point"),
    (
        _STATE,
        _POINT,
        Column("action_id", STRING),
        _DECISION,
        _STATUS,
        _LEAD,
        Column("branch", STRING),
        _DECIDED,
        Column("order", INTEGER, nullable=True),
        Column("actions", INTEGER, unit="actions"),
    ),
)

PUB9_ACTIONS = Table(
    "pub9_actions",
    ("state_fips", "action_id"),
    (
        _STATE,
        Column("action_id", STRING),
        _POINT,
        _DECISION,
        Column("policy_area", STRING, code_list="policy_area"),
        Column("logic_component", STRING, code_list="logic_component"),
        Column("support_category", STRING, code_list="support_category"),
        Column("title", STRING, nullable=True),
        Column("description", STRING, nullable=True),
        Column("mechanism", STRING, code_list="mechanism"),
        _LEAD,
        Column("supporting_actors", LIST, nullable=True, code_list="lead_actor"),
        Column("state_phase", STRING, nullable=True, code_list="state_phase"),
        _STATUS,
        _DECIDED,
        Column("effective_on", DATE, nullable=True),
        Column("ended_on", DATE, nullable=True),
        Column("equity_statement", STRING, nullable=True),
        Column("equity_groups", LIST, nullable=True, code_list="student_group"),
        Column("term_code", STRING, nullable=True, code_list="term_code"),
        Column("amount_usd", NUMBER, nullable=True, unit="US dollars"),
        Column("citation_url", STRING, nullable=True),
    ),
)

PUB9_SUPPORTS = Table(
    "pub9_supports",
    ("support_category",),
    (
        Column("support_category", STRING, code_list="support_category"),
        *_COUNTS,
        Column("amount_usd", NUMBER, nullable=True, unit="US dollars"),
        Column("amount_coverage", NUMBER, unit=SHARE),
    ),
)

PUB9_LEADS = Table(
    "pub9_leads",
    ("decision_point",),
    (
        _POINT,
        Column("states", INTEGER, unit="states"),
        *(
            Column(branch, INTEGER, unit="states")
            for branch in ("legislative", "executive", "other")
        ),
    ),
)

PUB9_LOGIC = Table(
    "pub9_logic",
    ("logic_component",),
    (
        Column("logic_component", STRING, code_list="logic_component"),
        *_COUNTS,
        Column("in_effect", INTEGER, unit="actions"),
    ),
)

PUB9_EVIDENCE = Table(
    "pub9_evidence",
    ("decision_point", "link", "barrier_type"),
    (
        _POINT,
        Column("link", STRING),
        Column("barrier_type", STRING, code_list="barrier_type"),
        Column("sites", INTEGER, unit="sites"),
        Column("reports", INTEGER, unit="reports"),
    ),
)
