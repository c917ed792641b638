"""From a renderer's SVG to one that belongs to our pages.

Colours become the page's CSS variables, so that a chart follows dark mode and
print; fonts are the page's; the drawing is one image with a name and a description
in place of a role for every mark. Ids carry the chart's own, as pages hold several.
"""

import re
import xml.etree.ElementTree as ET

_SVG = "http://www.w3.org/2000/svg"

#: Placeholder colour in a chart's specification → the CSS variable it stands for.
INK, MUTED, LINE, ACCENT, WARM, PAPER, ON_ACCENT, SOFT = (
    f"#0101{n:02d}" for n in range(8)
)
_VARIABLES = {
    INK: "var(--ink)",
    MUTED: "var(--muted)",
    LINE: "var(--line)",
    ACCENT: "var(--accent)",
    WARM: "var(--warm)",
    PAPER: "var(--paper)",
    ON_ACCENT: "var(--on-accent)",
    SOFT: "var(--soft)",
}
#: Variable → its colour on paper, as the style sheet has it under `print`.
ON_PAPER = {
    "ink": "#000000",
    "muted": "#404040",
    "line": "#b0b0b0",
    "accent": "#0d5873",
    "warm": "#8a3f05",
    "paper": "#ffffff",
    "on-accent": "#ffffff",
    "soft": "#e6e6e6",
}
_DROPPED = {"role", "aria-roledescription", "aria-label", "aria-hidden", "class"}
_DROPPED |= {"pointer-events", "font-family", "version"}


def page_svg(drawing: str, *, chart_id: str, title: str, description: str) -> str:
    """Return a drawing as an inline image for a page.

    `title` names the chart and `description` says what it shows, for readers who
    do not see it.
    """
    # Our own renderer made it out of our own specification.
    root = ET.fromstring(drawing)  # noqa: S314
    _undress(root)
    _prefix_ids(root, chart_id)
    root.set("id", chart_id)
    root.set("class", "chart")
    root.set("role", "img")
    root.set("aria-labelledby", f"{chart_id}-title {chart_id}-desc")
    for position, (name, text) in enumerate((("title", title), ("desc", description))):
        words = ET.Element(f"{{{_SVG}}}{name}", {"id": f"{chart_id}-{name}"})
        words.text = text
        root.insert(position, words)
    # The prefix is one for the whole process, and others write their XML with it too;
    # under another prefix a browser would see no image.
    ET.register_namespace("", _SVG)
    return _coloured(ET.tostring(root, encoding="unicode"))


def on_paper(svg: str, *, font: str) -> str:
    """Return an image of a page for a printer that knows no style sheet."""
    for name, colour in ON_PAPER.items():
        svg = svg.replace(f"var(--{name})", colour)
    return svg.replace("<svg ", f'<svg font-family="{font}" ', 1)


def _undress(root: ET.Element) -> None:
    for parent in root.iter():
        for child in list(parent):
            if child.get("class") in {"background", "foreground"}:
                parent.remove(child)
    for element in root.iter():
        for name in _DROPPED & set(element.keys()):
            del element.attrib[name]


def _prefix_ids(root: ET.Element, chart_id: str) -> None:
    names = [element.get("id") for element in root.iter() if element.get("id")]
    own = {name: f"{chart_id}-{number}" for number, name in enumerate(names, start=1)}
    for element in root.iter():
        for key, value in element.items():
            if key == "id":
                element.set(key, own[value])
            elif (match := re.fullmatch(r"url\(#(.+)\)", value)) is not None:
                element.set(key, f"url(#{own[match[1]]})")


def _coloured(svg: str) -> str:
    for placeholder, variable in _VARIABLES.items():
        svg = svg.replace(f'"{placeholder}"', f'"{variable}"')
    return svg
