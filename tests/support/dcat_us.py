"""What DCAT-US 1.1 asks of a catalog by a state or district, as a JSON Schema.

Written anew from the published description of the fields, for agencies that are not federal:
those need neither a bureau nor a program code. Addresses are asked to be whole, which
the word `uri` alone does not make a validator check.
Source: DCAT-US Schema v1.1 (Project Open Data Metadata Schema).
"""

from typing import Any

_TEXT = {"type": "string", "minLength": 1}
_ADDRESS = {"type": "string", "pattern": r"^https?://[^\s/]+/\S*$"}
_MEDIA_TYPE = {"type": "string", "pattern": r"^[-\w]+/[-\w.]+(\+[-\w]+)?$"}
_DAY = {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"}


def _thing(kind: str, *, required: list[str], **fields: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required,
        "properties": {"@type": {"const": kind}, **fields},
        # A field that the schema does not know is most often one that is misspelt.
        "additionalProperties": False,
    }


_CONTACT = _thing(
    "vcard:Contact",
    required=["fn", "hasEmail"],
    fn=_TEXT,
    hasEmail={"type": "string", "pattern": r"^mailto:[\w.-]+@[\w.-]+\.[\w.-]+$"},
)
_DISTRIBUTION = {
    **_thing(
        "dcat:Distribution",
        required=["downloadURL"],
        title=_TEXT,
        description=_TEXT,
        format=_TEXT,
        mediaType=_MEDIA_TYPE,
        downloadURL=_ADDRESS,
        accessURL=_ADDRESS,
        conformsTo=_ADDRESS,
        describedBy=_ADDRESS,
        describedByType=_MEDIA_TYPE,
    ),
    # What can be downloaded says what it is.
    "dependentRequired": {"downloadURL": ["mediaType"]},
}
_DATASET = _thing(
    "dcat:Dataset",
    required=[
        *("title", "description", "keyword", "modified", "publisher"),
        *("contactPoint", "identifier", "accessLevel"),
    ],
    title=_TEXT,
    description=_TEXT,
    keyword={"type": "array", "items": _TEXT, "minItems": 1, "uniqueItems": True},
    modified=_DAY,
    issued=_DAY,
    publisher=_thing("org:Organization", required=["name"], name=_TEXT),
    contactPoint=_CONTACT,
    identifier=_TEXT,
    accessLevel={"enum": ["public", "restricted public", "non-public"]},
    rights={"type": "string", "minLength": 1, "maxLength": 255},
    license=_ADDRESS,
    landingPage=_ADDRESS,
    describedBy=_ADDRESS,
    describedByType=_MEDIA_TYPE,
    distribution={"type": "array", "items": _DISTRIBUTION, "minItems": 1},
)
CATALOG: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **_thing(
        "dcat:Catalog",
        required=["conformsTo", "dataset"],
        **{
            "@context": _ADDRESS,
            "@id": _ADDRESS,
            "title": _TEXT,
            "description": _TEXT,
            "conformsTo": {"const": "https://project-open-data.cio.gov/v1.1/schema"},
            "describedBy": _ADDRESS,
            "dataset": {"type": "array", "items": _DATASET, "uniqueItems": True},
        },
    ),
}
