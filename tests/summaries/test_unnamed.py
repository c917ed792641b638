"""What is told of a site without a name is true of two of them at least."""

from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from pcbl_pipeline.summaries.unnamed import told_of_sites
from tests.support.frames import lake_rows, lake_table

ATTRIBUTES = ("told_state", "told_place", "told_term")
YEARS = ("2024-2025", "2025-2026")

networks = st.lists(
    st.fixed_dictionaries(
        {
            "site_id": st.sampled_from(
                [f"{state}9990{n}" for state in ("04", "32", "45") for n in range(1, 7)]
            ),
            "school_year": st.sampled_from(YEARS),
            "locale_code": st.sampled_from(["11", "12", "41", "43", None]),
            "term_code": st.sampled_from(["PCBL", "SBG"]),
            "consent_publish_name": st.sampled_from("YNN"),
        }
    ).map(lambda row: row | {"state_fips": row["site_id"][:2]}),
    min_size=4,
    max_size=30,
    unique_by=lambda row: (row["site_id"], row["school_year"]),
)


@settings(max_examples=150, deadline=None)
@given(networks)
def test_no_attributes_are_told_of_exactly_one_site_without_a_name(rows):
    told = told_of_sites(lake_rows("site_profile", rows))

    alike = defaultdict(set)
    silent = defaultdict(set)
    for row in told.filter(told["site_name"].is_null()).iter_rows(named=True):
        year = row["school_year"]
        silent[year].add(row["site_id"])
        alike[year, *(row[name] for name in ATTRIBUTES)].add(row["site_id"])
    for (year, *attributes), sites in alike.items():
        # Who is alone in the whole network cannot be hidden; nothing is told of it.
        alone = len(silent[year]) == 1 and attributes == [None, None, None]
        assert len(sites) >= 2 or alone
    assert told.height == len(rows)


def test_two_of_a_state_keep_it_and_who_would_be_alone_without_takes_one_along():
    told = told_of_sites(
        lake_table(
            "site_profile",
            """
| site_id | state_fips | locale_code | term_code | consent_publish_name |
| 0499901 | 04         | 11          | CBE       | Y                    |
| 0499902 | 04         | 11          | CBE       | N                    |
| 0499903 | 04         | 11          | SBG       | N                    |
| 3299901 | 32         | 11          | CBE       | Y                    |
| 3299902 | 32         | 11          | CBE       | Y                    |
| 3299903 | 32         | 11          | CBE       | N                    |
| 4599901 | 45         | 11          | CBE       | Y                    |
| 4599902 | 45         | 11          | CBE       | Y                    |
| 4599903 | 45         | 11          | CBE       | N                    |
""",
        )
    )

    assert [row for row in told.select(*ATTRIBUTES).rows() if row[2] is None] == [
        ("04", "1", None),
        ("04", "1", None),
        (None, None, None),
        (None, None, None),
    ]
