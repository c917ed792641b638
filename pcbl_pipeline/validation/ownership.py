"""Whose rows a sender may send: its own site's, or its own state's.

What does not belong here: which column of a dataset says whose a row is.
"""

from pcbl_pipeline.model.network import Sender
from pcbl_pipeline.validation.checks import FieldCheck

#: The rule about whose row it is, by the kind of sender that a dataset has.
OWNER_RULES = {"site": "K402", "agency": "K436"}
_DISTRICT_ID_LENGTH = 7


def owner_check(submitted_by: str, sender: Sender) -> FieldCheck:
    """Return the check on the column that says whose a row is."""
    pattern, words = (
        _own_state(sender) if submitted_by == "agency" else _own_site(sender)
    )
    return FieldCheck(
        OWNER_RULES[submitted_by],
        "expect_column_values_to_match_regex",
        {"regex": pattern},
        words,
    )


def _own_state(sender: Sender) -> tuple[str, str]:
    return f"^{sender.state_fips}$", f"Your own state's code {sender.state_fips}."


def _own_site(sender: Sender) -> tuple[str, str]:
    own = sender.sender_id
    if len(own) == _DISTRICT_ID_LENGTH:
        # A district may report for its schools.
        words = f"Your own id {own}, or the id of one of your schools."
        return f"^{own}(?:[0-9]{{5}})?$", words
    return f"^{own}$", f"Your own id {own}."
