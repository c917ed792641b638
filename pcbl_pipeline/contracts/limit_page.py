"""The page of the limit tables: what each state allows, and the law that says so."""

from pcbl_pipeline.contracts.catalogue import Catalogue
from pcbl_pipeline.contracts.limits import LimitTable
from pcbl_pipeline.contracts.markdown import GENERATED, table


def limits_page(catalogue: Catalogue) -> str:
    """Return the page of all limit tables."""
    tables = [catalogue.limit_tables[name] for name in sorted(catalogue.limit_tables)]
    parts = [
        GENERATED,
        "# Limits",
        (
            "What differs from state to state. A state that is not in a table has no "
            "limit there, and its rows are not judged by it."
        ),
        *(_part(item, catalogue) for item in tables),
    ]
    return "\n\n".join(parts) + "\n"


def _part(item: LimitTable, catalogue: Catalogue) -> str:
    rows = [
        (
            catalogue.label("state_fips", limit.state_fips),
            limit.numbers,
            f"{limit.at_most} {item.unit}",
            limit.source,
        )
        for limit in item.limits
    ]
    heads = ("State", item.counts.capitalize(), "At most", "Source")
    return "\n\n".join((f"## {item.name}", f"{item.title}.", table(heads, rows)))
