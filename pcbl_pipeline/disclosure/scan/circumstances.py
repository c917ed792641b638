"""Circumstances: who somebody is by kin, origin, body, place, office or what befell them.

"The siblings from the motel" and "she is undocumented" name nobody either. The patterns
here go by how such a description is built: one definite person and something that sets
this one apart, or a blow of fate that a town talks about. What does not belong here: the
only one, the extreme one, and conditions right beside the person (`indirect`).
"""

from collections.abc import Iterator

from pcbl_pipeline.disclosure.scan.cues import PERSON, CuedPatterns
from pcbl_pipeline.disclosure.scan.spans import Span
from pcbl_pipeline.model.narrative import HitKind


def _any(text: str) -> str:
    return "(?:" + "|".join(sorted(text.split(), key=lambda w: (-len(w), w))) + ")"


#: Between "the" and the person only what describes; no other phrase begins there.
_ADJECTIVES = (
    r"(?:(?!(?:of|for|to|in|on|at|with|from|by|per|and|or|that|who|each|every|any|is|was"
    r"|a|an|the)\b)[\w'-]+ ){0,3}?"
)
#: Whoever speaks of one of these mostly means somebody. Sets of siblings are somebody.
_SOMEBODY = _any("""
kid kiddo boy girl teen teenager youngster sibling siblings brother brothers sister sisters
twin twins triplets cousins newcomer refugee immigrant freshman sophomore junior senior
[\\w-]*grader kindergartner kindergartener preschooler toddler dropout son daughter mother
father mom dad grandmother grandfather grandma grandpa grandparent aunt uncle family couple
""")
#: "The learner" and "the teacher" are all learners and teachers in most sentences.
_ANYBODY = _any("""
student learner pupil child youth scholar teacher parent guardian coach aide para
paraprofessional counselor counsellor intern mentor athlete graduate substitute sub
""")
_ONE = rf"(?:{_SOMEBODY}|{_ANYBODY})"
_LEARNER = (
    rf"(?:{_SOMEBODY}|student|learner|pupil|child|youth|scholar|athlete|graduate)"
)
_STAFF = _any("""
teacher coach aide para paraprofessional counselor counsellor principal nurse librarian
custodian secretary registrar superintendent psychologist interventionist driver cook sub
substitute interpreter director coordinator
""")
_NO_PERSON = (
    r"(?! (?:handbook|voice|council|survey|surveys|portfolio|profile|data|work|information"
    r"|records?|groups?|teams?|center|nights?|conferences?|plans?|body|portal|guide|page"
    r"|rooms?|meetings?|liaison|agency|progress|services|engagement|feedback|input|year"
    r"|years|class|high|seminar|capstone|project|projects|exit|school|schools|cohort"
    r"|panel|event|events|resource|compact|members?)\b)(?!s\b|-)"
)
_BODY = (
    r"(?:(?:one|only one|no|a missing|an artificial) (?:arm|leg|hand|eye|ear|foot|limb|lung|kidney)"
    r"|prosthe\w+|(?:insulin|feeding|oxygen) (?:pump|tube|tank)"
    r"|(?:service|therapy|guide) (?:dog|animal)|(?:white )?cane|crutches|walker|wheelchair"
    r"|inhaler|hearing (?:aids?|device)|cochlear implants?|leg brace|back brace|eye patch"
    r"|birthmark|scars?|tattoos?|lisp|stutter|speech impediment|hijab|turban|yarmulke|burqa"
    r"|ankle (?:monitor|bracelet)|burns|newborn|baby|babies|toddler|(?:a|two) kids?"
    r"|(?:peanut|nut|bee|latex|food) allerg\w+|epipen|trach\w*|glass eye|red hair)"
)
_ILLNESS = (
    r"(?:autism|asperger'?s?|adhd|add|down'?s? syndrome|cerebral palsy|epilepsy|diabetes"
    r"|cancer|leukemia|lymphoma|a tumou?r|ptsd|dyslexia|dysgraphia|seizures|tourette'?s?"
    r"|muscular dystrophy|cystic fibrosis|sickle cell|spina bifida|h(?:a)?emophilia|lupus"
    r"|fetal alcohol|crohn'?s|narcolepsy|schizophrenia|bipolar|ocd|anorexia|bulimia"
    r"|an eating disorder|depression|anxiety|selective mutism|brain injur(?:y|ies)|a concussion"
    r"|hearing loss|vision loss|an addiction|a heart condition|a disability|hiv|mono|covid)"
)
_PLIGHT = (
    r"(?:undocumented|deported|arrested|detained|jailed|incarcerated|expelled|suspended"
    r"|evicted|hospitali[sz]ed|pregnant|homeless|unhoused|adopted|fostered|orphaned|widowed"
    r"|abused|bullied|assaulted|molested|raped|shot|stabbed|killed|trafficked|diagnosed"
    r"|paraly[sz]ed|blind(?!sided)|deaf|autistic|transgender|trans|nonbinary|gay|lesbian|bisexual|queer"
    r"|bipolar|suicidal|dying|mute|nonverbal|diabetic|epileptic|dyslexic|terminally ill"
    r"|in (?:jail|prison|juvie|rehab|custody|detention|juvenile detention|foster care"
    r"|(?:a|the) (?:shelter|hospital|wheelchair|coma|group home|psych\w* \w+)|treatment|hospice|recovery)"
    r"|on (?:probation|parole|house arrest|hospice|oxygen|chemo\w*|dialysis|suicide watch)"
    r"|living (?:in|with|out of|at)|hit by|run over|sent to (?:juvie|jail|prison|rehab|detention)"
    r"|removed from (?:the|his|her|their) home)"
)
_ORIGIN = (
    r"(?:hmong|somali|afghan|ukrainian|syrian|iraqi|iranian|kurdish|karen|rohingya|burmese"
    r"|nepali|bhutanese|congolese|sudanese|eritrean|ethiopian|kenyan|liberian|nigerian"
    r"|haitian|jamaican|cuban|guatemalan|honduran|salvadoran|mexican|venezuelan|colombian"
    r"|brazilian|chinese|taiwanese|vietnamese|filipin[oa]|korean|japanese|lao|laotian"
    r"|cambodian|thai|indian|pakistani|bangladeshi|russian|polish|bosnian|romanian|german"
    r"|italian|irish|norwegian|arab|muslim|jewish|catholic|mormon|sikh|hindu|buddhist|amish"
    r"|mennonite|hutterite|jehovah's witness|native|navajo|diné|lakota|ojibwe|cherokee|hopi"
    r"|apache|black|asian|latin[oax]|hispanic|african|african[- ]american|pacific[- ]islander"
    r"|samoan|tongan|hawaiian|marshallese|chuukese|biracial|mixed-race|puerto rican)"
)
_KIN = _any("""
son daughter niece nephew grandson granddaughter grandchild grandkid kid kids stepson
stepdaughter twins brother sister wife husband
""")
_PAST = (
    r"(?:was|had|came|left|lost|won|got|went|broke|ran|fell|fled|became|died|(?!need|speed"
    r"|feed|proceed|succeed|exceed)\w+ed)"
)
_TEAMS = _any("""
team squad play musical band choir orchestra paper newspaper yearbook club chapter council
show crew class side
""")
_CLUBS = (
    r"(?:student[- ](?:council|body|government|senate)|(?:senior|junior|sophomore|freshman|the)"
    r" class|asb|ffa|skillsusa|fccla|deca|fbla|4-h|nhs|honor society|(?:\w+ )?club|yearbook"
    r"|school newspaper|(?:football|soccer|volleyball|basketball|softball|baseball|wrestling"
    r"|hockey|track|swim|debate|robotics|chess|cheer|dance|tennis|golf|rodeo)(?: team)?)"
)
_AGE = r"(?:\d{1,2}|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty(?:-?one)?)"

