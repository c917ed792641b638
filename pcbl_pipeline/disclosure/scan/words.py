"""Word lists of the detectors. A table of declarations, lower case, without accents.

What belongs here: words by the part they play in a sentence. No names of people; the
lists that clear capitalised words by dictionary come with the default-deny detector.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _numbered(text: str, first: int = 0, step: int = 1) -> dict[str, int]:
    return {word: first + step * place for place, word in enumerate(text.split())}


#: One student, whatever the word.
STUDENT = _words("""
student learner pupil child kid kiddo boy girl teen teenager youth youngster scholar
grader freshman sophomore junior senior kindergartner kindergartener preschooler
toddler dropout graduate grad newcomer refugee immigrant sibling athlete enrollee
absentee valedictorian el ell mll ml estudiante alumno alumna nino nina
""")
#: Several.
STUDENTS = _words("""
students learners pupils children kids kiddos boys girls teens teenagers youth youths
youngsters scholars graders freshmen sophomores juniors seniors kindergartners
kindergarteners preschoolers toddlers dropouts graduates grads newcomers refugees
immigrants siblings athletes enrollees absentees brothers sisters twins els ells mlls
mls estudiantes alumnos alumnas ninos ninas
""")
#: Students when "young" stands before them.
YOUNG = _words("people person adults adult men man women woman ladies lady")
#: After "student": then it is students that are counted ("two student leaders").
STUDENT_ROLES = _words("""
leader leaders ambassador ambassadors intern interns athlete athletes representative
representatives rep reps volunteer volunteers presenter presenters mentor mentors
tutor tutors worker workers musician musicians author authors participant participants
member members candidate candidates parent parents musician musicians
""")
#: After "student": then it is something else that is counted ("one student survey").
STUDENT_THINGS = _words("""
voice choice agency survey surveys handbook council group groups panel panels team
teams portfolio portfolios profile profiles data work led centered information record
records system systems day schedule conference conferences showcase showcases outcome
outcomes goal goals progress support supports advisory account accounts body population
government center union growth achievement learning engagement plan plans event events
cohort cohorts club clubs project projects product products artifact artifacts
exhibition exhibitions capstone exit year years seminar staff high class classes
interview interviews device devices laptop laptops dashboard dashboards names name
handbooks interest interests need needs ownership input feedback reflection reflections
success experience experiences information-system management-system app platform
""")
#: Two or more without a number.
PAIRS = {
    "both": 2,
    "neither": 2,
    "either": 2,
    "couple": 2,
    "pair": 2,
    "duo": 2,
    "trio": 3,
    "quartet": 4,
    "quintet": 5,
    "handful": 3,
    "dozen": 12,
    "half a dozen": 6,
    "half-a dozen": 6,
    "half dozen": 6,
    "half-dozen": 6,
}
#: Of these, the ones that go with one student ("neither student").
WITH_SINGULAR = _words("neither either")
#: One without a number, before a single student.
LONE = _words("single sole lone only solitary")
#: Always about two or more children, with or without a number.
SETS_OF_CHILDREN = _words("twins triplets quadruplets")

UNITS_OF_NUMBER = _numbered("""
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
fifteen sixteen seventeen eighteen nineteen
""")
TENS_OF_NUMBER = _numbered(
    "twenty thirty forty fifty sixty seventy eighty ninety", first=20, step=10
)

#: Things that are counted and do not end in s.
OTHER_NOUNS = _words("percent % staff faculty criteria media feet curricula syllabi")
#: Words in s that are no plural of a thing, so that counting goes on behind them.
NOT_PLURAL = _words("""
needs honors physics mathematics economics arts humanities sports civics his its was is
has does this as us ours yours hers others always perhaps across towards afterwards sometimes
besides unless
""")
#: Right behind a number they say that the number stands for people named before.
VERBS = _words("""
was were is are had have has did do does didn't don't doesn't wasn't weren't hadn't can
could couldn't will would wouldn't left dropped passed failed met moved graduated
completed finished stayed returned withdrew transferred repeated missed needed struggled
earned showed reached remained joined came went got made took said told asked never
still received required used chose enrolled exited skipped refused scored improved
declined advanced fell
""")
#: Ways to work together.
SETTINGS = _words("teams groups pairs pods squads clusters trios tables")
#: They make a rule of a sentence.
MODALS = _words("should must may shall ought can needs will")
#: Behind these, a number stands for no thing of its own; the search ends.
FUNCTION_WORDS = _words("""
and or but per each every for with when where while that which who whom whose because
if to than from by at then so later after before until in on into about another per
without within against among between during through
""")
#: They let the search go on: "three of our new ninth graders".
PARTITIVE = _words("of out")
#: Behind a number, but not behind "of", something new begins with them.
DETERMINERS = _words("the a an our their his her my your this that these those its")
#: Before a number: then it is a label or a score, not a count ("grade 6", "level 2").
LABELS = _words("""
grade grades level levels tier tiers stage stages phase phases cohort cohorts unit units
step steps chapter chapters module modules period periods room rooms
lesson lessons standard standards competency competencies strand part version section
question questions item items page pages block wave round track goal goals target criterion indicator objective option model group table
figure appendix site school region zone math algebra biology geometry english spanish
reading title ap score scores scored rated rating k age ages element elements
""")
#: The same, but not right before students ("last year 4 seniors left").
TIME_LABELS = _words("""
year years quarter semester term week weeks day days month
""")
#: Before a number in a list, they lead back to its label ("grades 6, 7 and 8").
LIST_JOINTS = _words(", and or to & - through")
#: Before "one": then it is no number.
NOT_A_NUMBER_BEFORE_ONE = _words("this that the each every which another no any")

#: People after whom a capitalised word is taken for a name.
PEOPLE = _words("""
student students learner learners pupil pupils child children kid kids son sons daughter
daughters boy boys girl girls teen teenager parent parents mother mom mum mama father dad
papa guardian guardians grandmother grandma grandfather grandpa grandparent grandparents
abuela abuelo aunt uncle tia tio cousin cousins brother brothers sister sisters sibling
siblings twin twins stepmother stepfather stepson stepdaughter friend friends classmate
classmates peer peers teacher teachers educator educators instructor instructors coach
coaches counselor counselors counsellor principal principals advisor advisors adviser
advisers mentor mentors tutor tutors paraprofessional paraprofessionals para paras aide
aides nurse librarian superintendent director coordinator specialist psychologist
therapist interventionist secretary registrar dean professor senior seniors junior
juniors sophomore sophomores freshman freshmen grader graders graduate graduates alumnus
alumna alum intern interns apprentice athlete valedictorian caseworker custodian
facilitator colleague colleagues president captain chair member members leader leaders
manager supervisor assistant officer volunteer volunteers representative ambassador estudiante alumno alumna maestra maestro profe
""")
TITLES = (
    "Mr",
    "Mrs",
    "Ms",
    "Mx",
    "Dr",
    "Prof",
    "Rev",
    "Sr",
    "Sra",
    "Srta",
    "Fr",
    "Hon",
)
SPELLED_TITLES = ("Miss", "Mister", "Senor", "Senora", "Senorita", "Professor", "Coach")
#: Between the person and the name.
LINKS = _words(
    "named called nicknamed like such as including is was are and or with aka"
)
#: Family words after a name in the genitive ("...'s mother").
KIN = _words("""
mother mom mum mama father dad papa parent parents guardian guardians grandmother grandma
grandfather grandpa aunt uncle brother brothers sister sisters sibling siblings twin
family iep case teacher teachers tutor counselor advisor adviser son daughter
""")
#: Capitalised words that are no name: sentence starts, school words, subjects.
ORDINARY = _words("""
a about academy access achievement action activities adult advisory advocacy after
afterward again agency agreement algebra all also although always ambassador american
among an and another any apprenticeship are arizona art arts as assembly assessment
assessments association at attendance autonomy award awareness badge badges because
become becomes before begin behavior belonging best between beyond biology block board
both bring build building builds business but by calculus calendar camp can canvas career
careers celebration center centered chemistry choice choices chose civics class classes
classroom classrooms club coaches coaching collaboration collaborative college committee
community compact competencies competency conference conferences confidence connection
connections contract core corps could council counselor counselors course courses
credit credits culture curriculum daily data day days decision design development digital
district districts do does driven during each early education educator educators efficacy
effective elementary engagement english enrollment equity every evidence exhibition
exhibitions expectations experience experiences explorer fair families family feedback
fellow fellows field final finally first five focus focused for forum foundation four
framework friday from future gains gallery geometry get gets goal goals google government
grade grades grading graduation group groups growth guide handbook have health help helps
her high his history home honor hour hours how however hub if improvement in inclusion
independence individual information initiative initially input inquiry institute
instead integration intervention interview interviews is it its journey keep kindergarten
know later latino lead leader leaders leadership leads learn learned learner learners
learning led less let letter level levels liaison library life listening literacy making
management map mastery matter matters math mathematics meanwhile meet meeting meetings
meets mentor mentoring mentors mentorship method middle mindset model modules monday
monitoring moves music must nation native network nevada new next night no north not
now of office often on once one ones only open organization orientation our outcome
outcomes outreach own owned ownership pace paced pacing panel panels parent parents
participation partner partners partnership partnerships passport path pathway pathways
peer peers people performance personal personalized phase physics pilot plan planning
plans portal portfolio portfolios portrait power practice presentation presentations
previously problem profile profiles program programs progress project projects
questions read readiness reading ready recently record records reflect reflection
reflections relationship relationships report reports representation representative
representatives resource resources response results review rights room rubric rubrics
run safety schedule school schools science sciences secondary self senate seminar
services session sessions set share shared she should showcase showcases showed since
site skill skills social some soon south spanish speak special staff standards start
starts state states still stories story strategies strategy student students studies
study success summit sunday support supported supports survey surveys system systems
take takes task teacher teachers teaching team teams tech technology tell ten term test
testing than that the their them then there these they this those three through
thursday time to today together tool toolkit track training transcript transition tuesday
tutoring two union unit university update use used uses using value very via vision
voice voices wants was we wednesday week weekly well were what when where which while who
why with within without work working works workshop workshops world writing year years
yearly yet you young your youth with disabilities
""")
#: Abbreviations of the field; other words in capitals may be initials.
ACRONYMS = _words("""
iep ieps ela el els ell ells ml mls mll mlls esl sel pbl cbe pcbl cbl cte mtss rti plc
plcs lms sis nwea map avid stem steam ap ib gpa sat act psat cast udl pd faq hs ms es
sped pe it tv ai usa us ok esser essa ferpa pta ptsa ptso ptl sea lea ccss ngss
rtii pbis tta ta k12 vr ar pdf url
""")
#: Words of site names that many names share.
SITE_WORDS = _words("""
unified school schools district districts public elementary middle high junior senior
county city union joint consolidated independent community charter academy isd usd sd
lea no number the of and inc regional area fictional invented
""")
