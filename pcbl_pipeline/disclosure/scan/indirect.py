"""Indirect identifiers: descriptions that fit one person only, without any name.

"The only deaf student in fourth grade" names nobody, and everybody in the school knows
who it is. No list of such descriptions is ever complete; these are the patterns that
narratives of schools show most: the only one, the extreme one, a condition, a family, an
office, an event that was in the news. What does not belong here: counts (`counts`).
"""

from collections.abc import Iterator

from pcbl_pipeline.disclosure.scan.cues import PERSON, PRONOUN, CuedPatterns
from pcbl_pipeline.disclosure.scan.spans import Span
from pcbl_pipeline.model.narrative import HitKind


def _any(text: str) -> str:
    return "(?:" + "|".join(sorted(text.split(), key=lambda w: (-len(w), w))) + ")"


#: One learner.
_LEARNER = _any("""
student learner pupil child kid kiddo boy girl teen teenager youth youngster scholar
[\\w-]*grader freshman sophomore junior senior kindergartner kindergartener preschooler toddler
graduate dropout newcomer refugee immigrant sibling twin triplet son daughter stepson
stepdaughter foster-child valedictorian athlete
""")
#: One grown person, or one person by what they do.
_ADULT = _any("""
parent mother father mom dad guardian grandmother grandfather grandparent aunt uncle brother
sister family household teacher principal counselor counsellor coach aide paraprofessional
para nurse librarian custodian secretary registrar superintendent psychologist therapist
specialist bus-driver driver interpreter translator member wrestler swimmer runner player
quarterback goalkeeper pitcher violinist pianist cellist drummer singer dancer gymnast skater
cheerleader debater chess-player welder rancher survivor orphan man woman person individual
intern apprentice mentor tutor
""")
_PERSON = f"(?:{_LEARNER}|{_ADULT})"
#: Things of students and families that are no person ("the only student handbook").
_NO_PERSON = (
    r"(?! (?:handbook|voice|council|survey|portfolio|profile|data|work|information|record"
    r"|records|group|team|center|night|nights|conference|plan|body|portal|guide|page|room"
    r"|newsletter|meeting|meetings|liaison|agency|led conferences?|outcomes?|progress|services|care|name"
    r"|names|line|project|panel|version|sentence|proposal)\b)(?!s\b|-)"
)
_HERE = r"(?:the|our|my|their|his|her|its|this|that|a|an|one)"
_UP_TO_4 = r"(?:[\w'-]+,? ){0,4}?"
_UP_TO_3 = r"(?:(?!(?:the|a|an|our|my|their|that|who|and|or|but)\b)[\w'-]+ ){0,3}?"
_CONDITION = _any("""
deaf blind autistic disabled wheelchair wheelchair-bound homeless unhoused foster adopted
adoptive orphaned pregnant undocumented migrant transgender trans gay lesbian bisexual
nonbinary non-binary queer diabetic epileptic dyslexic mute nonverbal non-verbal
nonspeaking hard-of-hearing hearing-impaired visually-impaired hospitalized incarcerated
expelled suspended bereaved injured widowed parenting suicidal anorexic bipolar depressed
paralyzed amputee stuttering gifted homebound medically-fragile special-needs limbless
asthmatic teenage refugee asylum-seeking unaccompanied court-involved
""")
_AILMENT = (
    r"(?:autism|adhd|down syndrome|cerebral palsy|epilepsy|diabetes|cancer|leukemia"
    r"|asthma|anxiety|depression|ptsd|dyslexia|a stutter|seizures?|a wheelchair|crutches"
    r"|a cochlear implants?|(?:a )?hearing aids?|a feeding tube|a service dog|a prosthe\w+"
    r"|a brain injury|an ankle monitor|a tracheo\w+|a tumou?r|a transplant|a walker"
    r"|(?:a )?visual impairment|(?:a )?hearing loss|a disability|multiple disabilities"
    r"|selective mutism|tourette\w*|muscular dystrophy|cystic fibrosis|sickle cell"
    r"|foster care|a shelter|treatment|rehab|custody|detention|recovery|probation"
    r"|a group home|juvenile hall|hospital|chemo\w*|hospice)"
)
_EXTREME = (
    r"(?:best|worst|top|first|last|newest|latest|most [\w-]+|least [\w-]+"
    r"|\w+-(?:ranked|scoring|performing|achieving|year)"
    r"|(?!(?:inter|for|con|har|near)?est\b|rest|honest|modest|earnest|interest|latest|nearest"
    r"|request|forest|guest|test|west|best|protest|contest|invest|harvest)\w+est)"
)
#: Whoever does something ("our youngest reader"), by the ending of the word.
_DOER = (
    r"(?!(?:paper|poster|chapter|quarter|number|answer|semester|computer|center|centre|factor"
    r"|indicator|door|order|corner|letter|offer|winter|summer|year|chair|hour|matter|power"
    r"|register|roster|trimester|partner|list|twist|checklist|color|floor|layer|member"
    r"|corridor|barrier|error|sensor|vendor|server|printer|folder|binder|marker|charter)s?\b)"
    r"[\w-]+(?:er|or|ist|ian)"
)
_OFFICE = (
    r"(?:superintendent|principal|mayor|pastor|coach|teacher|counsell?or|sheriff|doctor|judge"
    r"|governor|custodian|secretary|nurse|dean|chief|senator|director|aide|librarian"
    r"|driver|president|chair|trustee|member|legislator|officer|minister|rabbi|imam|priest"
    r"|registrar|owner|manager|farmer|rancher|editor)"
)
_KIN = _any("""
son daughter child kid kids children niece nephew twins grandson granddaughter grandchild
brother sister stepson stepdaughter wife husband cousin boy girl
""")
_BLOW = _any("""
arrest surgery accident diagnosis crash transplant suicide overdose deportation death cancer
stroke injury miscarriage divorce eviction pregnancy rape assault detention wheelchair
disability medication seizure seizures chemotherapy concussion
""")
_PAST = (
    r"(?:was|had|came|left|lost|won|got|made|took|went|told|said|broke|wrote|spoke|found|ran"
    r"|fell|fled|grew|became|began|swam|drew|built|led|died|is (?:deaf|blind|pregnant|autistic"
    r"|homeless|trans\w*|in a wheelchair|in foster care)|lives in|(?!need|speed|feed|proceed"
    r"|succeed|exceed)\w+ed)\b"
)
_NUMBER = r"(?:\d{1,2}|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty)"