#: What somebody lives through ("a student battling leukemia").
_LIVES_THROUGH = (
    r"(?:battling|fighting|recovering|grieving|mourning|facing|awaiting|undergoing|experiencing"
    r"|surviving|fleeing|escaping|living|raising|caring|coping|dealing|struggling|suffering"
    r"|diagnosed|born|adopted|raised|suspended|expelled|arrested|placed in|hospitali[sz]ed"
    r"|returning from|back from|out of|new to the (?:country|town|state|us|school))"
)
#: What one learner did; of all learners nobody says it with "the".
_DID = (
    r"(?:was|had|did|got|came|went|ran|wrote|told|said|gave|drew|spoke|fell|quit|chose|knew|swam|sang"
    # Not "to be moved", "with advanced", "is left": only what is a verb by itself.
    r"|(?<!\bbe )(?<!been )(?<!being )(?<!\bis )(?<!are )(?<!get )(?<!gets )(?<!not )(?<!can )(?<!\bto )"
    r"(?<!with )(?<!the )(?<!\ba )(?<!\ban )(?<!\bof )(?<!\bin )(?<!for )(?<!and )(?<!\bor )(?<!\bby )"
    r"(?<!\bas )(?<!\bat )(?<!\bon )(?<!has )(?<!have )"
    r"(?:sat|sent|took|won|lost|made|left|read|built|brought|slept|broke|felt|kept|taught|found"
    r"|(?!need|speed|feed|exceed|proceed|succeed|indeed)[a-z]+ed))"
)
_ONE_LEARNER = (
    r"(?:student|learner|pupil|child|kid|kiddo|boy|girl|teen|teenager|freshman|sophomore|newcomer"
    r"|youngster|\w*grader|kindergartner|preschooler)"
)

