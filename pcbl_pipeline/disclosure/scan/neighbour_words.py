"""Words beside a word that tell whether it is a name. Declarations only, lower case.

What belongs here: what stands before or behind a person, and what never does; and what
the names of laws and bodies are made of. Words that explain a capital letter by
themselves are in `name_words`.
"""

from pcbl_pipeline.disclosure.scan.name_words import listed, phrases

#: Names that are things which are counted: a bare one ("for chance in spring") is a name.
COUNTED = listed("""
angel archer baker bishop buddy chance cooper carter falcon fisher fox gunner hazel hero hill
hunter iris ivy jewel judge justice king knight lake lark legend lily lyric mason maverick messiah
miller parker pearl phoenix prince princess raven robin ruby sailor sawyer scout shepherd
star tanner tucker violet willow wolf wren chase miles wade dale glen heath brook brooks rivers
paris dallas london india china
""")
#: Behind these a bare one is an idiom ("by chance", "in rose").
NO_PERSON_BEFORE = listed(
    "by in on of no any every each more per fair second last next new good some at"
)
#: They begin the name of a person whatever follows, also in lower case.
SMALL_TITLES = listed("""
mr mrs ms mx miss mister dr prof profe sr sra srta senor senora senorita tia tio auntie
aunty aunt uncle grandma grandpa nana coach nurse officer pastor principal sgt
""")
#: Right behind a name they say what a person does or is; of hope and joy nobody says it.
ONLY_PEOPLE = listed("""
doesn't didn't gets has needs wants keeps never still finally hates likes loves can't won't
rather again always usually already isn't wasn't hasn't
""")
#: Two words behind which a person stands.
BEFORE_A_DEAR_ONE = phrases("""
proud of
thanks to
thank you
shout to
kudos to
props to
credit to
cheered for
clapped for
prayed for
vouched for
worry about
worried about
concerned about
happy for
sad for
mom of
mother of
dad of
father of
case of
plan for
meeting about
ask for
out to
""")
#: Whoever is put so is a person ("paired sage with river").
PUT = listed(
    "paired partnered matched seated grouped reseated teamed pairing pair match"
)
#: What belongs to a state, not to a pupil of its name ("Georgia's waiver").
OF_A_STATE = listed("""
waiver waivers law laws rule rules statute statutes code department board legislature state
education system budget policy schools districts students teachers plan department's standards
""")
#: Things that a name of plain words may end in or begin with ("Education Finance Act").
INSTITUTIONS = listed("""
act law code rule policy program programs initiative department office board council committee
commission association foundation institute center centre college university school schools
district districts academy network partnership collaborative consortium cooperative framework
standards project fund summit conference force agency bureau division service
services society alliance coalition corps compact reserve system systems model assessment
research learning education diploma certificate seal badge award pathway pathways portal
""")
#: They go with several things, so the word before is no deed ("Honor rolls were").
OF_SEVERAL = listed(
    "are were have need do cost count can will should must come take work help"
)
