"""The data dictionary and the rules as pages of the site, from their Markdown.

What does not belong here: what these pages say; they are made from the contracts.
"""

import re
from collections.abc import Iterator, Mapping

from markdown_it import MarkdownIt
from markupsafe import Markup

from pcbl_pipeline.publication.messages import Messages
from pcbl_pipeline.publication.pages.render import Page

#: The index of a folder is called so in a repository.
_INDEX = "README.md"
_COMMENT = re.compile(r"\A<!--.*?-->\s*", re.DOTALL)
_HEADING = re.compile(r"^# (.+)$", re.MULTILINE)
#: A link to another of these pages, with or without a place in it.
_LINK = re.compile(r"\]\(([^)#:]*?)([\w.-]+)\.md(#[\w-]+)?\)")
_TABLE = re.compile(r"(<table>.*?</table>)", re.DOTALL)
_FIRST_CELL = re.compile(r"<tr>\n<td>(.*?)</td>", re.DOTALL)
_ANY_HEADING = re.compile(r"<h[1-6][^>]*>(.*?)</h[1-6]>")
_SUBHEADING = re.compile(r"<h2>([a-z_]+)</h2>")


def document_pages(documents: Mapping[str, str], messages: Messages) -> Iterator[Page]:
    """Yield the page of every Markdown text, at the same path as HTML."""
    for path, text in documents.items():
        title = _title(text)
        yield Page(
            path=_html_path(path),
            template="document.html",
            title=title.replace("`", ""),
            description=messages.plain("documents.description", title=title),
            section="about",
            values={"body": _markup(text)},
        )


def document_index(documents: Mapping[str, str]) -> dict[str, str]:
    """Return the pages that lead to the others: title by path."""
    return {
        _html_path(path): _title(text)
        for path, text in documents.items()
        if path.endswith(_INDEX)
    }


def _html_path(path: str) -> str:
    if path.endswith(_INDEX):
        return f"{path.removesuffix(_INDEX)}index.html"
    return f"{path.removesuffix('.md')}.html"


def _title(text: str) -> str:
    found = _HEADING.search(text)
    return found.group(1) if found else ""


def _markup(text: str) -> Markup:
    """Return a text's HTML; markup that stands in it is shown, never taken over."""
    linked = _LINK.sub(_to_html, _COMMENT.sub("", text))
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(linked)
    html = html.replace(' class="language-yaml"', "")
    # Links lead to a code list by its name.
    html = _SUBHEADING.sub(r'<h2 id="\1">\1</h2>', html)
    return Markup("".join(_parts(html)))  # noqa: S704 - escaped by the renderer


def _parts(html: str) -> Iterator[str]:
    """Yield a page's parts; each table named by the heading above it."""
    heading = ""
    for number, part in enumerate(_TABLE.split(html)):
        if not part.startswith("<table>"):
            heading = [heading, *_ANY_HEADING.findall(part)][-1]
            yield part
            continue
        name = f"table-{number}"
        # A wide table scrolls by itself, with the keyboard too.
        yield (
            f'<div class="scroll" role="region" aria-labelledby="{name}" tabindex="0">'
            f'<table>\n<caption id="{name}">{heading}</caption>\n'
        )
        cells = part.removeprefix("<table>").replace("<th>", '<th scope="col">')
        yield _FIRST_CELL.sub(r'<tr>\n<th scope="row">\1</th>', cells)
        yield "</div>"


def _to_html(match: re.Match[str]) -> str:
    folder, name, place = match.groups()
    return f"]({_html_path(f'{folder}{name}.md')}{place or ''})"
