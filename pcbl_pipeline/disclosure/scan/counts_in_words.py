"""Small counts of students in ways that the word-by-word reading does not see.

"Our graduating class was eight", "a handful of sophomores", "VIII students", "the trio
who stayed late". What does not belong here: a number that leads to a word for students
(`counts`).
"""

import re
from collections.abc import Iterator

from pcbl_pipeline.disclosure.scan.numbers import number_of
from pcbl_pipeline.disclosure.scan.spans import Span
from pcbl_pipeline.model.narrative import HitKind

_ROMAN = {
    "II": 2,
    "III": 3,
    "IV": 4,
    "VI": 6,
    "VII": 7,
    "VIII": 8,
    "IX": 9,
    "XI": 11,
    "XII": 12,
}
_PEOPLE = r"(?:students?|learners?|pupils?|kids|children|seniors|juniors|sophomores|freshmen|[\w-]*graders|girls|boys|els|teens)"
_NUMBER = r"(?P<n>\d{1,3}|[a-z]+(?:-[a-z]+)?)"
#: Behind a number they say that something else is counted, or that it is a share.
_ELSEWHERE = (
    r"(?! ?(?:%|percent|per|points?|times|hours?|minutes|days|weeks|months|years|dollars|schools"
    r"|districts|courses|classes|teachers|periods|credits|staff|sections|to one|st\b|nd\b|rd\b|th\b)|[\d.,/:]\d|-)"
)
_GROUP = (
    r"(?:graduating class|senior class|junior class|freshman class|sophomore class|kindergarten class"
    r"|enrollment|enrolment|head ?count|caseload|class size|roster|membership|participation|cohort|class|advisory|pathway)"
)
_AMOUNTS = re.compile(
    rf"\b{_GROUP}\b(?: (?!and\b|but\b|met\b|meets\b)[\w'-]+){{0,4}}? (?:is|was|of|to|at|only|just|has|had|totals?|numbers?|numbered) "
    rf"(?:just |only |about )?{_NUMBER}\b{_ELSEWHERE}(?= ?(?:[.,;)!?]|$|this|last|in|and|total|now|by|kids|who|members|people))",
    re.IGNORECASE,
)
_SIZES = re.compile(
    r"\bn (?:of|was|is|equals) (?P<n>\d{1,3})\b|\b(?:size|count) of (?P<m>\d{1,2})\b",
    re.IGNORECASE,
)
#: Deeds of students alone, so that whoever did them was one: "We graduated nine".
_DEEDS = re.compile(
    rf"\bwe (?:only |just )?(?:graduated|expelled|suspended|enrolled|re-?enrolled|retained|lost|re-?engaged|dropped|exited|reclassified|promoted) (?:only |just )?{_NUMBER}"
    rf"(?= ?(?:[.,;!?]|$|last|this|in|early|on|since|and|who|to|from|more))"
    rf"|(?<![\w-])(?<!no )(?<!every )(?<!each )(?<!any )(?P<m>\d{{1,3}}|[a-z]+) (?:of (?:them|whom) )?(?:graduated|dropped out|opted out|signed up|got (?:\w+ )?credit|earned (?:\w+ )?credit|were expelled|was expelled|were suspended"
    r"|was suspended|transferred out|aged out|were retained|was retained|defended|re-?enrolled|tested out|did not graduate|passed|failed|quit|withdrew|repeated|exited|dropped|finished|stayed|returned|enrolled|transferred|(?:are|is|were) (?:repeating|failing|passing|retaking|graduating|absent|homeless|behind|ahead))\b",
    re.IGNORECASE,
)
_KEPT = re.compile(
    r"\b(?:kept|keeps|helped|got|brought|moved|sent|lost|pulled|placed|referred) (?:only |just |all |the other )?(?P<n>\d{1,3}|[a-z]+) "
    r"(?:of (?:them|these)|from (?:dropping|leaving|failing|quitting)|(?:to )?(?:stay|finish|graduate|pass|catch)\b|back in|out of)",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"\b(?:the|our|those|these|all|other|my|only|just) (?P<n>\d{1,3}|[a-z]+) who\b",
    re.IGNORECASE,
)
_WITH_PLANS = re.compile(
    r"\b(?P<n>\d{1,3}|[a-z]+) (?:w/|with|on) (?:an? )?(?:ieps?|504s?|504 plans?|disabilities|plans)\b"
    r"|\b(?P<m>\d{1,3}|[a-z]+) (?:didn't|didnt|did not) (?:pass|graduate|make it|come back|walk|defend|qualify|test out)\b",
    re.IGNORECASE,
)
_OF_THE = re.compile(
    r"\b(?:none|all|both|half|most|some|one|two|three|four|five|six|seven|eight|nine) of (?:the|our|those|these) (?P<n>\d{1,3}|[a-z]+)"
    r"(?= (?:met|passed|did|were|was|have|had|finished|failed|got|said|chose|left|graduated|could|can|are|stayed|moved|went|came)\b| ?[.,;!])",
    re.IGNORECASE,
)
_SETS = re.compile(
    r"\b(?:the|our|a|that|this) (?:\w+ )?(?:trio|duo|pair|quartet|quintet|threesome|foursome|twosome) (?:who|that|from)\b"
    rf"|\bhandful of (?:our |the |my )?(?:[\w-]+ ){{0,2}}?{_PEOPLE}\b"
    rf"|\b(?:quartet|quintet|threesome|foursome) of (?:our |the |my )?(?:[\w-]+ ){{0,2}}?{_PEOPLE}\b"
    r"|\bhandful (?:opted|dropped|left|failed|passed|finished|graduated|did not|didn't|never)\b",
    re.IGNORECASE,
)
_ROMANS = re.compile(
    rf"\b(?P<n>[IVX]{{1,5}}) (?:of our |of the )?(?:[\w-]+ )?(?i:{_PEOPLE})\b"
)


def find_counts_in_words(text: str, *, minimum_group_size: int) -> Iterator[Span]:
    """Yield counts below the minimum group size. Units: students."""
    for pattern in (_AMOUNTS, _SIZES, _DEEDS, _KEPT, _WHO, _OF_THE, _WITH_PLANS):
        for match in pattern.finditer(text):
            written = next(group for group in match.groups() if group)
            value = number_of(written.lower())
            if value is not None and value < minimum_group_size:
                yield Span(HitKind.SMALL_COUNT, *match.span())
    for match in _ROMANS.finditer(text):
        if _ROMAN.get(match["n"], minimum_group_size) < minimum_group_size:
            yield Span(HitKind.SMALL_COUNT, *match.span())
    for match in _SETS.finditer(text):
        yield Span(HitKind.SMALL_COUNT, *match.span())
