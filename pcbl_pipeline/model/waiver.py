"""Waivers: a site explains a finding, its state's office accepts it until a day.

A waiver is about one concern and holds as long as the concern's numbers stay the same.
What does not belong here: where waivers are kept, and who may accept one.
"""

from datetime import date
from typing import NewType

from pydantic import AwareDatetime, BaseModel, ConfigDict

#: The numbers of a finding as one text, compared letter by letter.
Numbers = NewType("Numbers", str)


class Concern(BaseModel):
    """What a waiver is about: a rule, in a dataset, a column and a scope."""

    model_config = ConfigDict(frozen=True)

    dataset: str
    code: str
    field: str | None = None
    #: For instance a site and a school year; None for findings about single rows.
    scope: str | None = None


class Explanation(BaseModel):
    """A site's own words on a finding of one of its submissions."""

    model_config = ConfigDict(frozen=True)

    sender_id: str
    submission_id: str
    concern: Concern
    numbers: Numbers
    #: The finding in words, so that staff need no second window.
    message: str
    text: str
    explained_at: AwareDatetime
    #: The list of explanations that it came in; None if it came in by the command.
    sent_in: str | None = None


class Decision(BaseModel):
    """What the state's office decided on an explanation; a later one replaces it."""

    model_config = ConfigDict(frozen=True)

    accepted: bool
    #: Last day on which the waiver holds; None where it was declined.
    until: date | None = None
    decided_by: str
    decided_at: AwareDatetime
    remark: str = ""


class Waiver(BaseModel):
    """An explanation and the decision on it, if there is one yet."""

    model_config = ConfigDict(frozen=True)

    waiver_id: str
    explanation: Explanation
    decision: Decision | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether the waiver is accepted and has not run out on a day."""
        decision = self.decision
        if decision is None or not decision.accepted or decision.until is None:
            return False
        return day <= decision.until
