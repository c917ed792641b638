"""The pages of recommendations: all of them at a glance, and those of long areas.

What does not belong here: what they say, which is in `recommendation_views`.
"""

from collections.abc import Iterator

from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.bands import parts_of
from pcbl_pipeline.publication.pages.digest import Digest
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.recommendation_views import (
    AreaAdvice,
    RecommendationsView,
)
from pcbl_pipeline.publication.pages.render import Page

#: Recommendations of an area on the first page; a page of the area has the rest.
SHOWN = 8
#: Recommendations on one page of an area.
PART_LENGTH = 100


def recommendation_pages(
    content: EditionContent, digest: Digest, labels: Labels, messages: Messages
) -> Iterator[Page]:
    """Yield the page of recommendations, if there are any, and those of long areas."""
    view = RecommendationsView(content, digest, labels, messages)
    if not view.advice:
        return
    yield Page(
        path="recommendations/index.html",
        template="recommendations.html",
        title=messages.plain("recommendations.title"),
        description=messages.plain("recommendations.description"),
        section="recommendations",
        finding=view.finding,
        answers={
            audience.replace("_", "-"): view.first(areas)
            for audience, areas in view.by_audience
        },
        values={"view": view, "shown": SHOWN},
        facets={
            "audience": tuple(audience for audience, _ in view.by_audience),
            "policy": tuple(dict.fromkeys(item.area for item in view.advice)),
        },
    )
    for advice in view.advice:
        if len(advice.items) > SHOWN:
            yield from _area_pages(view, advice, messages)


def _area_pages(
    view: RecommendationsView, advice: AreaAdvice, messages: Messages
) -> Iterator[Page]:
    parts = parts_of(advice.items, PART_LENGTH)
    paths = [advice.path(number) for number in range(1, len(parts) + 1)]
    words = {
        "area": advice.name,
        "who": messages.plain(f"recommendations.{advice.audience}"),
    }
    key = "area_title" if len(parts) == 1 else "area_title_part"
    for number, items in enumerate(parts, start=1):
        yield Page(
            path=advice.path(number),
            template="recommendations_area.html",
            title=messages.plain(
                f"recommendations.{key}", **words, part=number, parts=len(parts)
            ),
            description=messages.plain("recommendations.area_description", **words),
            section="recommendations",
            values={
                "view": view,
                "advice": advice,
                "items": items,
                "part": number,
                "pages_of_list": paths,
            },
            facets={"audience": (advice.audience,), "policy": (advice.area,)},
        )
