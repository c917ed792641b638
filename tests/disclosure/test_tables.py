"""Small groups stay hidden, and no sum gives them away."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.disclosure.tables.bands import percent_band, size_band
from pcbl_pipeline.disclosure.tables.cells import ALL, KEY, PROTECTING, Reason, Step
from pcbl_pipeline.disclosure.tables.protect import protect
from pcbl_pipeline.model.bands import SIZE_BANDS, percent_ends, size_ends
from tests.support.cells import BANDS, FLAGS, RACES, SITES, cells_of, networks

BY_STATE = {"04": 10, "32": 15}
SITE = "0499901"
#: The families once more, by what their members differ in.
GROUPS = ((*RACES,), ("F", "M"), *FLAGS)


def protected(cells, **given_sets):
    return protect(cells, BY_STATE, **given_sets)


def told(frame):
    """Return (band, site, group) → row."""
    return {
        (row["grade_band"], row["site_id"], row["student_group"]): row
        for row in frame.rows(named=True)
    }


def families(rows):
    """Yield the members and the total of every family with people in it."""
    bands = {band for band, _, _ in rows}
    sites = {site for _, site, _ in rows}
    groups = {group for _, _, group in rows}
    named = [
        *(
            ([(b, s, g) for g in family], (b, s, "ALL"))
            for b in bands
            for s in sites
            for family in GROUPS
        ),
        *(([(b, s, g) for b in BANDS], ("ALL", s, g)) for s in sites for g in groups),
        *(([(b, s, g) for s in SITES], (b, "ALL", g)) for b in bands for g in groups),
    ]
    for keys, total in named:
        members = [rows[key] for key in keys if key in rows and rows[key]["people"]]
        if members:
            yield members, rows.get(total)


def is_protected(row):
    return row is not None and row["reason"] in PROTECTING


@settings(max_examples=25, deadline=None)
@given(networks())
def test_no_family_gives_its_hidden_member_away(cells):
    rows = told(protected(cells))

    for members, total in families(rows):
        hidden = [row for row in members if row["reason"]]
        people = sum(row["people"] for row in hidden)
        least = max(row["k"] for row in [*members, *([total] if total else [])])
        if any(map(is_protected, hidden)):
            if len(hidden) > 1 and people >= least:
                continue
            # Nobody is left to be hidden, so the total is, or more people stand
            # beside the hidden ones than the members count.
            assert len(hidden) == len(members)
            if total and not total["reason"]:
                assert total["people"] > people
                assert total["people"] >= least
        elif is_protected(total) and not hidden:
            # A flag without a row for its complement adds up to nothing.
            assert len(members) == 1
            assert total["people"] > members[0]["people"]


@settings(max_examples=25, deadline=None)
@given(networks())
def test_nothing_shown_is_smaller_than_the_least_group(cells):
    keys = cells.select("grade_band", "student_group", "site_id").rows()

    for row in protected(cells).rows(named=True):
        own, band, group = row["site_id"], row["grade_band"], row["student_group"]
        sites = [site for *cell, site in keys if cell == [band, group] and site != ALL]
        least = max(BY_STATE[site[:2]] for site in (sites if own == ALL else [own]))
        if row["reason"] is None:
            assert row["people"] >= least
            low, high = size_ends(row["n_band"])
            assert low <= row["people"] <= (high or row["people"])
        else:
            assert row["n_band"] is None
            assert row["percent_band"] is None


@settings(max_examples=12, deadline=None)
@given(networks(), st.randoms())
def test_the_order_of_rows_changes_nothing(cells, random):
    places = list(range(cells.height))
    random.shuffle(places)

    assert protected(cells[places]).equals(protected(cells))


@settings(max_examples=12, deadline=None)
@given(networks())
def test_a_flag_and_its_complement_are_shown_or_hidden_together(cells):
    rows = told(protected(cells))

    for (band, site, group), row in rows.items():
        for pair in FLAGS:
            other = rows.get((band, site, pair[1]))
            if group != pair[0] or other is None or not row["people"]:
                continue
            if other["people"]:
                assert (row["reason"] is None) == (other["reason"] is None)


@settings(max_examples=12, deadline=None)
@given(networks(), st.data())
def test_what_was_hidden_before_or_is_exposed_stays_hidden_with_its_family(cells, data):
    places = st.sets(st.integers(0, cells.height - 1), max_size=3)
    before, exposed = (cells[sorted(data.draw(places))] for _ in range(2))

    frame = protected(cells, hidden_before=before, also_hide=exposed)

    for other in (before, exposed):
        assert frame.join(other, on=KEY, how="semi")["reason"].null_count() == 0
    # What is closed is closed: the pattern of one release asks for nothing more.
    again = protected(cells, hidden_before=frame.filter(_hidden()))
    assert (
        again.filter(_hidden()).select(KEY).equals(frame.filter(_hidden()).select(KEY))
    )


def _hidden():
    return pl.col("reason").is_in([*PROTECTING])


@pytest.mark.parametrize("band", SIZE_BANDS, ids=lambda band: band.label)
def test_the_tails_always_cover_nobody_one_and_two_people(band):
    sizes = range(band.least, (band.most or 2000) + 1)
    frame = pl.DataFrame({"n": sizes}).with_columns(
        percent_band(pl.lit(few), pl.col("n"), pl.col("n")).alias(f"low{few}")
        for few in range(3)
    )
    frame = frame.with_columns(
        percent_band(pl.col("n") - few, pl.col("n"), pl.col("n")).alias(f"high{few}")
        for few in range(3)
    )

    for end in ("low", "high"):
        assert frame.select(pl.col(f"{end}0", f"{end}1", f"{end}2").n_unique()).row(
            0
        ) == (1, 1, 1)
        assert frame[f"{end}0"].equals(frame[f"{end}2"].alias(f"{end}0"))


@pytest.mark.parametrize(
    ("met", "people", "size", "percent"),
    [
        (2, 10, "10-19", "<=20"),
        (4, 19, "10-19", "21-39"),
        (8, 10, "10-19", ">=80"),
        (3, 20, "20-39", "11-19"),
        (35, 39, "20-39", ">=90"),
        (3, 40, "40-99", "6-9"),
        # 94.5 is 95, rounded half up.
        (189, 200, "100-299", "95"),
        (52, 99, "40-99", "50-54"),
        (2, 100, "100-299", "<=2"),
        (135, 300, "300+", "45"),
        (5000, 5000, "300+", ">=99"),
    ],
)
def test_bands_are_as_wide_as_the_group_is_small(met, people, size, percent):
    frame = pl.DataFrame({"met": [met], "people": [people]})
    n, m = pl.col("people"), pl.col("met")

    bands = frame.select(size_band(n).alias("n"), percent_band(m, n, n).alias("%"))

    assert bands.row(0) == (size, percent)


def test_every_label_says_which_percents_it_covers():
    for band in SIZE_BANDS:
        for percent, label in enumerate(band.percent_labels):
            low, high = percent_ends(label)
            assert low <= percent <= high


def test_a_hand_checked_site():
    # Race: AM7 is small, so the next smallest goes too. Sex: nothing is small. LEP is
    # small and its complement has no row. The other site is small as a whole, so the
    # first one's total would give it away; nobody is left to be hidden but the sum.
    groups = {"ALL": 100, "AM7": 5, "HI7": 60, "WH7": 35, "F": 50, "M": 50, "LEP": 8}
    numbers = {("ALL", SITE, group): n for group, n in groups.items()}

    rows = told(protected(cells_of(numbers).filter(pl.col("site_id") != "ALL")))

    assert {key[2]: (row["reason"], row["step"]) for key, row in rows.items()} == {
        "ALL": (None, None),
        "AM7": (Reason.PRIMARY, Step.SMALL_GROUP),
        "F": (None, None),
        "HI7": (None, None),
        "LEP": (Reason.PRIMARY, Step.SMALL_GROUP),
        "M": (None, None),
        "WH7": (Reason.COMPLEMENTARY, Step.RACE),
    }


def test_a_flag_that_nearly_everybody_has_is_hidden_with_its_few_others():
    numbers = {("ALL", SITE, "ALL"): 50, ("ALL", SITE, "ECODIS"): 47}

    rows = told(protected(cells_of(numbers)))

    flag = rows[("ALL", SITE, "ECODIS")]
    assert (flag["reason"], flag["step"]) == (Reason.COMPLEMENTARY, Step.SMALL_REST)
    assert rows[("ALL", SITE, "ALL")]["reason"] is None


def test_a_site_alone_takes_the_total_with_it():
    numbers = {("ALL", SITE, "ALL"): 30, ("ALL", "3299901", "ALL"): 5}

    rows = told(protected(cells_of(numbers)))

    assert {key[1]: row["reason"] for key, row in rows.items()} == {
        SITE: Reason.COMPLEMENTARY,
        "3299901": Reason.PRIMARY,
        "ALL": None,
    }


def test_groups_without_anybody_are_said_to_have_no_data():
    numbers = {("ALL", SITE, "ALL"): 30, ("ALL", SITE, "AM7"): 0}

    assert told(protected(cells_of(numbers)))[("ALL", SITE, "AM7")]["reason"] == (
        Reason.NO_DATA
    )


def test_low_response_hides_but_protects_nobody():
    numbers = {("ALL", SITE, "F"): 30, ("ALL", SITE, "M"): 30}
    cells = cells_of(numbers).with_columns(is_valid=pl.col("student_group") != "F")

    rows = told(protected(cells))

    assert rows[("ALL", SITE, "F")]["reason"] == Reason.LOW_RESPONSE
    assert rows[("ALL", SITE, "M")]["reason"] is None


def test_a_state_may_ask_for_larger_groups_and_never_for_smaller_ones():
    numbers = {("ALL", SITE, "ALL"): 9, ("ALL", "3299901", "ALL"): 14}
    cells = cells_of(numbers).filter(pl.col("site_id") != "ALL")

    rows = protect(cells, {"04": 3, "32": 15})

    assert rows["k"].to_list() == [10, 15]
    assert rows["reason"].null_count() == 0
