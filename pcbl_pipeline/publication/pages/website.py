"""All files of an edition besides its data: pages, assets, data package, schema."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from pcbl_pipeline.publication.annual.report import AnnualReport
from pcbl_pipeline.publication.datapackage import package_files
from pcbl_pipeline.publication.edition import EditionContent
from pcbl_pipeline.publication.messages import Messages, load_messages
from pcbl_pipeline.publication.open_data import open_data_files
from pcbl_pipeline.publication.pages.annual import annual_pages, annual_pdf
from pcbl_pipeline.publication.pages.assistance import assistance_page, year_views
from pcbl_pipeline.publication.pages.barriers import barriers_pages
from pcbl_pipeline.publication.pages.codebook import codebook_page
from pcbl_pipeline.publication.pages.digest import Digest
from pcbl_pipeline.publication.pages.documents import document_pages
from pcbl_pipeline.publication.pages.exchange import exchange_pages
from pcbl_pipeline.publication.pages.experience import experience_pages
from pcbl_pipeline.publication.pages.front import about_page, start_page
from pcbl_pipeline.publication.pages.labels import Labels
from pcbl_pipeline.publication.pages.lessons import lesson_pages
from pcbl_pipeline.publication.pages.menu import menu_of
from pcbl_pipeline.publication.pages.network_map import map_view
from pcbl_pipeline.publication.pages.outcomes import outcome_pages
from pcbl_pipeline.publication.pages.planning import planning_pages
from pcbl_pipeline.publication.pages.progress import progress_pages
from pcbl_pipeline.publication.pages.readers import reader_pages
from pcbl_pipeline.publication.pages.recommendations import recommendation_pages
from pcbl_pipeline.publication.pages.releases import release_pages
from pcbl_pipeline.publication.pages.render import ASSETS, Page, PageWriter
from pcbl_pipeline.publication.pages.roadmap import roadmap_pages
from pcbl_pipeline.publication.pages.searching import SearchIndex, search_page

#: The pages of the further summaries, each from the tables that the edition has.
Section = Callable[[EditionContent, Labels, Messages], Iterable[Page]]
SECTIONS: tuple[Section, ...] = (
    progress_pages,
    barriers_pages,
    outcome_pages,
    experience_pages,
    release_pages,
    exchange_pages,
    planning_pages,
    roadmap_pages,
)


def page_files(
    content: EditionContent,
    data: Mapping[str, bytes],
    *,
    release_id: str,
    language: str = "en",
) -> Iterator[tuple[str, bytes]]:
    """Yield (path, bytes) of every file of an edition that is not a data file.

    `data` are the edition's data files; the pages tell their sizes. Pages are
    rendered one by one, so that a large network does not fill the memory.
    """
    messages = load_messages(language)
    labels = Labels(content.code_lists, messages)
    digest = Digest(content, labels)
    annual = AnnualReport(content, digest, labels, messages)
    pages = tuple(_pages(data, annual))
    menu = menu_of(pages, messages)
    writer = PageWriter(content, messages, release_id=release_id, menu=menu)
    index = SearchIndex(messages)
    for page in pages:
        rendered = writer.render(page)
        index.add(page, rendered)
        yield page.path, rendered
    yield from index.files()
    yield from annual_pdf(annual, release_id=release_id)
    for asset in sorted(ASSETS.iterdir()):
        yield f"assets/{asset.name}", asset.read_bytes()
    yield from package_files(content, data, messages, release_id=release_id)
    yield from open_data_files(content, messages, release_id=release_id)


def _pages(data: Mapping[str, bytes], annual: AnnualReport) -> Iterator[Page]:
    content, digest = annual.content, annual.digest
    labels, messages = annual.labels, annual.messages
    years = year_views(content, labels, messages)
    pages = [
        *lesson_pages(content, digest, labels, messages),
        assistance_page(years, messages),
        *annual_pages(annual, messages),
        *recommendation_pages(content, digest, labels, messages),
        *(page for section in SECTIONS for page in section(content, labels, messages)),
    ]
    sections = [page for page in pages if page.path.endswith("/index.html")]
    pages += [
        about_page(content, data, labels, messages, sections=sections),
        codebook_page(content, messages),
        *document_pages(content.documents, messages),
    ]
    states = map_view(content, labels, messages)
    yield start_page(content, digest, years, messages, pages=pages, states=states)
    yield from reader_pages(pages, messages)
    yield search_page(pages, content, labels, messages)
    yield from pages
