"""Direct identifiers: addresses, numbers and dates that point to one person.

A table of patterns over folded text. They hold too much rather than too little: a
held text can be released by a person, a published one cannot be taken back.
"""

import re
from collections.abc import Iterator

from pcbl_pipeline.disclosure.scan.laws import follows_a_law
from pcbl_pipeline.disclosure.scan.spans import Span
from pcbl_pipeline.model.narrative import HitKind

_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DIGIT_WORD = "(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
_NETWORK = (
    "(?:instagram|insta|tik ?tok|snapchat|twitter|facebook|discord|linkedin"
    "|whatsapp|telegram|twitch|roblox|bluesky|mastodon|reddit|pinterest)"
)
_STREET = "(?:street|avenue|boulevard|road|highway|parkway|terrace)"
_STREET_SHORT = "(?:St|Ave|Blvd|Rd|Hwy|Pkwy|Ter|Ln|Ct|Cir|Trl|Dr|Pl|Sq)"
#: Words that name a street only beside a capitalised name: "found a way" is none.
_STREET_OR_NOT = (
    "(?:Drive|Lane|Court|Circle|Trail|Way|Place|Square|Loop|Alley|Plaza|Route)"
)

_PATTERNS: tuple[tuple[HitKind, str], ...] = (
    (HitKind.EMAIL, r"[\w.+'-]+ ?@ ?[\w-]+(?:\.[\w-]+)+"),
    (HitKind.EMAIL, r"[\w.+-]+ ?[\[({<] ?(?:at|a|@) ?[\])}>] ?[\w.-]+"),
    (
        HitKind.EMAIL,
        r"\b[\w.+-]+ at (?:the |her |his |my |our )?(?:district |school )?(?:gmail|yahoo|outlook|hotmail|icloud|aol)\b",
    ),
    (HitKind.EMAIL, r"\b[\w.+-]+ at [\w-]+(?: dot [\w-]+)+"),
    (HitKind.EMAIL, r"\b[\w.+-]+ at [\w-]+\.(?:com|org|edu|net|gov|us)\b"),
    (HitKind.EMAIL, r"\be-?mail(?: address)?(?: is| was| ?[:=]) ?\S+"),
    (HitKind.LONG_NUMBER, rf"\b(?:{_DIGIT_WORD}[ ,-]+){{5,}}{_DIGIT_WORD}\b"),
    (
        HitKind.BIRTH_DATE,
        (
            r"\b(?:d\.? ?o\.? ?b\b|dates? of birth|birth ?-?dates?|birth ?days?|born)"
            rf".{{0,40}}?(?:\d|\b{_MONTH}\b)"
        ),
    ),
    (
        HitKind.BIRTH_DATE,
        r"\bturn(?:ed|s|ing) (?:\d{1,2}|[a-z]+teen|twelve|twenty) (?:on|in|this|last|the)\b",
    ),
    (HitKind.BIRTH_DATE, rf"\b\d{{1,2}}{_MONTH}(?:\d{{4}}|\d\d)\b|\bsweet sixteen\b"),
    (HitKind.HANDLE, r"(?<![\w.@])@ ?[a-z_][\w.]*"),
    (HitKind.HANDLE, r"(?<!\w)u/\w{3,}"),
    (
        HitKind.HANDLE,
        r"\b(?!covid|grade|level|year|fall|spring|room|unit)(?-i:[a-z]{4,})\d{2,4}\b",
    ),
    (
        HitKind.HANDLE,
        (
            rf"\b(?:{_NETWORK}|youtube)(?: (?:handle|user|name|user ?name|account|id|profile|tag"
            r"|is|was|as|under))* ?[:=-]? ?[\w.]*[\d_.][\w.]*\w"
        ),
    ),
    (
        HitKind.HANDLE,
        (
            rf"\b(?:{_NETWORK}|youtube|ig|fb|handle|user ?name|screen ?name|gamer ?tag)"
            r"(?: (?:handle|name|account|id|profile))?(?: ?[:=]| is| was) ?\S+"
        ),
    ),
    (
        HitKind.HANDLE,
        rf"\b(?:{_NETWORK}|fb|threads|bsky|t|x)\.(?:com|net|gg|me|app|tv)/\S+",
    ),
    (
        HitKind.HANDLE,
        r"\byoutube\.com/(?:@|c/|user/|channel/)\S+|\blinkedin\.com/in/\S+",
    ),
    (
        HitKind.ADDRESS,
        r"\b(?-i:[A-Z][\w'-]+) (?-i:Street|Avenue|Boulevard|Road|Lane|Blvd|Ave)\b",
    ),
    (
        HitKind.ADDRESS,
        (
            r"\bbus stop (?:at|on|by|near|in front of|across|behind)\b|\bmile marker \d+|\b(?:rr|rural route) ?#?\d+\b"
            r"|\b(?:county|township|forest|farm|state|ranch) (?:road|rd|highway|hwy) [a-z]?\d+"
            r"|\b(?:lives?|lived|living|moved|homes?|house|farm|ranch|trailer|rides?) (?:\w+ ){0,3}?(?:on|at|off|past|near|along|from) (?:the )?(?:highway|hwy|county road|route|interstate) \w+"
            r"|\b(?:blue|white|red|green|yellow|brown|gray|grey|brick|pink|corner) house\b|\bcorner of (?-i:[A-Z\d])"
            r"|\b(?:lives?|lived|living|stays?|rents) (?:right |just )?(?:above|over|behind|beside|next (?:door )?to|across (?:the street )?from)\b"
            r"|\b\d{1,3}(?:st|nd|rd|th) (?:and|&) (?-i:[A-Z])\w+|\b(?-i:[A-Z])\w+ (?:and|&) \d{1,3}(?:st|nd|rd|th)\b(?! [Gg]rade)"
        ),
    ),
    (HitKind.ADDRESS, r"\bP\.? ?O\.? ?Box \w+"),
)
#: They fit no text without a digit, and most have none.
_WITH_DIGITS: tuple[tuple[HitKind, str], ...] = (
    (
        HitKind.PHONE,
        r"(?<!\d)(?:\+?1[ .\-/]*)?\(?\d{3}\)?[ .\-/]*\d{3}[ .\-/]*\d{4}(?!\d)",
    ),
    (HitKind.PHONE, r"(?<![\d-])\d{3} ?[-.] ?\d{4}(?![\d-])"),
    (HitKind.PHONE, r"(?<![\d-])\d{3} \d{4}(?![\d-])"),
    (HitKind.PHONE, r"\+\d[\d ().\-]{6,}\d"),
    (HitKind.PHONE, r"\b(?:ext|extension)\b[. :#]*\d{2,}|\bx\.? ?\d{3,6}\b"),
    (
        HitKind.PHONE,
        (
            r"\b(?:phone|cell|mobile|tel|telephone|fax|text|call)"
            r"(?: (?:number|no|us|me|her|him|them|at|is|was))*[.:# ]+\(?\+?(?:\d[ ().\-]?){4,}"
        ),
    ),
    (HitKind.LONG_NUMBER, r"\d{5,}"),
    (HitKind.LONG_NUMBER, r"\d(?:[ .\-]?\d){6,}"),
    (
        HitKind.LONG_NUMBER,
        (
            r"\b(?:ids?|no|number|num|pin|case|file|record|badge|roster|student|learner"
            r"|pupil|lunch|locker|ssn|permit|account)\b(?: (?:id|no|number|num|pin|code|is))*"
            r"[ .:#=\-]*(?:[a-z]{1,3}-?)?(?!(?:19|20)\d\d\b)\d{3,}"
        ),
    ),
    (
        HitKind.LONG_NUMBER,
        (
            r"\b(?:(?:student|learner|pupil|participant|subject|respondent|case|state|lunch|locker|badge|ssid|id|file|record) ?(?:ids?|no|number|num|code)?\b\.?"
            r"(?: (?:is|was|ends?|ending|starts?|starting|begins?|with|in))*[ :#=]+)"
            r"(?!(?:19|20)\d\d\b)(?-i:(?=[A-Z\d-]*\d)(?:[A-Z]{1,4}-?\d{2,}[A-Z]?|\d{2,}[A-Z]\b|\d{3,}|[A-Z\d]{1,4}(?:-[A-Z\d]{1,6}){1,3}))\b"
        ),
    ),
    (
        HitKind.LONG_NUMBER,
        r"\b(?-i:[A-Z]{1,4}-\d{2,4}-\d{2,}|[A-Z]{1,4}-?\d{4,}(?:-?[A-Z])?)\b",
    ),
    (HitKind.LONG_NUMBER, r"#\s?\d{3,}"),
    (HitKind.LONG_NUMBER, r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{12,}\b"),
    (HitKind.LONG_NUMBER, r"\b(?=(?:[a-z_]*\d){4})(?=\d*[a-z])[a-z\d_]{7,}\b"),
    # Any full date is held: without knowing more, a birth date looks like any other.
    (
        HitKind.BIRTH_DATE,
        rf"\b{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? (?:of )?\d{{4}}\b",
    ),
    (HitKind.BIRTH_DATE, rf"\b{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? '\d\d\b"),
    (
        HitKind.BIRTH_DATE,
        rf"\b\d{{1,2}}(?:st|nd|rd|th)?[ -](?:of )?{_MONTH}\.?,?[ -](?:\d{{4}}|'?\d\d)\b",
    ),
    (
        HitKind.BIRTH_DATE,
        r"(?<![\d/.-])\d{1,2} ?[/.\-] ?\d{1,2} ?[/.\-] ?(?:\d{4}|\d{2})(?![\d/])",
    ),
    (HitKind.BIRTH_DATE, r"(?<!\d)(?:19|20)\d\d[/.\-]\d{1,2}[/.\-]\d{1,2}(?!\d)"),
    (HitKind.HANDLE, r"\b[\w.]{2,32}#\d{4}\b"),
    (
        HitKind.ADDRESS,
        rf"\b\d{{1,6}}[a-z]?(?: [\w.'-]+){{1,3}} {_STREET}\b",
    ),
    (
        HitKind.ADDRESS,
        (
            rf"\b\d{{1,6}}[A-Za-z]?(?: [\w.'-]+){{0,2}} (?-i:[A-Z\d][\w'-]*) "
            rf"(?-i:{_STREET_SHORT}|{_STREET_OR_NOT})\b"
        ),
    ),
    (HitKind.ADDRESS, r"\b(?:apt|apartment|trailer|suite|lot)\b[. #]*\d+"),
)
_COMPILED, _COMPILED_WITH_DIGITS = (
    tuple((kind, re.compile(text, re.IGNORECASE)) for kind, text in patterns)
    for patterns in (_PATTERNS, _WITH_DIGITS)
)
_DIGIT = re.compile(r"\d")
_NUMBERS = frozenset({HitKind.BIRTH_DATE, HitKind.LONG_NUMBER})
_YEARS = re.compile(r"(?:19|20)\d\d(?:[ .\-](?:(?:19|20)\d\d|\d\d))*")


def find_contacts(text: str) -> Iterator[Span]:
    """Yield e-mail and street addresses, phones, handles, long numbers, full dates."""
    patterns = _COMPILED
    if _DIGIT.search(text):
        patterns += _COMPILED_WITH_DIGITS
    for kind, pattern in patterns:
        for match in pattern.finditer(text):
            # School years such as 2025-2026 are the only long numbers that are let
            # through; a site's own NCES id is not, it would name the site.
            is_years = kind is HitKind.LONG_NUMBER and _YEARS.fullmatch(match.group())
            is_law = kind in _NUMBERS and follows_a_law(text, match.start())
            if not is_years and not is_law:
                yield Span(kind, *match.span())
