"""The measures of technical assistance as cells of a page: rounded and with units.

Days and dollars are whole, means have one digit, and a share becomes a percent only
where enough requests stand behind it. An absent number stays absent.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pcbl_pipeline.publication.messages import Messages

#: A percent of fewer requests than this would say more than is known.
LEAST_FOR_PERCENT = 10

Row = Mapping[str, Any]


def whole(value: float) -> int:
    """Round half up, as every number on the pages is rounded."""
    return int(Decimal(repr(value)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


class Measures:
    """Writes a row's measures as texts; None where the number is not known."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages

    def cell(self, name: str, row: Row) -> str | None:
        """Return a measure of a row of `pub2_topics` as a page shows it."""
        writer = getattr(self, f"_{name}", None)
        if writer is not None:
            text: str | None = writer(row)
            return text
        return self._number(row[name])

    def _number(self, value: float | None, *, digits: int = 0) -> str | None:
        return None if value is None else self._messages.number(value, digits=digits)

    def _met_60(self, row: Row) -> str | None:
        met, due, share = row["met_60_count"], row["met_60_due"], row["met_60_share"]
        if not due:
            return None
        if due < LEAST_FOR_PERCENT or share is None:
            return self._messages.plain("assistance.met_60", met=met, due=due)
        pct = self._number(100 * share)
        return self._messages.plain("assistance.met_60_pct", met=met, due=due, pct=pct)

    def _reach(self, row: Row) -> str | None:
        return self._number(row["reach"], digits=1)

    def _cost_usd(self, row: Row) -> str | None:
        return self._dollars(row["cost_usd"])

    def _cost_per_site_hour(self, row: Row) -> str | None:
        cost, coverage = self._dollars(row["cost_per_site_hour"]), row["cost_coverage"]
        if cost is None or coverage is None:
            return cost
        pct = self._number(100 * coverage)
        return self._messages.plain("assistance.cost_coverage", cost=cost, pct=pct)

    def _self_served(self, row: Row) -> str | None:
        share, fulfilled = row["self_served_share"], row["fulfilled"]
        if share is None or not fulfilled:
            return None
        if fulfilled < LEAST_FOR_PERCENT:
            return self._messages.plain(
                "assistance.met_60", met=whole(share * fulfilled), due=fulfilled
            )
        return self._messages.plain("assistance.pct", pct=self._number(100 * share))

    def _usefulness(self, row: Row) -> str | None:
        mean, ratings = self._number(row["usefulness"], digits=1), row["usefulness_n"]
        if mean is None:
            return None
        return self._messages.plain("assistance.ratings", mean=mean, n=ratings)

    def _dollars(self, value: float | None) -> str | None:
        amount = self._number(value)
        return amount and self._messages.plain("assistance.usd", amount=amount)
