"""PUB2 a second time, in plain Python over lists, to compare with.

Written from the definition, not from the library's code: nothing is shared.
Numbers are exact fractions until they are rounded, half up, to four places.
"""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor


def expected_summary(requests, events, sites, *, edition, period, span, as_of):
    """Return (topics, unmet, modes) as lists of tuples."""
    first, last = span
    last = min(last, as_of)
    known = [event for event in events if event["event_date"] <= as_of]
    asked = [
        answered(request, requests, known)
        for request in requests
        if first <= request["requested_on"] <= last and request["status"] != "withdrawn"
    ]
    given = [event for event in events if first <= event["event_date"] <= last]
    profiled = {site["site_id"] for site in sites if site["school_year"] == period}
    place = places(asked, given, profiled, edition)
    topics = [measured("ALL", asked, given, as_of)]
    names = set(place.values()) - {None}
    topics += [
        measured(
            name,
            [row for row in asked if place[row["topic"]] == name],
            [row for row in given if place[row["topic"]] == name],
            as_of,
        )
        for name in sorted(names, key=lambda name: (name == "other_topics", name))
    ]
    if edition == "public":
        hide(topics)
    return [tuple(row.values()) for row in topics], unmet(topics), modes(given)


def answered(request, requests, known):
    linked = [event for event in known if is_for(event, request, requests)]
    dates = [
        event["event_date"]
        for event in linked
        if event["event_date"] >= request["requested_on"]
    ]
    days = (min(dates) - request["requested_on"]).days if dates else None
    served_itself = bool(linked) and all(
        event["mode"] == "library_resource" for event in linked
    )
    return request | {"days": days, "served_itself": served_itself}


def is_for(event, request, requests):
    if request["ta_request_id"] not in (event["ta_request_ids"] or ()):
        return False
    same_id = [r for r in requests if r["ta_request_id"] == request["ta_request_id"]]
    return len(same_id) == 1 or request["site_id"] in event["sites_served"]


def places(asked, given, profiled, edition):
    topics = {row["topic"] for row in asked} | {row["topic"] for row in given}
    if edition == "network":
        return {topic: topic for topic in topics}

    def askers(group):
        return len({r["site_id"] for r in asked if r["topic"] in group} & profiled)

    merged = {topic for topic in topics if askers({topic}) < 3}
    while any(r["topic"] in merged for r in asked) and askers(merged) < 3:
        rest = topics - merged
        if not rest:
            return dict.fromkeys(topics)
        merged.add(min(rest, key=lambda topic: (askers({topic}), topic)))
    return {t: "other_topics" if t in merged else t for t in topics}


def measured(topic, asked, given, as_of):
    met = [row["days"] for row in asked if row["days"] is not None]
    still_open = [row for row in asked if row["days"] is None]
    due = [row for row in asked if row["requested_on"] + timedelta(60) <= as_of]
    in_time = [r for r in due if r["days"] is not None and r["days"] <= 60]
    fulfilled = [row for row in asked if row["status"] == "fulfilled"]
    sites = [len(set(row["sites_served"])) for row in given]
    hours = [exact(r["hours"]) * n for r, n in zip(given, sites, strict=True)]
    costed = [
        (exact(row["cost_usd"]), spent)
        for row, spent in zip(given, hours, strict=True)
        if row["cost_usd"] is not None
    ]
    rated = [row for row in given if row["usefulness_n"] is not None]
    ratings = sum(row["usefulness_n"] for row in rated)
    return {
        "topic": topic,
        "requested": len(asked),
        "met": len(met),
        "median_days": at_rank(met, Fraction(1, 2)),
        "p90_days": at_rank(met, Fraction(9, 10)),
        "met_60_count": len(in_time),
        "met_60_due": len(due),
        "met_60_share": over(len(in_time), len(due)),
        "open": len(still_open),
        "median_age_days": at_rank(
            [(as_of - row["requested_on"]).days for row in still_open], Fraction(1, 2)
        ),
        "urgency_sum": sum(row["urgency"] for row in still_open),
        "events": len(given),
        "reach": over(sum(sites), len(given)),
        "site_hours": rounded(sum(hours, Fraction(0))),
        "cost_usd": rounded(sum((c for c, _ in costed), Fraction(0)))
        if costed
        else None,
        "cost_per_site_hour": over(
            sum(c for c, _ in costed), sum(h for _, h in costed)
        ),
        "cost_coverage": over(len(costed), len(given)),
        "fulfilled": len(fulfilled),
        "self_served_share": over(
            sum(row["served_itself"] for row in fulfilled), len(fulfilled)
        ),
        "usefulness": over(sum(row["usefulness_sum"] for row in rated), ratings)
        if ratings >= 10
        else None,
        "usefulness_n": ratings,
    }


def hide(topics):
    for row in topics[1:]:
        row["cost_usd"] = row["cost_per_site_hour"] = row["cost_coverage"] = None
    few = [row["usefulness_n"] for row in topics[1:] if 0 < row["usefulness_n"] < 10]
    enough = [row for row in topics[1:] if row["usefulness_n"] >= 10]
    if few and sum(few) < 10 and enough:
        min(enough, key=lambda row: (row["usefulness_n"], row["topic"]))[
            "usefulness"
        ] = None


def unmet(topics):
    rows = sorted(
        (-row["open"], -row["urgency_sum"], row["topic"])
        for row in topics[1:]
        if row["open"]
    )
    return [(n, topic, -o, -u) for n, (o, u, topic) in enumerate(rows, start=1)]


def modes(given):
    names = sorted({row["mode"] for row in given})
    return [
        (
            name,
            sum(row["mode"] == name for row in given),
            rounded(
                sum(
                    (
                        exact(row["hours"]) * len(set(row["sites_served"]))
                        for row in given
                        if row["mode"] == name
                    ),
                    Fraction(0),
                )
            ),
        )
        for name in names
    ]


def at_rank(values, share):
    return sorted(values)[ceil(share * len(values)) - 1] if values else None


def exact(number):
    return Fraction(Decimal(repr(number)))


def over(numerator, denominator):
    return rounded(Fraction(numerator, denominator)) if denominator else None


def rounded(value):
    return float(Decimal(floor(value * 10_000 + Fraction(1, 2))) / 10_000)
