"""Circumstances: who somebody is by kin, origin, body, place, office or what befell them.

"The siblings from the motel" and "she is undocumented" name nobody either. The patterns
here go by how such a description is built: one definite person and something that sets
this one apart, or a blow of fate that a town talks about. What does not belong here: the
only one, the extreme one, and conditions right beside the person (`indirect`).
"""

from collections.abc import Iterator

from pcbl_pipeline.disclosure.scan.circumstance_words import (
    ADJECTIVES,
    AGE,
    ANYBODY,
    BODY,
    CLUBS,
    DID,
    ILLNESS,
    KIN,
    LEARNER,
    LIVES_THROUGH,
    NO_PERSON,
    ONE,
    ONE_LEARNER,
    ORIGIN,
    PAST,
    PLIGHT,
    SOMEBODY,
    STAFF,
    TEAMS,
)
from pcbl_pipeline.disclosure.scan.cues import PERSON, CuedPatterns
from pcbl_pipeline.disclosure.scan.spans import Span
from pcbl_pipeline.model.narrative import HitKind

#: Several, of whom a place has only a few.
_CHILDREN = frozenset(
    [
        "kids",
        "boys",
        "girls",
        "siblings",
        "brothers",
        "sisters",
        "students",
        "learners",
        "cousins",
    ]
)

