"""The style sheet: contrast in light, dark and print, and nothing from elsewhere."""

import re
from itertools import product

import pytest

from pcbl_pipeline.publication.pages.render import ASSETS

CSS = (ASSETS / "style.css").read_text(encoding="utf-8")
#: Text on what it stands on. WCAG 2.2, 1.4.3: at least 4.5 to 1.
TEXT = [
    *product(("ink", "muted", "accent", "warm"), ("paper", "ground")),
    ("on-accent", "accent"),
]
#: Marks and borders that carry meaning. WCAG 2.2, 1.4.11: at least 3 to 1.
MARKS = [*product(("accent", "warm", "muted"), ("paper", "ground"))]
SCHEMES = ("light", "dark", "print")


def colours(scheme):
    blocks = re.findall(r"(@media [^{]*\{\s*)?:root \{(.*?)\}", CSS, flags=re.DOTALL)
    found = {}
    for media, block in blocks:
        wanted = {"light": "", "dark": "dark", "print": "print"}[scheme]
        if not media or (wanted and wanted in media):
            found |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
    return found


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_has_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("front", "back"), TEXT)
def test_text_stands_out_from_its_ground(scheme, front, back):
    found = colours(scheme)

    assert contrast(found[front], found[back]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("front", "back"), MARKS)
def test_marks_stand_out_from_their_ground(scheme, front, back):
    found = colours(scheme)

    assert contrast(found[front], found[back]) >= 3


def test_every_colour_is_a_variable():
    outside = re.sub(r":root \{.*?\}", "", CSS, flags=re.DOTALL)

    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", outside)


def test_every_variable_that_is_used_is_defined():
    used = set(re.findall(r"var\(--([a-z-]+)\)", CSS))
    defined = set(re.findall(r"--([a-z-]+):", CSS))

    assert used <= defined
    assert set(colours("dark")) == set(colours("light")) == set(colours("print"))


def test_the_style_sheet_loads_nothing():
    assert not re.search(r"url\(|@import|@font-face|https?:", CSS)


def test_focus_stays_visible():
    assert ":focus-visible { outline: 3px solid" in CSS
    assert not re.search(
        r"(?<!main )\{[^}]*outline: (none|0)",
        CSS.replace("main { display: block; outline: none;", "main {"),
    )


def test_every_class_on_a_page_is_styled(public_files):
    pages = b"".join(c for p, c in public_files.items() if p.endswith(".html"))
    used = {
        name
        for names in re.findall(rb'class="([^"]+)"', pages)
        for name in names.decode().split()
    }
    styled = set(re.findall(r"\.([a-z][a-z-]*)", CSS))

    assert used - styled == set()
    assert styled - used - {"hidden"} == set()