PATTERNS: tuple[tuple[frozenset[str] | None, str], ...] = (
    # One definite person and what sets this one apart.
    (
        PERSON,
        (
            rf"\b(?:the|our|one|that|this|another) {_ADJECTIVES}{_SOMEBODY}\b{_NO_PERSON},?"
            r" (?:from|who|whose|with|living|raising|in (?:room|the|a|my|our|house|bus)|on (?:the|my|our|house|bus)|at (?:the|our))\b"
        ),
    ),
    (
        PERSON,
        rf"\b(?:the|our|one|that) {_ADJECTIVES}{_ANYBODY} from (?:the|a|our|another)\b(?! (?:class|start|first|list|beginning|outset|group|course|team|day|back|front)\b)",
    ),
    (
        PERSON,
        rf"\b{_ONE} (?:in|from|of) (?:room|rm\.?|house|bus|lot|apartment) #?\w?\d+",
    ),
    (
        PERSON,
        (
            rf"\b(?:the|our|one|a|an|that|my) {_ADJECTIVES}{_LEARNER}\b{_NO_PERSON},? (?:with|who has|who had|who wears"
            rf"|who uses|missing|without|wearing|in|on|has|had) (?:[\w-]+ ){{0,3}}?(?:{_BODY}|{_ILLNESS}|house arrest|rehab)\b"
        ),
    ),
    (
        PERSON,
        (
            rf"(?<!portrait of )(?<!profile of )\b(?:the|our|one|a|an|that|my) {_ADJECTIVES}{_LEARNER}\b{_NO_PERSON},?"
            rf" (?:who )?(?:is|was|got|has been|had been) (?:\w+ ){{0,2}}?{_PLIGHT}\b"
        ),
    ),
    (
        PERSON,
        (
            rf"\b(?:the|our|one|that) {_ADJECTIVES}(?:student|learner|child|pupil|parent)"
            rf" (?:who|that) (?:\w+ ){{0,2}}?(?:{_PAST}|plays|sings|wrestles|raises|races|rides|lives|works (?:at|in|nights|as)"
            r"|speaks|sleeps)\b"
        ),
    ),
    (
        PERSON,
        rf"\b(?:a|one|the|our|my) (?:\w+ )?(?:parent|teacher|coach|aide|para|guardian|principal|counselor) who (?:died|sued|quit|resigned|retired|cried|got|fell|(?:has|had) (?:{_ILLNESS}|surgery|a (?:baby|stroke))|was (?:fired|arrested)|{_PLIGHT})\b",
    ),
    (
        PERSON,
        (
            rf"\b(?:the|our|one|a|an) {_ADJECTIVES}{_LEARNER} (?:who )?(?:is )?(?:reading|reads|working|works|read)"
            r" (?:at|on) (?:a |the )?\w+[- ]grade\b"
        ),
    ),
    (
        PERSON,
        rf"\b(?:the|our|one|a|an|that) {_ADJECTIVES}{_ORIGIN} (?:[\w-]+ )?{_ONE}\b{_NO_PERSON}",
    ),
    (
        frozenset(["exchange"]),
        r"\b(?:the|our|one|an|my) (?:\w+ )?exchange student\b(?! (?:program|visa|policy|agency))",
    ),
    (
        PERSON,
        rf"\b(?:the|our|one|a|an|that|my) {_ADJECTIVES}{_LEARNER}\b{_NO_PERSON} {_PLIGHT}\b",
    ),
    (
        PERSON,
        r"\b(?:a|an|one|the|our) (?:\w+ )?(?:parent|guardian|volunteer|neighbor|panelist) who (?:is|was) (?:a|an|the|our|on|in)\b",
    ),
    (
        PERSON,
        (
            rf"\b(?:a|an) {_ADJECTIVES}(?:kid|boy|girl|freshman|sophomore|junior|senior|\w*grader|kindergartner|newcomer) who"
            r" (?!is\b|can\b|cannot\b|wants?\b|needs?\b|has\b|finishes|may\b|does\b|fails\b|misses|moves\b|falls\b|asks\b|shows\b|meets\b|passes)\w+"
        ),
    ),
    # A story about one.
    (
        PERSON,
        (
            rf"\b(?:the|our|that|my) (?!median|average|typical|whole|next|ideal|individual){_ADJECTIVES}{_ONE_LEARNER}\b{_NO_PERSON}"
            rf"(?: (?:with|who|whose|in|from|on|at|of|that)\b[^.;:!?]{{0,60}}?)? (?:\w+ly )?{_DID}\b"
        ),
    ),
    (
        PERSON,
        (
            rf"\b(?:a|an|one) {_ADJECTIVES}{_ONE_LEARNER}\b{_NO_PERSON}"
            rf" (?:with|who|whose|in|from|on|at|of|that|{_LIVES_THROUGH})\b[^.;:!?]{{0,60}}? (?:\w+ly )?{_DID}\b"
        ),
    ),
    (
        PERSON,
        rf"\b(?:the|our|one|a|an|that|my) {_ADJECTIVES}{_ONE}\b{_NO_PERSON} {_LIVES_THROUGH}\b",
    ),
    (
        PERSON,
        rf"\b(?:the|our|one|that|my) {_ADJECTIVES}(?:student|learner|child|pupil|parent) (?:with (?:the|no|two|only)|on the (?:school )?board)\b",
    ),
    (
        PERSON,
        (
            rf"\b(?:a|an) {_ADJECTIVES}(?:mom|mother|dad|father|grandmother|grandfather|grandma|grandpa|aunt|uncle|family|couple|sibling)"
            r" (?:who|whose|with|from|in)\b"
        ),
    ),
    (
        PERSON,
        (
            rf"\b(?:the|our|one|a|an|that|my) {_ADJECTIVES}{_LEARNER}(?: (?:in|on|from|at) (?:my|our|the) [\w-]+)?,? who"
            rf" (?:\w+ )?(?:uses|has|had|needs|wears|lost|stutters?|limps?|signs|cuts|drinks|vapes|steals|bites|is|was) (?:[\w-]+ ){{0,2}}?(?:{_BODY}|{_ILLNESS}|{_PLIGHT})\b"
        ),
    ),
    (
        PERSON,
        rf"\b{_ONE} (?:who|that) (?:stutters|limps|drools|self-harms|cuts|vapes|steals|bites|sleepwalks|faints|lisps)\b",
    ),
    # What is said of somebody spoken of before.
    (
        frozenset(["turned", "turns"]),
        rf"\b(?:he|she|who|kid|boy|girl|student|senior|junior) (?:just )?turn(?:ed|s) {_AGE}\b",
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
        rf"\b(?:the|our|a|an) (?:[\w-]+ ){{0,2}}?[\w-]+'s (?:\w+ )?{_KIN}\b(?! (?:school|site|district)s?\b)",
    ),
    (
        PERSON,
        rf"\b{_KIN} of (?:the|our|a|an|one of (?:the|our)) [\w-]+\b(?<! students)(?<! learners)",
    ),
    (
        PERSON,
        r"\b(?:two|three|four|our|a pair of|both|another set of) (?:[\w'-]+ ){0,2}?(?:siblings|brothers|sisters|cousins|triplets|twins)\b(?! (?:school|site|district)s?\b)",
    ),
    (
        PERSON,
        rf"\b(?:a|one|the|our) {_ADJECTIVES}(?:grand\w+|aunt|uncle|mother|father|mom|dad),? (?:who (?:is |was )?)?(?:raising|deployed|incarcerated|in (?:prison|jail)|cleans|works|owns|runs|drives)\b",
    ),
    (
        frozenset(["living", "lives", "lived", "sleeping", "sleeps", "slept"]),
        r"\b(?:living|lives|lived|sleeping|sleeps|slept) (?:in|out of) (?:a|an|the|their|his|her) (?:\w+ )?(?:car|van|motel|hotel|shelter|tent|camper|trailer|garage|basement|group home)\b",
    ),
    # Offices, places on a team and prizes that one learner has.
    (
        None,
        rf"\b{_CLUBS} (?:co-?)?(?:vice[- ])?(?:president|vp|treasurer|secretary|historian|captain|editor|manager|star|mascot)\b",
    ),
    (
        None,
        (
            r"\b(?:co-?captain|captain|pitcher|catcher|goalie|goalkeeper|point guard|quarterback|linebacker|kicker|setter"
            r"|editor|treasurer|president|star|mascot|soloist|drummer|manager|lead|first chair|winner) (?:of|on|in|for|from)"
            rf" (?:the|our|his|her|last year's|this year's) (?:[\w'-]+ ){{0,3}}?(?:{_TEAMS}|contest|show|fair|bee|rodeo|tournament|pageant)\b"
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
            rf"|\b(?:{_ONE}|friend|classmate|principal|who|he|she|they) (?:\w+ ){{0,2}}?died\b|\bdied (?:by suicide|of (?:cancer|an overdose|covid)|suddenly|over the (?:summer|weekend|break)|in (?:a|an|the) (?:\w+ )?(?:crash|accident|fire|wreck))\b"
        ),
    ),
    # Grown people, too.
    (
        frozenset(["leave"]),
        rf"\b(?:is|was|went|been|out|{_STAFF}|who|he|she)\b (?:\w+ )?on (?:a )?(?:maternity|paternity|parental|medical|sick|bereavement|administrative|stress) leave\b",
    ),
    (
        frozenset(["term"]),
        r"\b(?:the|our|my) (?:\w+ )?long-term sub(?:stitute)?\b(?!s|-)(?! (?:pool|list|pay|rate))",
    ),
    (
        PERSON,
        (
            rf"\b(?:the|our|one|my) {_ADJECTIVES}{_STAFF} (?:just |has |had |suddenly )?(?:quit|resigned|retired|died|left (?:us|in|at|mid|for|after|town)"
            r"|moved away|got sick|fell ill|was (?:fired|let go|arrested|diagnosed|hospitali[sz]ed)|had (?:a|her|his) (?:baby|stroke|surgery|heart))\b"
        ),
    ),
)
_FOUND = CuedPatterns(PATTERNS, HitKind.INDIRECT)


def find_circumstances(text: str) -> Iterator[Span]:
    """Return descriptions of one person by what sets them apart."""
    return _FOUND.find(text)
