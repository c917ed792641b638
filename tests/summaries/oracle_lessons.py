"""PUB1 a second time, in plain Python over lists, to compare with.

Written from the definition, not from the library's code: nothing is shared.
"""

from collections import defaultdict


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
            own = profile[row["site_id"], row["school_year"]]
            shown.append(row | {"state": own["state_fips"], "term": own["term_code"]})
    for row in shown:
        row["label"], row["shown_state"] = label(row, sites, newest, states)
        row["place"] = place(row, sites, profile, newest)
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
    if newest[row["site_id"]]["consent_publish_name"] == "Y":
        return newest[row["site_id"]]["site_name"], row["state"]
    neighbours = {
        site["site_id"]
        for site in sites
        if site["state_fips"] == row["state"]
        and site["school_year"] == row["school_year"]
    }
    if len(neighbours) >= 3:
        return f"a district in {states[row['state']]}", row["state"]
    return "a pilot site", None


def place(row, sites, profile, newest):
    own = kind_of_place(profile[row["site_id"], row["school_year"]])
    if newest[row["site_id"]]["consent_publish_name"] == "Y":
        return own
    alike = {
        site["site_id"]
        for site in sites
        if (site["state_fips"], site["school_year"], kind_of_place(site))
        == (row["state"], row["school_year"], own)
    }
    return own if len(alike) >= 3 else None


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
                len({row["state"] for row in rows}),
                sites >= 3,
                min((tier for tier in tiers if tier), default=0),
                max(row["lesson_date"] for row in rows),
                [row["lesson_id"] for row in ranked[:5]],
            )
        )
    return sorted(
        groups, key=lambda g: (-g[3], g[6] or 9, -g[7].toordinal(), g[0], g[1])
    )