PATTERNS: tuple[tuple[frozenset[str] | None, str], ...] = (
    # One definite person and what sets this one apart.
    (
        PERSON,
        (
            rf"\b(?:the|our|one|that|this|another) {ADJECTIVES}{SOMEBODY}\b{NO_PERSON},?"
            r" (?:from|who|whose|that|with|living|raising|in (?:room|the|a|my|our|house|bus)|on (?:the|my|our|house|bus)|at (?:the|our))\b"
        ),
    ),
    (
        PERSON,
        rf"\b(?:the|our|one|that) {ADJECTIVES}{ANYBODY} from (?:the|a|our|another)\b(?! (?:class|start|first|list|beginning|outset|group|course|team|day|back|front)\b)",
    ),
    (
        PERSON,
        rf"\b{ONE} (?:in|from|of) (?:room|rm\.?|house|bus|lot|apartment) #?\w?\d+",
    ),
    (
        PERSON,
        (
            rf"\b(?:the|our|one|a|an|that|my) {ADJECTIVES}{LEARNER}\b{NO_PERSON},? (?:with|who has|who had|who wears"
            rf"|who uses|missing|without|wearing|in|on|has|had) (?:[\w-]+ ){{0,3}}?(?:{BODY}|{ILLNESS}|house arrest|rehab)\b"
        ),
    ),
    (
        PERSON,
        (
            rf"(?<!portrait of )(?<!profile of )\b(?:the|our|one|a|an|that|my) {ADJECTIVES}{LEARNER}\b{NO_PERSON},?"
            rf" (?:who )?(?:is|was|got|has been|had been) (?:\w+ ){{0,2}}?{PLIGHT}\b"
        ),
    ),
    (
        PERSON,
        (
            rf"\b(?:the|our|one|that) {ADJECTIVES}(?:student|learner|child|pupil|parent)"
            rf" (?:who|that) (?:\w+ ){{0,2}}?(?:{PAST}|plays|sings|wrestles|raises|races|rides|lives|works (?:at|in|nights|as)"
            r"|speaks|sleeps)\b"
        ),
    ),
    (
        PERSON,
        rf"\b(?:a|one|the|our|my) (?:\w+ )?(?:parent|teacher|coach|aide|para|guardian|principal|counselor) who (?:died|sued|quit|resigned|retired|cried|got|fell|(?:has|had) (?:{ILLNESS}|surgery|a (?:baby|stroke))|was (?:fired|arrested)|{PLIGHT})\b",
    ),
    (
        PERSON,
        (
            rf"\b(?:the|our|one|a|an) {ADJECTIVES}{LEARNER} (?:who )?(?:is )?(?:reading|reads|working|works|read)"
            r" (?:at|on) (?:a |the )?\w+[- ]grade\b"
        ),
    ),
    (
        PERSON,
        rf"\b(?:the|our|one|a|an|that) {ADJECTIVES}{ORIGIN} (?:[\w-]+ )?{ONE}\b{NO_PERSON}",
    ),
    (
        frozenset(["exchange"]),
        r"\b(?:the|our|one|an|my) (?:\w+ )?exchange student\b(?! (?:program|visa|policy|agency))",
    ),
    (
        PERSON,
        rf"\b(?:the|our|one|a|an|that|my) {ADJECTIVES}{LEARNER}\b{NO_PERSON} {PLIGHT}\b",
    ),
    (
        PERSON,
        r"\b(?:a|an|one|the|our) (?:\w+ )?(?:parent|guardian|volunteer|neighbor|panelist) who (?:is|was) (?:a|an|the|our|on|in)\b",
    ),
    (
        PERSON,
        (
            rf"\b(?:a|an) {ADJECTIVES}(?:kid|boy|girl|freshman|sophomore|junior|senior|\w*grader|kindergartner|newcomer) who"
            r" (?!is\b|can\b|cannot\b|wants?\b|needs?\b|has\b|finishes|may\b|does\b|fails\b|misses|moves\b|falls\b|asks\b|shows\b|meets\b|passes)\w+"
        ),
    ),
    # A story about one.
    (
        PERSON,
        (
            rf"\b(?:the|our|that|my) (?!median|average|typical|whole|next|ideal|individual){ADJECTIVES}{ONE_LEARNER}\b{NO_PERSON}"
            rf"(?: (?:with|who|whose|in|from|on|at|of|that)\b[^.;:!?]{{0,60}}?)? (?:\w+ly )?{DID}\b"
        ),
    ),
    (
        PERSON,
        (
            rf"\b(?:a|an|one) {ADJECTIVES}{ONE_LEARNER}\b{NO_PERSON}"
            rf" (?:with|who|whose|in|from|on|at|of|that|{LIVES_THROUGH})\b[^.;:!?]{{0,60}}? (?:\w+ly )?{DID}\b"
        ),
    ),
    (
        PERSON,
        rf"\b(?:the|our|one|a|an|that|my) {ADJECTIVES}{ONE}\b{NO_PERSON} {LIVES_THROUGH}\b",
    ),
    (
        PERSON,
        rf"\b(?:the|our|one|that|my) {ADJECTIVES}(?:student|learner|child|pupil|parent) (?:with (?:the|no|two|only)|on the (?:school )?board)\b",
    ),
    (
        PERSON,
        (
            rf"\b(?:a|an) {ADJECTIVES}(?:mom|mother|dad|father|grandmother|grandfather|grandma|grandpa|aunt|uncle|family|couple|sibling)"
            r" (?:who|whose|with|from|in)\b"
        ),
    ),
    (
        PERSON,
        (
            rf"\b(?:the|our|one|a|an|that|my) {ADJECTIVES}{LEARNER}(?: (?:in|on|from|at) (?:my|our|the) [\w-]+)?,? who"
            rf" (?:\w+ )?(?:uses|has|had|needs|wears|lost|stutters?|limps?|signs|cuts|drinks|vapes|steals|bites|is|was) (?:[\w-]+ ){{0,2}}?(?:{BODY}|{ILLNESS}|{PLIGHT})\b"
        ),
    ),
    (
        PERSON,
        rf"\b{ONE} (?:who|that) (?:stutters|limps|drools|self-harms|cuts|vapes|steals|bites|sleepwalks|faints|lisps)\b",
    ),
    # What is said of somebody spoken of before.
    (
        frozenset(["turned", "turns"]),
        rf"\b(?:he|she|who|kid|boy|girl|student|senior|junior) (?:just )?turn(?:ed|s) {AGE}\b",
    ),
    (
        frozenset(["my"]),
        (
            r"\bmy (?:own )?(?:(?:youngest|oldest|older|younger|middle|little|big|twin) )?"
            r"(?:son|daughter|grandson|granddaughter|niece|nephew|stepson|stepdaughter|husband|wife|twins)\b"
            r"|\bmy own (?:child|kids?|children)\b"
        ),
    ),
    # Kin of whoever has a trade or an office.
    (
        PERSON,
        rf"\b(?:the|our|a|an) (?:[\w-]+ ){{0,2}}?[\w-]+'s (?:\w+ )?{KIN}\b(?! (?:school|site|district)s?\b)",
    ),
    (
        PERSON,
        rf"\b{KIN} of (?:the|our|a|an|one of (?:the|our)) [\w-]+\b(?<! students)(?<! learners)",
    ),
    (
        PERSON,
        r"\b(?:two|three|four|our|a pair of|both|another set of) (?:[\w'-]+ ){0,2}?(?:siblings|brothers|sisters|cousins|triplets|twins)\b(?! (?:school|site|district)s?\b)",
    ),
    (
        PERSON,
        rf"\b(?:a|one|the|our) {ADJECTIVES}(?:grand\w+|aunt|uncle|mother|father|mom|dad),? (?:who (?:is |was )?)?(?:raising|deployed|incarcerated|in (?:prison|jail)|cleans|works|owns|runs|drives)\b",
    ),
    (
        frozenset(["living", "lives", "lived", "sleeping", "sleeps", "slept"]),
        r"\b(?:living|lives|lived|sleeping|sleeps|slept) (?:in|out of) (?:a|an|the|their|his|her) (?:\w+ )?(?:car|van|motel|hotel|shelter|tent|camper|trailer|garage|basement|group home)\b",
    ),
    # A few, whom everybody knows.
    (
        _CHILDREN,
        (
            rf"\b(?:the|our|my|these|those) {ADJECTIVES}(?:kids|boys|girls|siblings|brothers|sisters|students|learners) (?:from|at|in) the (?:\w+ )?"
            r"(?:shelter|motel|hotel|group home|reservation|rez|colony|ranch|orphanage|detention center|trailer park|camp|mission)\b"
        ),
    ),
    (
        _CHILDREN,
        (
            rf"\b(?:the|our|my|these|those) (?:{ORIGIN}|foster|homeless|refugee|undocumented|trans|transgender|deaf|blind|autistic|adopted|pregnant|gay) (?:\w+ )?"
            r"(?:kids|boys|girls|siblings|brothers|sisters|cousins)\b"
        ),
    ),
    (
        None,
        r"\b(?:the|our) (?:new )?(?:ukrainian|afghan|syrian|somali|honduran|guatemalan|haitian|eritrean|venezuelan)s?(?= |[.,;!?]|$)(?! (?:and|or|language|students|learners|families|translat\w+|interpret\w+|version|guide))",
    ),
    # Notes in haste leave out the article, and mean somebody.
    (
        PERSON,
        (
            r"(?:^|[.;:!?\n] ?|- |, )(?:\w+ )?(?:kid|boy|girl|mom|dad|mother|father|grandma|grandpa|grandmother|grandfather|uncle|aunt|brother|sister)"
            r" (?:in|on|with|from|is|was|got|works|cleans|drives|has|had|lost|came|whose|who|that|died|left|moved)\b"
        ),
    ),
    (
        PERSON,
        rf"(?:^|[.;:!?\n] ?|- )(?:student|learner|parent|child|pupil) (?:in an?|on an?|came|got|whose|lost|was|(?:is )?{PLIGHT})\b",
    ),
    (
        frozenset(["came", "him", "her", "them"]),
        r"\bcame out as (?:gay|trans\w*|lesbian|bi\w*|queer|nonbinary)\b|\b(?:he/him|she/her|they/them)\b",
    ),
    (
        PERSON,
        r"\b[\w-]+'s (?:\w+ )?(?:kid|son|daughter|niece|nephew|grandson|granddaughter|twins)\b",
    ),
    (
        frozenset(["youngest", "oldest", "first", "little"]),
        r"\b(?:youngest|oldest|first) (?:ever|person|one|student|learner|girl|boy) (?:to|in|at|of)\b|\blittle person in\b",
    ),
    (
        frozenset(["lives", "living", "stays", "lived", "staying"]),
        r"\b(?:lives|lived|living|stays|staying) with (?:a |an |the |their |foster )?(?:grand\w+|aunt|uncle|foster \w+|relatives|cousins|another family)\b",
    ),
    (
        frozenset(
            [
                "star",
                "starting",
                "varsity",
                "lead",
                "manager",
                "chair",
                "homecoming",
                "rodeo",
            ]
        ),
        (
            r"\b(?:our|the|my) (?:star|starting|varsity|lead) (?:point guard|guard|forward|center|quarterback|pitcher|catcher|kicker|goalie|striker|setter|runner|wrestler|swimmer|singer|actor|dancer|debater|trumpet|drummer|violin\w*)\b"
            r"|\bteam manager\b|\blead (?:trumpet|trombone|guitar|soprano|alto|tenor|violin)\b|\bfirst[- ]chair\b|\bhomecoming (?:court|prince|princess)\b|\bmiss rodeo\b"
        ),
    ),
    # Offices, places on a team and prizes that one learner has.
    (
        None,
        rf"\b{CLUBS} (?:co-?)?(?:vice[- ])?(?:president|vp|treasurer|secretary|historian|captain|editor|manager|star|mascot)\b",
    ),
    (
        None,
        (
            r"\b(?:co-?captain|captain|pitcher|catcher|goalie|goalkeeper|point guard|quarterback|linebacker|kicker|setter"
            r"|editor|treasurer|president|star|mascot|soloist|drummer|manager|lead|first chair|winner) (?:of|on|in|for|from)"
            rf" (?:the|our|his|her|last year's|this year's) (?:[\w'-]+ ){{0,3}}?(?:{TEAMS}|contest|show|fair|bee|rodeo|tournament|pageant)\b"
        ),
    ),
    (
        None,
        (
            r"\b(?:state|national|regional|world|county|conference|all-?state|rodeo|spelling bee|science fair|poetry slam)[- ]"
            r"(?:\w+ )?(?:champ|champion|winner|finalist|qualifier|medalist|queen|king|record holder)\b"
            r"|\b(?:national merit|gates|eagle scout)\b(?! (?:corporation|foundation|projects?|program))(?: (?:scholar|finalist|semifinalist))?"
        ),
    ),
    # Blows of fate: whoever lives near knows whose they were.
    (
        None,
        (
            r"\b(?:suicides?(?! (?:prevention|awareness|hotline|lifeline|screen|screening|risk|protocol|training)\b)|stabbing|stabbed|murdere?d?"
            r"|homicide|overdosed?|miscarriage|deported|deportation|(?:the|a|that|his|her) (?:drowning|fire|crash|wreck|overdose|raid) (?:last|in|on|at|this)|drowned(?! in\b)|raped?|molest\w*|funeral"
            r"|house fire|(?:house|home|trailer|barn|garage) (?:that )?burned|(?:car|bus|truck|farm|atv|snowmobile|motorcycle|hunting|bike|plane) (?:accident|crash|wreck)"
            r"|(?:hit|struck) by (?:a|the) \w+|passed away|killed (?:himself|herself|in an? )|was killed in|(?:tried|trying) to (?:kill|hurt|harm) (?:himself|herself|themselves)"
            r"|(?:cut|cuts|cutting|hurt|harmed) (?:himself|herself)|eating disorder|custody (?:battle|case|dispute|hearing)|restraining order"
            r"|brought a (?:knife|gun|weapon)|(?:ice|immigration) (?:raid|arrest\w*|detain\w*|took|came)|taken into custody|ran away from home)\b"
        ),
    ),
    (
        frozenset(["shooting", "arrest", "lockdown", "died"]),
        (
            r"\b(?:(?:the|a|our|that|last \w+'s) (?:school )?(?:shooting(?! (?:for|range|drill|team|sports))|arrest|lockdown incident))\b"
            rf"|\b(?:{ONE}|friend|classmate|principal|who|he|she|they) (?:\w+ ){{0,2}}?died\b|\bdied (?:by suicide|of (?:cancer|an overdose|covid)|suddenly|over the (?:summer|weekend|break)|in (?:a|an|the) (?:\w+ )?(?:crash|accident|fire|wreck))\b"
        ),
    ),
    # Grown people, too.
    (
        frozenset(["leave"]),
        rf"\b(?:is|was|went|been|out|{STAFF}|who|he|she)\b (?:\w+ )?on (?:a )?(?:maternity|paternity|parental|medical|sick|bereavement|administrative|stress) leave\b",
    ),
    (
        frozenset(["term"]),
        r"\b(?:the|our|my) (?:\w+ )?long-term sub(?:stitute)?\b(?!s|-)(?! (?:pool|list|pay|rate))",
    ),
    (
        PERSON,
        (
            rf"\b(?:the|our|one|my) {ADJECTIVES}{STAFF} (?:just |has |had |suddenly )?(?:quit|resigned|retired|died|left (?:us|in|at|mid|for|after|town)"
            r"|moved away|got sick|fell ill|was (?:fired|let go|arrested|diagnosed|hospitali[sz]ed)|had (?:a|her|his) (?:baby|stroke|surgery|heart))\b"
        ),
    ),
)
_FOUND = CuedPatterns(PATTERNS, HitKind.INDIRECT)


def find_circumstances(text: str) -> Iterator[Span]:
    """Return descriptions of one person by what sets them apart."""
    return _FOUND.find(text)
