"""What stands about the data files of a site's own edition: its data package."""

from collections.abc import Mapping
from typing import Any

from pcbl_pipeline.publication.datapackage import resource
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.site_edition import SiteContent, site_tables_of


def site_package(
    content: SiteContent,
    data: Mapping[str, bytes],
    messages: Messages,
    *,
    release_id: str,
) -> dict[str, Any]:
    """Describe every table and column as a Frictionless data package.

    It carries no license: what a site's edition holds is not for others to use.
    """
    description = messages.plain(
        "mirror.package_description", as_of=messages.date(content.as_of)
    )
    if content.fictional:
        description += " " + messages.plain("package.fictional")
    return {
        "profile": "tabular-data-package",
        "name": f"pcbl-site-{content.site_id}",
        "title": messages.plain(
            "mirror.package_title",
            network=content.network_name,
            site=content.site_name,
        ),
        "description": description,
        "version": release_id,
        "resources": [
            resource(table, data, messages, content.code_lists)
            for table, _ in site_tables_of(content)
        ],
    }