PATTERNS: tuple[tuple[frozenset[str] | None, str], ...] = (
    # The only one. "Only" also without an article: "as only girl in the class".
    (
        PERSON,
        rf"\b{_HERE} (?:only|sole|lone|single|one) {_UP_TO_4}{_PERSON}\b{_NO_PERSON}",
    ),
    (
        frozenset(["only", "sole", "lone"]),
        rf"\b(?:only|sole|lone) {_UP_TO_3}{_PERSON}\b{_NO_PERSON} (?:in|at|on|from|to|who|with|of)\b",
    ),
    (frozenset(["only"]), r"\b(?:the|our) only one (?:in|with|who|from|of|to|on)\b"),
    (
        frozenset(["only"]),
        (
            r"\b(?:is|was|being|as) the only \w+ (?:in|of|from|at) (?:the|our|her|his|their)"
            r" (?:class|school|grade|district|town|county|building|cohort|team|family)\b"
        ),
    ),
    # The extreme one.
    (
        PERSON,
        rf"\b(?:the|our|my|their|his|her|your|its) (?:very )?{_EXTREME} {_UP_TO_3}{_PERSON}\b{_NO_PERSON}",
    ),
    (
        None,
        (
            rf"\b(?:the|our|my|their|his|her) (?:youngest|oldest|tallest|shortest|smallest|biggest"
            rf"|fastest|slowest|strongest|weakest) {_UP_TO_3}(?<!has )(?<!no ){_DOER}\b"
        ),
    ),
    (
        frozenset(["two", "three", "few"]),
        rf"\bone of (?:the|our) (?:two|three|few) {_UP_TO_3}\w+",
    ),
    # One learner and what is wrong or different.
    (PERSON, rf"\b{_HERE} {_UP_TO_3}{_CONDITION} {_UP_TO_3}{_PERSON}\b{_NO_PERSON}"),
    (
        PERSON,
        (
            rf"\b{_HERE} {_UP_TO_3}{_LEARNER}\b(?:,? (?!that|who)[\w'-]+){{0,4}}? (?:with|in|on|has|had|from|for|using|uses) "
            rf"(?:\w+ ){{0,2}}?{_AILMENT}\b"
        ),
    ),
    (
        frozenset(["wheelchair"]),
        rf"\b{_LEARNER}s? (?:in|using) (?:a|the) wheelchair\b|\bwheelchair user\b",
    ),
    (
        PERSON,
        rf"\b{_HERE} {_UP_TO_3}{_LEARNER},? (?:who|whose|that) (?:\w+ ){{0,3}}?{_PAST}",
    ),
    (
        PERSON,
        rf"\b{_HERE} {_UP_TO_3}[\w]+-(?:speaking|born|american) (?:\w+ )?{_PERSON}\b{_NO_PERSON}",
    ),
    # One boy, one girl: no general sentence needs to say which.
    (
        PERSON,
        r"\b(?:the|our|this|that|a|one|another|my|little|young|new) (?:[\w'-]+ ){0,3}?(?:boy|girl)\b(?! scouts?\b)(?!s|-)",
    ),
    (
        PERSON,
        rf"\b(?:the|our) (?:new|youngest|oldest) (?:\w+ )?{_LEARNER}\b{_NO_PERSON}",
    ),
    # An age and one person.
    (
        frozenset(["old"]),
        (
            rf"\b(?:a|an|our|the|one|this|that|her|his|my) {_UP_TO_3}{_NUMBER}[- ]years?[- ]old\b"
            rf"(?! (?:\w+ )?(?:building|program|programme|school|policy|rule|pilot|system|textbook|practice"
            r"|book|law|bus|schedule|plan|building|tradition|grant|contract|campus|computer|server|curriculum)s?\b)(?!s)"
        ),
    ),
    (
        PERSON,
        rf"\b(?:boy|girl|student|learner|child|kid|freshman|sophomore|junior|senior),? (?:aged?|who is|is|was|at) {_NUMBER}\b(?! (?:to|or|and|percent|of|weeks|days|minutes))",
    ),
    # The family of somebody whom the town knows.
    (PERSON, rf"\b{_OFFICE}(?:'s|s') (?:\w+ ){{0,2}}?{_KIN}\b"),
    (PERSON, rf"\b{_KIN} of (?:the|our|a|one of our) (?:\w+ ){{0,2}}?{_OFFICE}\b"),
    # He or she: nobody says it of learners in general. "His or her" is everybody.
    (
        PRONOUN,
        (
            r"(?<!\bor )(?<!/)\b(?:he|she|his|her|hers|him|himself|herself)\b(?!/| or (?:he|she|his|hers?|him|herself|himself)\b)"
        ),
    ),
    # Somebody's family and health.
    (
        frozenset(["after"]),
        rf"\bafter (?:the|a|their) (?:\w+ ){{0,2}}?(?:{_BLOW}) (?:of|in) (?:a|the|one|our|his|her)\b",
    ),
    # One family.
    (
        PERSON,
        rf"\b(?:the|our|one|a) {_UP_TO_3}family (?:who|whose|from|that (?:lost|moved|fled|came|was|had|lives|owns|runs))\b",
    ),
    (
        frozenset(["family"]),
        r"\bfamily of (?:three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})\b",
    ),
    # Offices that one learner holds at a time.
    (
        None,
        (
            r"\b(?:valedictorian|salutatorian|drum major|homecoming (?:king|queen)|prom (?:king|queen)"
            r"|(?:class|student[- ]body|student[- ]council|asb|senior class|junior class) president"
            r"|head (?:boy|girl)|quarterback|team captain|captain of the (?:\w+ ){0,2}team"
            r"|(?:spelling bee|state|science fair|district|regional|national) (?:\w+ )?(?:champion|winner)"
            r"|student (?:board member|representative on the board|trustee)|teen (?:mother|mom|father|dad|parent))\b"
        ),
    ),
    # What was in the news.
    (
        frozenset(["news", "newspaper", "papers"]),
        r"\b(?:in|on|made) the (?:local |evening |national )?(?:news|newspaper|papers)\b(?! (?:about|that|of) (?:the|our) (?:pilot|program))",
    ),
    (
        frozenset(["whose"]),
        (
            r"\bwhose (?:\w+ ){0,2}?(?:mother|father|parents?|mom|dad|brother|sister|house|home|family)"
            r" (?:\w+ ){0,2}?(?:died|was|were|is|had|lost|burned|passed|left|moved|owns|runs|works)\b"
        ),
    ),
)
_FOUND = CuedPatterns(PATTERNS, HitKind.INDIRECT)


def find_indirect(text: str) -> Iterator[Span]:
    """Return descriptions that may fit one person only."""
    return _FOUND.find(text)
