"""Redaction: what identifies by its form is taken out of a narrative when it comes in.

E-mail addresses, phone numbers, ids, birth dates, street addresses and accounts become
marks. Only what is certain enough to be taken out unseen is a pattern here; the screen
(`narratives`) looks for more and holds it. What does not belong here: names, which a
person has to judge.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from pcbl_pipeline.disclosure.scan.folding import fold_both_ways
from pcbl_pipeline.disclosure.scan.laws import follows_a_law
from pcbl_pipeline.disclosure.scan.redactions import MARKS
from pcbl_pipeline.model.narrative import HitKind

#: No pupil is younger; a full date since then is a day on which something happened.
YOUNGEST_PUPIL_YEARS = 3
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
#: A full date, and what may follow a word for birth.
_DATE = (
    rf"(?:{_MONTH}\.? {_DAY},? (?:of )?(?P<y1>\d{{4}}|'\d\d)"
    rf"|{_DAY}[ -](?:of )?{_MONTH}\.?,?[ -](?P<y2>\d{{4}}|'?\d\d)"
    r"|\d{1,2} ?[/.\-] ?\d{1,2} ?[/.\-] ?(?P<y3>\d{4}|\d\d)(?![\d/])"
    r"|(?P<y4>(?:19|20)\d\d)[/.\-]\d{1,2}[/.\-]\d{1,2})"
)
_ORDINAL = (
    "(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    "|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth"
    "|twenty-\\w+|thirtieth|thirty-first)"
)
_YEAR_IN_WORDS = "(?: (?:two thousand|twenty|nineteen)(?:[ -](?:and )?[a-z]+){0,2})"
_DIGIT_WORD = "(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
_MONTH_IN_SPANISH = "(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
_SOME_DATE = (
    rf"(?:(?:the )?{_ORDINAL}(?: day)? of {_MONTH}{_YEAR_IN_WORDS}?|{_MONTH}\.? {_DAY}|(?:the )?{_DAY} (?:of )?{_MONTH}|\d{{1,2}}/\d{{1,2}}"
    rf"|{_MONTH},? (?:of )?\d{{4}}|(?:19|20)\d\d)"
)
_STREET = (
    r"(?:(?i:street|avenue|boulevard|road|highway|parkway|terrace)"
    r"|(?:St|Ave|Blvd|Rd|Hwy|Pkwy|Ter|Ln|Ct|Cir|Trl|Dr|Pl|Sq)\b\.?"
    r"|Drive|Lane|Court|Circle|Trail|Way|Place|Square|Loop|Alley|Route)"
)
_NETWORK = (
    r"(?:instagram|insta|tik ?tok|snapchat|twitter|facebook|discord|linkedin|whatsapp"
    r"|telegram|twitch|roblox|bluesky|mastodon|reddit|ig|fb)"
)
_THINGS = (
    r"(?! ?(?:percent|%|dollars|students|learners|pupils|hours|minutes|miles|views|visits"
    r"|people|families|books|words|pages|pieces|records)\b)"
)
#: What is taken out stands in the group `v`.
_PATTERNS: tuple[tuple[HitKind, str], ...] = (
    (HitKind.EMAIL, r"(?P<v>[\w.+'-]+ ?@ ?[\w-]+(?:\.[\w-]+)+)"),
    (HitKind.EMAIL, r"(?P<v>[\w.+-]+ ?[\[({<] ?at ?[\])}>] ?[\w-]+(?: ?(?:[\[({<] ?dot ?[\])}>]|\.) ?[\w-]+)*)"),
    (HitKind.EMAIL, r"(?P<v>[\w.+-]+ ?\(a\) ?[\w-]+(?:\.[\w-]+)+)"),
    (HitKind.EMAIL, r"\b(?P<v>[\w.+-]+ at (?:(?:the|her|his|my|our) )?(?:district |school )?(?:gmail|yahoo|outlook|hotmail|icloud|aol))\b"),
    (HitKind.EMAIL, r"\b(?P<v>[\w.+-]+ at [\w-]+(?: dot [\w-]+)+)"),
    (HitKind.EMAIL, r"\b(?P<v>[\w.+-]+ at [\w-]+\.(?:com|org|edu|net|gov|us))\b"),
    (HitKind.EMAIL, r"\be-?mail(?: address)?(?: is| was| ?:) (?P<v>[\w.+-]*[\w+-])"),
    (HitKind.HANDLE, rf"\b(?:{_NETWORK}|threads|bsky|youtube|t|x)\.(?:com|net|gg|me|app|tv|be)/(?P<v>[@\w./-]*[\w/-])"),
    (HitKind.HANDLE, r"(?<![\w.@/])(?P<v>@ ?[a-z_][\w.]*\w)"),
    (HitKind.HANDLE, r"(?<!\w)(?P<v>u/\w{3,})"),
    (HitKind.HANDLE, r"\b(?P<v>[\w.]{2,32}#\d{4})\b"),
    (HitKind.HANDLE, rf"\b(?:{_NETWORK}|youtube)(?: (?:handle|user ?name|account|id|profile|name|is|was|as|under))*(?: ?[:=-])? (?P<v>@?[\w.]*[\d_][\w.]*\w)"),
    (HitKind.HANDLE, rf"\b(?:{_NETWORK}|handle|user ?name|screen ?name|gamer ?tag)(?: (?:handle|name|account|id))?(?: ?[:=]| is| was) (?P<v>(?!not\b|the\b|a\b|an\b|now\b|no\b|in\b|on\b|used\b)[\w.@-]*\w)"),
    (HitKind.ADDRESS, rf"\b(?P<v>\d{{1,6}}[A-Za-z]?(?: (?:[NSEW]|North|South|East|West)\b\.?)?(?: [A-Z\d][\w'-]*){{1,3}} {_STREET}(?:,? (?:(?i:apt|apartment|unit|suite)|#)\.? ?\w+)?)"),
    (HitKind.ADDRESS, r"\b(?i:(?P<v>\d{1,6}[a-z]?(?: [\w.'-]+){1,3} (?:street|avenue|boulevard|parkway)))\b"),
    (HitKind.HANDLE, rf"\bas (?P<v>[\w.-]{{3,}}) on (?:{_NETWORK}|youtube|soundcloud)\b"),
    (HitKind.ADDRESS, r"\b(?P<v>(?:RR|Rural Route) ?#?\d+(?:,? Box \w+)?)"),
    (HitKind.ADDRESS, r"\b(?P<v>P\.? ?O\.? ?Box \w+)"),
    (HitKind.ADDRESS, r"\b(?i:(?P<v>(?:apt|apartment|trailer|lot)\b[. #]*\d+[a-z]?))\b"),
    # Behind a word for birth any date counts, however short or recent.
    (HitKind.BIRTH_DATE, rf"\b(?i:d\.? ?o\.? ?b\b|dates? of birth|birth ?-?dates?|birth ?days?|born)[^.;]{{0,40}}?(?P<v>(?i:{_DATE}|{_SOME_DATE}))"),
    (HitKind.BIRTH_DATE, rf"\b(?i:turn(?:ed|s|ing) [\w-]+ on |sweet sixteen [^.;]{{0,30}}?)(?P<v>(?i:{_SOME_DATE}))"),
    (HitKind.BIRTH_DATE, rf"\b(?i:(?P<v>\d{{1,2}} de {_MONTH_IN_SPANISH} del? (?P<y1>\d{{4}})))"),
    (HitKind.BIRTH_DATE, rf"(?<![\d/.-])(?P<v>(?i:\b{_DATE}))"),
    (HitKind.LONG_NUMBER, r"(?<![\d-])(?P<v>\d{3}-\d{2}-\d{4})(?![\d-])"),
    (HitKind.PHONE, r"(?<![\d.])(?P<v>(?:\+?1[ .\-/]*)?\(?\d{3}\)?[ .\-/]*\d{3}[ .\-/]*\d{4})(?!\d)"),
    (HitKind.PHONE, r"(?<![\d-])(?P<v>\d{3} ?[-.] ?\d{4})(?![\d-])"),
    (HitKind.PHONE, r"(?P<v>\+\d[\d ().\-]{6,}\d)"),
    (HitKind.PHONE, r"\b(?i:ext|extension)\b[. :#]*(?P<v>\d{2,6})\b"),
    (HitKind.LONG_NUMBER, r"\b(?i:ids?|pin|case|file|record|badge|roster|student|learner|pupil|lunch|locker|ssn|permit|account)\b(?i: (?:id|no|number|num|pin|code|is|was|of))*[ .:#=\-]+(?P<v>(?:[A-Za-z]{1,3}-?)?(?!(?:19|20)\d\d\b)\d{4,})\b" + _THINGS),
    (HitKind.LONG_NUMBER, r"\b(?i:id|ids|ssn|no|number)\b(?i: (?:is|was|number|no))*[ .:#=]+(?P<v>[A-Za-z]{0,3}-?(?!(?:19|20)\d\d\b)\d{4,})\b" + _THINGS),
    (HitKind.PHONE, rf"\b(?P<v>(?i:(?:{_DIGIT_WORD}[ ,-]+){{6,}}{_DIGIT_WORD}))\b"),
    (HitKind.PHONE, r"\b(?i:call|text|phone|cell|mobile|tel|number|line|reach)\b[^.;\d]{0,20}(?P<v>\d{3} \d{4})(?![\d-])"),
    (HitKind.PHONE, r"\b(?P<v>x\d{3,6})\b"),
    (HitKind.LONG_NUMBER, r"\b(?i:student|learner|participant|pupil|subject|case|id|locker|badge|record)\b(?i: (?:no|number|id)\b)?\.?(?i: (?:ends? (?:in|with)|is|was))*[ :#=]+(?P<v>(?!(?:19|20)\d\d-)(?=(?:[A-Z-]*\d){4})[A-Z\d]{1,4}(?:-[A-Z\d]{1,6}){1,3}\b(?<=\d)|\d{4}\b(?<!\b19\d\d)(?<!\b20\d\d)|[A-Z]{1,3}\d{2,}\b|[A-Z]{1,3}-\d{3,}\b|\d{2,}[A-Z]\b)(?!-)" + _THINGS),
    (HitKind.LONG_NUMBER, r"\b(?P<v>[A-Z]{1,3}-\d{4,}(?:-?[A-Z])?)\b"),
    (HitKind.LONG_NUMBER, r"(?<![\d$.,/-])(?P<v>(?!(?:19|20)\d\d-(?:19|20)\d\d)\d{4}-\d{4})(?![\d-])"),
    (HitKind.LONG_NUMBER, r"(?P<v>#\s?\d{4,})\b"),
    (HitKind.LONG_NUMBER, r"\b(?P<v>(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{12,})\b"),
    (HitKind.LONG_NUMBER, r"\b(?P<v>[A-Za-z]{1,3}-?\d{5,})\b"),
    (HitKind.LONG_NUMBER, r"(?<![\d$.,/])(?P<v>\d{5,})(?![\d,]|\.\d)" + _THINGS),
    (HitKind.LONG_NUMBER, r"(?<![\d$.,/-])(?P<v>(?!(?:19|20)\d\d[ -](?:19|20)?\d\d\b)\d{2,4}(?:[ -]\d{2,4}){2,})(?![\d-])"),
)  # fmt: skip
_NUMBERS = frozenset({HitKind.BIRTH_DATE, HitKind.LONG_NUMBER})
_ANY_CASE = {HitKind.EMAIL, HitKind.HANDLE}
_COMPILED = tuple(
    (kind, re.compile(text, re.IGNORECASE if kind in _ANY_CASE else 0))
    for kind, text in _PATTERNS
)
_MARK = re.compile("|".join(map(re.escape, MARKS.values())))
#: What a text must have for any pattern to fit; asked of all cells of a column at once.
#: Shape: a pattern for Rust's regular expressions.
MAY_HOLD = (
    r"(?is)\bof (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\bturn(?:ed|s|ing)\b|sweet sixteen"
    rf"|\bde {_MONTH_IN_SPANISH}|\b(?:{_DIGIT_WORD}[ ,-]+){{2}}|\b(?:rr|rural route)\b|\(a\)|&[#a-z\d]+;|[a-z]\d\d|\d\d[a-z]"
    r"|gmail|yahoo|outlook|hotmail|icloud|aol|soundcloud|@|#\s?\d|\d{3}|\d\d?[ .\-/]+\d|'\d\d|u/\w|\b[0-9a-f]{12}|\bat\b.*\bdot\b|[\[({<] ?at ?[\])}>]"
    r"|\bat [\w-]+\.[a-z]|e-?mail|\bborn\b|birth|\bd\.? ?o\.? ?b\b|user ?name|screen ?name"
    r"|gamer ?tag|handle|\bbox\b|\b(?:apt|apartment|trailer|lot|ext|extension)\b"
    r"|\d.*\b(?:street|avenue|boulevard|road|highway|parkway|terrace|st|ave|blvd|rd|hwy|pkwy"
    r"|ter|ln|ct|cir|trl|dr|pl|sq|drive|lane|court|circle|trail|way|place|square|loop|alley"
    rf"|route)\b|{_NETWORK}|youtube|\b(?:threads|bsky|t|x)\.|[^\x00-\x7f]"
)


@dataclass(frozen=True)
class Redacted:
    """A text with marks in place of what was taken out, and of which kinds that was."""

    text: str
    kinds: tuple[HitKind, ...] = ()


def redact(
    text: str, *, received_on: date | None = None, bare_dates: bool = True
) -> Redacted:
    """Replace what identifies by its form with marks; the rest stays to the letter.

    `received_on` tells which full dates are too recent to be a pupil's birth date; None:
    none is. Without `bare_dates`, only dates beside a word for birth are taken out, as
    is right for texts about laws. Redacting a redacted text changes nothing.
    """
    is_kept = partial(_is_kept, received_on=received_on, bare_dates=bare_dates)
    found = sorted(_found(text, is_kept))
    if not found:
        return Redacted(text)
    parts: list[str] = []
    kinds: list[HitKind] = []
    behind = 0
    for start, end, kind in found:
        if start < behind:
            continue
        parts += (text[behind:start], MARKS[kind])
        kinds.append(kind)
        behind = end
    return Redacted("".join((*parts, text[behind:])), tuple(kinds))


def _found(
    text: str, is_kept: Callable[[re.Match[str]], bool]
) -> Iterator[tuple[int, int, HitKind]]:
    """Yield places in the original; of overlapping ones, the first pattern's counts."""
    taken = [match.span() for match in _MARK.finditer(text)]
    for folded in fold_both_ways(text):
        for kind, pattern in _COMPILED:
            for match in pattern.finditer(folded.text):
                if kind is HitKind.BIRTH_DATE and is_kept(match):
                    continue
                if kind in _NUMBERS and follows_a_law(folded.text, match.start("v")):
                    continue
                start, end = folded.original_span(*match.span("v"))
                if all(end <= left or right <= start for left, right in taken):
                    taken.append((start, end))
                    yield start, end, kind


def _is_kept(
    match: re.Match[str], *, received_on: date | None, bare_dates: bool
) -> bool:
    """Tell whether a date stays: no word for birth beside it, and too recent."""
    if re.match(r"(?i)d\.? ?o\.? ?b\b|dates? of|birth|born", match.group()):
        return False
    if not bare_dates:
        return True
    if received_on is None:
        return False
    groups = match.groupdict()
    digits = next((groups[n] for n in ("y1", "y2", "y3", "y4") if groups.get(n)), "")
    if not digits:
        return False
    digits = digits.lstrip("'")
    year = int(digits)
    if len(digits) == 2:
        # Of two digits, the latest year that is not to come.
        century = received_on.year // 100 * 100
        year += century if century + year <= received_on.year else century - 100
    return received_on.year - YOUNGEST_PUPIL_YEARS < year <= received_on.year + 1
