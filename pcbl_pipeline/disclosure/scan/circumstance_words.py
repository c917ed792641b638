"""Pieces of the patterns for circumstances: persons, bodies, plights, origins, clubs.

Declarations only, in lower case. What belongs here: words that several patterns share.
How they are put together is in `circumstances`.
"""


def _any(text: str) -> str:
    return "(?:" + "|".join(sorted(text.split(), key=lambda w: (-len(w), w))) + ")"


#: Between "the" and the person only what describes; no other phrase begins there.
ADJECTIVES = (
    r"(?:(?!(?:of|for|to|in|on|at|with|from|by|per|and|or|that|who|each|every|any|is|was"
    r"|a|an|the)\b)[\w'-]+ ){0,3}?"
)
#: Whoever speaks of one of these mostly means somebody. Sets of siblings are somebody.
SOMEBODY = _any("""
kid kiddo boy girl teen teenager youngster sibling siblings brother brothers sister sisters
twin twins triplets cousins newcomer refugee immigrant freshman sophomore junior senior
[\\w-]*grader kindergartner kindergartener preschooler toddler dropout son daughter mother
father mom dad grandmother grandfather grandma grandpa grandparent aunt uncle family couple
""")
#: "The learner" and "the teacher" are all learners and teachers in most sentences.
ANYBODY = _any("""
student learner pupil child youth scholar teacher parent guardian coach aide para
paraprofessional counselor counsellor intern mentor athlete graduate substitute sub
""")
ONE = rf"(?:{SOMEBODY}|{ANYBODY})"
LEARNER = rf"(?:{SOMEBODY}|student|learner|pupil|child|youth|scholar|athlete|graduate)"
STAFF = _any("""
teacher coach aide para paraprofessional counselor counsellor principal nurse librarian
custodian secretary registrar superintendent psychologist interventionist driver cook sub
substitute interpreter director coordinator
""")
NO_PERSON = (
    r"(?! (?:handbook|voice|council|survey|surveys|portfolio|profile|data|work|information"
    r"|records?|groups?|teams?|center|nights?|conferences?|plans?|body|portal|guide|page"
    r"|rooms?|meetings?|liaison|agency|progress|services|engagement|feedback|input|year"
    r"|years|class|high|seminar|capstone|project|projects|exit|school|schools|cohort"
    r"|panel|event|events|resource|compact|members?)\b)(?!s\b|-)"
)
BODY = (
    r"(?:(?:one|only one|no|a missing|an artificial) (?:arm|leg|hand|eye|ear|foot|limb|lung|kidney)"
    r"|prosthe\w+|(?:insulin|feeding|oxygen) (?:pump|tube|tank)"
    r"|(?:service|therapy|guide) (?:dog|animal)|(?:white )?cane|crutches|walker|wheelchair"
    r"|inhaler|hearing (?:aids?|device)|cochlear implants?|leg brace|back brace|eye patch"
    r"|birthmark|scars?|tattoos?|lisp|stutter|speech impediment|hijab|turban|yarmulke|burqa"
    r"|ankle (?:monitor|bracelet)|burns|newborn|baby|babies|toddler|(?:a|two) kids?"
    r"|(?:peanut|nut|bee|latex|food) allerg\w+|epipen|trach\w*|glass eye|red hair|cast|sling|halo|mohawk|dwarfism|albinism|hiv)"
)
ILLNESS = (
    r"(?:autism|asperger'?s?|adhd|add|down'?s? syndrome|cerebral palsy|epilepsy|diabetes"
    r"|cancer|leukemia|lymphoma|a tumou?r|ptsd|dyslexia|dysgraphia|seizures|tourette'?s?"
    r"|muscular dystrophy|cystic fibrosis|sickle cell|spina bifida|h(?:a)?emophilia|lupus"
    r"|fetal alcohol|crohn'?s|narcolepsy|schizophrenia|bipolar|ocd|anorexia|bulimia"
    r"|an eating disorder|depression|anxiety|selective mutism|brain injur(?:y|ies)|a concussion"
    r"|hearing loss|vision loss|an addiction|a heart condition|a disability|hiv|mono|covid)"
)
PLIGHT = (
    r"(?:undocumented|deported|arrested|detained|jailed|incarcerated|expelled|suspended"
    r"|evicted|hospitali[sz]ed|pregnant|homeless|unhoused|adopted|fostered|orphaned|widowed"
    r"|abused|bullied|assaulted|molested|raped|shot|stabbed|killed|trafficked|diagnosed"
    r"|paraly[sz]ed|blind(?!sided)|deaf|autistic|transgender|trans|nonbinary|gay|lesbian|bisexual|queer"
    r"|bipolar|suicidal|dying|mute|nonverbal|diabetic|epileptic|dyslexic|terminally ill"
    r"|in (?:jail|prison|juvie|rehab|custody|detention|juvenile detention|foster care"
    r"|(?:a|the) (?:shelter|hospital|wheelchair|coma|group home|psych\w* \w+)|treatment|hospice|recovery)"
    r"|on (?:probation|parole|house arrest|hospice|oxygen|chemo\w*|dialysis|suicide watch)"
    r"|living (?:in|with|out of|at)|hit by|run over|sent to (?:juvie|jail|prison|rehab|detention)"
    r"|removed from (?:the|his|her|their) home|deployed|in kinship care|laid off|(?:in|on) an? (?:cast|ankle (?:bracelet|monitor)))"
)
ORIGIN = (
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
KIN = _any("""
son daughter niece nephew grandson granddaughter grandchild grandkid kid kids stepson
stepdaughter twins brother sister wife husband
""")
PAST = (
    r"(?:was|had|came|left|lost|won|got|went|broke|ran|fell|fled|became|died|(?!need|speed"
    r"|feed|proceed|succeed|exceed)\w+ed)"
)
TEAMS = _any("""
team squad play musical band choir orchestra paper newspaper yearbook club chapter council
show crew class side
""")
CLUBS = (
    r"(?:student[- ](?:council|body|government|senate)|(?:senior|junior|sophomore|freshman|the)"
    r" class|asb|ffa|skillsusa|fccla|deca|fbla|4-h|nhs|honor society|(?:\w+ )?club|yearbook"
    r"|school newspaper|(?:football|soccer|volleyball|basketball|softball|baseball|wrestling"
    r"|hockey|track|swim|debate|robotics|chess|cheer|dance|tennis|golf|rodeo)(?: team)?)"
)
AGE = r"(?:\d{1,2}|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty(?:-?one)?)"

#: What somebody lives through ("a student battling leukemia").
LIVES_THROUGH = (
    r"(?:battling|fighting|recovering|grieving|mourning|facing|awaiting|undergoing|experiencing"
    r"|surviving|fleeing|escaping|living|raising|caring|coping|dealing|struggling|suffering"
    r"|diagnosed|born|adopted|raised|suspended|expelled|arrested|placed in|hospitali[sz]ed"
    r"|returning from|back from|out of|new to the (?:country|town|state|us|school))"
)
#: What one learner did; of all learners nobody says it with "the".
DID = (
    r"(?:was|had|did|got|came|went|ran|wrote|told|said|gave|drew|spoke|fell|quit|chose|knew|swam|sang"
    # Not "to be moved", "with advanced", "is left": only what is a verb by itself.
    r"|(?<!\bbe )(?<!been )(?<!being )(?<!\bis )(?<!are )(?<!get )(?<!gets )(?<!not )(?<!can )(?<!\bto )"
    r"(?<!with )(?<!the )(?<!\ba )(?<!\ban )(?<!\bof )(?<!\bin )(?<!for )(?<!and )(?<!\bor )(?<!\bby )"
    r"(?<!\bas )(?<!\bat )(?<!\bon )(?<!has )(?<!have )"
    r"(?:sat|sent|took|won|lost|made|left|read|built|brought|slept|broke|felt|kept|taught|found"
    r"|(?!need|speed|feed|exceed|proceed|succeed|indeed)[a-z]+ed))"
)
ONE_LEARNER = (
    r"(?:student|learner|pupil|child|kid|kiddo|boy|girl|teen|teenager|freshman|sophomore|newcomer"
    r"|youngster|\w*grader|kindergartner|preschooler)"
)
