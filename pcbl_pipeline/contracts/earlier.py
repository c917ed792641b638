"""An earlier version of a contract that the present one only adds to.

Its file is gone: what it held is what stands in the present one but for the columns
that came `since`, and what looks at them. Words are those of today.
"""

from pcbl_pipeline.contracts.contract import Contract


def as_of(contract: Contract, version: str) -> Contract | None:
    """Return a contract as it was in a version; None where it does not add to that."""
    if version not in contract.adds_to:
        return None
    order = [*contract.adds_to, contract.version]
    earlier = order.index(version)
    later = {
        field.name
        for field in contract.fields
        if field.since in order and order.index(field.since) > earlier
    }
    derived = [item for item in contract.derived if not item.reads & later]
    later |= {item.name for item in contract.derived if item not in derived}
    stated = contract.model_dump()
    return Contract.model_validate(
        stated
        | {
            "version": version,
            "adds_to": contract.adds_to[:earlier],
            "fields": [f for f in stated["fields"] if f["name"] not in later],
            "derived": derived,
            "rules": [
                rule
                for rule in contract.rules
                if later.isdisjoint({*rule.names, *rule.fields})
            ],
        }
    )
