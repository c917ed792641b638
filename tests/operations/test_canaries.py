"""Every edition is built, and no file of any holds what its readers may not see.

A canary is a value that stands in one cell of one site and nowhere else. What may be
seen is asked of the contracts: each column's privacy class.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count

import polars as pl
import pytest

from pcbl_pipeline.contracts.contract import FieldType
from pcbl_pipeline.contracts.schema import row_schema
from pcbl_pipeline.operations.editions import EditionsData, make_editions, pages_of
from pcbl_pipeline.operations.summaries.scope import LakeRows
from tests.support.readable import found_in

AS_OF = date(2026, 11, 20)
SITES = ("0499931", "0499932", "3899931")
#: The one whose name may be published.
NAMED = "0499932"
SHARED, NETWORK_ONLY, OWN_STATE = "public", "network", "sea_only"
#: Numbers that no other value is, nor a part of one.
_FIRST_NUMBER = 7_130_017
_WORDS = (
    "apple",
    "bread",
    "chair",
    "door",
    "egg",
    "floor",
    "glass",
    "house",
    "ink",
    "jar",
)


@dataclass(frozen=True)
class Canary:
    """A value, whose it is, and who may see the column that it stands in."""

    value: str
    site_id: str
    privacy: str
    column: str


class Planting:
    """Rows of every dataset for three sites, with a canary in every cell that can."""

    def __init__(self, workspace) -> None:
        self._catalogue = workspace.catalogue
        self._numbers = count(_FIRST_NUMBER, 7)
        self.canaries: list[Canary] = []
        self.frames = {
            dataset: self._frame(dataset) for dataset in workspace.catalogue.contracts
        }

    def _frame(self, dataset) -> pl.DataFrame:
        contract = self._catalogue.get(dataset)
        rows = [row for site_id in SITES for row in self._rows(contract, site_id)]
        return pl.DataFrame(rows, schema=row_schema(contract), strict=False)

    def _rows(self, contract, site_id) -> Iterator[dict[str, object]]:
        levels = (SHARED, NETWORK_ONLY, OWN_STATE)
        times = levels if contract.dataset == "lesson_learned" else (None,)
        for level in times:
            yield {
                "sender_id": site_id,
                "contract_version": "1.0",
                **{
                    field.name: self._cell(contract.dataset, field, site_id, level)
                    for field in contract.fields
                },
            }

    def _cell(self, dataset, field, site_id, level) -> object:
        usual = self._usual(dataset, site_id, level)
        if field.name in usual:
            return usual[field.name]
        if field.type is FieldType.DATE:
            return date(2026, 9, 1)
        if field.type is FieldType.SCHOOL_YEAR:
            return "2026-2027"
        if field.code_list is not None:
            values = self._catalogue.code_lists[field.code_list].values
            first = next(iter(values))
            return [first] if field.type is FieldType.CODES else first
        return self._plant(dataset, field, site_id, level)

    def _plant(self, dataset, field, site_id, level) -> object:
        number = next(self._numbers)
        privacy = {SHARED: "public", NETWORK_ONLY: "network", OWN_STATE: "restricted"}
        is_number = field.type in {FieldType.INTEGER, FieldType.DECIMAL}
        # Texts of plain words alone, so that no screen of narratives holds them.
        words = " ".join(_WORDS[int(digit)] for digit in str(number))
        value = str(number) if is_number else f"a list of {words}"
        of_lesson = field.privacy.value == "share_level"
        self.canaries.append(
            Canary(
                value,
                site_id,
                privacy[level] if of_lesson else field.privacy.value,
                f"{dataset}.{field.name}",
            )
        )
        if field.type is FieldType.CODES:
            return [value]
        return number if is_number else value

    def _usual(self, dataset, site_id, level) -> dict[str, object]:
        own = {
            "site_id": site_id,
            "leaid": site_id,
            "state_fips": site_id[:2],
            "schema_version": "1.0",
            "reviewed_no_pii": "Y",
            "consent_publish_name": "Y" if site_id == NAMED else "N",
            "stage": 1 + SITES.index(site_id),
            "revision": 1,
            "element_code": "CBE3",
            "is_priority_next": "Y",
            "sites_served": [site_id],
            "ta_request_ids": [f"R-{site_id}"],
            "ta_request_id": f"R-{site_id}",
            "grades_served": ["09"],
            "status": "open",
            "severity": 3,
            "urgency": 2,
            "evidence_tier": "2",
            "resource_license": "CC BY 4.0",
        }
        if level is not None:
            own |= {"share_level": level, "lesson_id": f"{site_id}-2026-{level}"}
        if dataset == "state_action":
            own |= {"status": "in_effect"}
        return own


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    from pcbl_pipeline.settings import Settings  # noqa: PLC0415
    from pcbl_pipeline.workspace import create_workspace  # noqa: PLC0415
    from tests.support.builders import NETWORK_YAML  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("canaries")
    # Other ids than those of the examples in the contracts, which every edition shows.
    network = NETWORK_YAML.replace("99901", "99931").replace("99902", "99932")
    workspace = create_workspace(Settings(store_url=f"file:{folder}"), network)
    planting = Planting(workspace)
    rows = LakeRows(workspace.lake, workspace.ledger, planting.frames)
    data = EditionsData(make_editions(workspace, rows, as_of=AS_OF))
    pages = pages_of(data, "2026.11.1")
    files = {
        edition: {
            path: content
            for path, content in {**data[edition], **dict(pages[edition])}.items()
            # Made before any row is read; their examples are nobody's.
            if not path.startswith(("contracts/", "assets/"))
        }
        for edition in data
    }
    return planting.canaries, files


def values(canaries, *privacy, site=None, other_than=None):
    return {
        item.value
        for item in canaries
        if item.privacy in privacy
        and site in (None, item.site_id)
        and item.site_id != other_than
    }


def test_every_edition_is_built(planted):
    _, files = planted

    assert set(files) == {
        *("public", "network", "agency"),
        *(f"sites/{site_id}" for site_id in SITES),
    }


@pytest.mark.parametrize("edition", ["public", "network", "agency"])
def test_no_restricted_value_is_in_an_edition_of_many_readers(planted, edition):
    canaries, files = planted
    hidden = values(canaries, "restricted")
    assert len(hidden) > 30

    assert found_in(files[edition], hidden) == {}


def test_the_public_edition_has_no_text_that_is_for_the_network(planted):
    canaries, files = planted
    texts = {
        item.value
        for item in canaries
        if item.privacy == "network" and item.column.startswith("lesson_learned.")
    }
    needs = {item.value for item in canaries if item.column == "ta_request.need"}
    assert texts
    assert needs

    assert found_in(files["public"], texts | needs) == {}
    assert set(found_in(files["network"], texts)) <= texts


def test_a_sites_edition_has_of_others_only_what_the_network_has(planted):
    canaries, files = planted
    kinds = ("public", "network", "restricted")
    seen_by_all = found_in(files["network"], values(canaries, *kinds))

    for site_id in SITES:
        others = values(canaries, *kinds, other_than=site_id)
        given_away = found_in(files[f"sites/{site_id}"], others)
        assert {
            value: given_away[value] for value in given_away.keys() - seen_by_all
        } == {}


def test_a_sites_own_numbers_are_exact_in_its_own_edition_and_in_no_other(planted):
    canaries, files = planted
    exact = {
        item.value
        for item in canaries
        if item.column in {"outcome_metric.numerator", "perception_survey.n_favorable"}
        and item.site_id == SITES[0]
    }
    assert len(exact) == 2

    holders = {edition for edition in files if found_in(files[edition], exact)}

    assert holders == {f"sites/{SITES[0]}"}
    assert set(found_in(files[f"sites/{SITES[0]}"], exact)) == exact


def test_names_without_consent_are_in_no_edition_but_the_sites_own(planted):
    canaries, files = planted
    names = {
        item.site_id: {item.value, item.site_id}
        for item in canaries
        if item.column == "site_profile.site_name"
    }
    known = {
        "0499931": "Invented Mesa District",
        "3899931": "Invented Prairie District",
    }

    for site_id, name in known.items():
        holders = {
            edition
            for edition in files
            if edition != "agency" and found_in(files[edition], names[site_id] | {name})
        }
        assert holders == {f"sites/{site_id}"}


def test_what_may_be_seen_is_seen(planted):
    """Without this, a search that finds nothing would prove nothing."""
    canaries, files = planted
    titles = {
        item.value
        for item in canaries
        if item.column == "lesson_learned.title" and item.privacy == "public"
    }
    name = {
        item.value
        for item in canaries
        if item.column == "site_profile.site_name" and item.site_id == NAMED
    }

    for edition in ("public", "network", "agency"):
        assert set(found_in(files[edition], titles | name)) == titles | name
