"""PUB1 a second time, in plain Python over lists, to compare with.

Written from the definition, not from the library's code: nothing is shared.
"""

from collections import Counter, defaultdict


def expected_digest(lessons, sites, *, edition, states, is_held):
    """Return (groups, lessons, withheld) as lists of tuples and dicts."""
    profile = {(row["site_id"], row["school_year"]): row for row in sites}
    newest = {}
    for row in sorted(sites, key=lambda row: row["school_year"]):
        newest[row["site_id"]] = row
    shown, withheld = [], []
    for row in highest_revisions(lessons):
        reason = why_not(row, profile, edition, is_held)
        if reason:
            withheld.append((row["lesson_id"], row["revision"], reason))
        else:
            shown.append(dict(row))
    for row in shown:
        row["label"], row["shown_state"] = label(row, sites, newest, states)
        _, row["place"], row["term"] = told_of(row, sites, newest)
    return groups_of(shown), shown, sorted(withheld)


def highest_revisions(lessons):
    highest = {}
    for row in lessons:
        known = highest.get(row["lesson_id"])
        if known is None or row["revision"] > known["revision"]:
            highest[row["lesson_id"]] = row
    return list(highest.values())


def why_not(row, profile, edition, is_held):
    allowed = {"public"} if edition == "public" else {"public", "network"}
    if row["share_level"] not in allowed:
        return "not_shared"
    if row["reviewed_no_pii"] != "Y":
        return "not_reviewed"
    if (row["site_id"], row["school_year"]) not in profile:
        return "no_site_profile"
    return "text_screen" if is_held(row) else None


def label(row, sites, newest, states):
    state = told_of(row, sites, newest)[0]
    if is_named(row["site_id"], newest):
        return newest[row["site_id"]]["site_name"], state
    return (
        (f"a district in {states[state]}", state) if state else ("a pilot site", None)
    )


def is_named(site_id, newest):
    return newest[site_id]["consent_publish_name"] == "Y"


def told_of(row, sites, newest):
    """Return the state, the kind of place and the term that may be told."""
    year = [site for site in sites if site["school_year"] == row["school_year"]]
    own = next(site for site in year if site["site_id"] == row["site_id"])
    if is_named(row["site_id"], newest):
        return own["state_fips"], kind_of_place(own), own["term_code"]
    states = told_values(year, newest, lambda site: site["state_fips"])
    if own["state_fips"] not in states:
        return None, None, None
    state = [site for site in year if site["state_fips"] == own["state_fips"]]
    place = kind_of_place(own)
    places = told_values(state, newest, kind_of_place)
    return own["state_fips"], place if place in places else None, None


def told_values(sites, newest, value):
    """Return the values that unnamed ones can hide in, hiding more until two hide."""
    unnamed = Counter(
        value(site) for site in sites if not is_named(site["site_id"], newest)
    )
    everyone = Counter(value(site) for site in sites)
    told = {
        code
        for code, number in unnamed.items()
        if code and everyone[code] >= 3 and number >= 2
    }
    while told and 0 < sum(unnamed[code] for code in unnamed if code not in told) < 2:
        told.remove(min(told, key=lambda code: (unnamed[code], code)))
    return told


def kind_of_place(site):
    return site["locale_code"] and site["locale_code"][0]


def groups_of(shown):
    members = defaultdict(list)
    for row in shown:
        members[row["element_code"], row["lesson_type"]].append(row)
    groups = []
    for (element, kind), rows in members.items():
        sites = len({row["site_id"] for row in rows})
        tiers = [int(row["evidence_tier"]) for row in rows]
        ranked = sorted(
            rows,
            key=lambda row: (
                int(row["evidence_tier"]) or 9,
                -row["lesson_date"].toordinal(),
                row["lesson_id"],
            ),
        )
        groups.append(
            (
                element,
                kind,
                len(rows),
                sites,
                max(1, len({row["shown_state"] for row in rows} - {None})),
                sites >= 3,
                min((tier for tier in tiers if tier), default=0),
                max(row["lesson_date"] for row in rows),
                [row["lesson_id"] for row in ranked[:5]],
            )
        )
    return sorted(
        groups, key=lambda g: (-g[3], g[6] or 9, -g[7].toordinal(), g[0], g[1])
    )
