"""Word lists of the default-deny detectors. A table of declarations, lower case.

What belongs here: words that explain why a capitalised word stands where it stands, and
words that make a name of the word beside them. The long lists of words and names are in
`disclosure.lists`.
"""

from pcbl_pipeline.disclosure.scan.words import ORDINARY


def listed(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.strip().splitlines())


#: Words that stand in a list of names, and are so plain that they are none.
COMMON = listed("""
add ado age ah aide aides all ally alpha among an anon ant ante ants arch archer art arts
as ash at astride author baby band banks bat be beat bell bent best beta bias big bird
bishop bitten bless board boat boss box brain branch brown buck buddy burns bus bush
business but by cage call cam came camp can canal candy cannon captain card care carry
case cash casting cause center chair champ chance change char charm chat check chick
child china chip choice church city class clay clean clear close cloth coach coat coin
cold come comfort comma common con conception constant cook copy cord core corn corny
cost council count country course court cover craft crate creed cross crowd crown cup
danish dark day days deacon deal dean deep desire dicey dimple do dock doctor doll don
dong dot dove dream dries drive drum dry duff dung duty dutch each early earnest easy
ebb echo edit eider elder electric ell else em emit empty end english era essence eve
even ever experience face fact fair fairy fall falls fancy far fares farm fast fate favor
fear fed fee feed feel fern few field fielding final find fine fire firm first fish five
flat fleet flick flint float floor flour flow fly focus follow food fool foot for force
forest form forum forward foster found foundation fount four frame free french fresh
friend from front fuel full fuller fun fund funk gain gala game gap garden garner gate
gauge gear gee general genesis get gift give glad glass go goal gold golden good gorge
gory governor grand graves gray great green greet grey grit gross ground group grove grow
grown guard guess guest guide gully gum gun gunner gust gut habit had half hall ham
hand handy hang happy hard harden hardy harm harsh have he head heal hear heart heat
heath heaven heavy help hence her here hero high hill hills him hind hint his hit hold
hole home hop horn horse hot hour house how hub hue huge human hundred hung hungry hunt
hurry hurt i ice icy idea if in index infant innocent ion iron is island it its jail
job joke journey judge jump junior just keen keep key kick kid kill kind king kit knot
know lab lack lady lake land lander lane language large last late laugh law lawn lawyer
lay lead leader leaf leafy lean leaner learn least leave left less let letter level levy
lib library lie lies life lift light like lime limit line link lion list little live load
loan local lock lone long look loot lord lore lose loss lost lot loud love low loyal luck
lucky lunch luster lute lyric machine mad made magic main major make male man manly manual
many map march margin marine mark market marking mars marsh martial mass master mat match
math mats matter maxim maximum may meal mean means meat media medium meet melt memory men
mentor merchant mere merry mess metal meter method metro middle midge might mile miles
mill mind mine mineral minor mint minute mirror miss mist mix mock model moment money month
moody moon mood more most mother motion mount move much music must my nail name narrow
nature near neat neck need nerve net never new news next nice night nil nine no noble
noise none noon nor north nose not note noon notice now number numbers nurse oak obedience
object ocean odd of off offer office oil old on once one only open oral orange order other
our out outer over owe own owner pace pack page pain paint pair pal pan panel paper par
parent park part party pass past paste path patience pattern pay peace peak peer pen people
pepper per perfect period person pick picture piece pier pig pilot pin pink pipe pipes pitch
place plain plan plane plant plate play plea pleas pleasant please plenty plow plus pocket
poem point poker pole police policy poll pond pool poor pop pope port post pot pound power
practice precious present press pretty price pride prime print prior prize profit project
promise proof proper prudence public pull pulse pump punch pupil pure purse push quality
quarter question quick quiet quit race rain raise ran range rank ransom rare rares rate raw
ray raze reach read ready real reason record red redden reed reform rein relief rent report
rest result return rice rich rid ride ridge right rim ring rise risk river rivers road roar
rob rock role roll roof room root rope rough round route row rule run rune rush rust rusty
rut sad safari safe sage said saint salad sale salt same sample sand sang save saw say
scale scarlet school score scout sea seal search season seat second see seed seek self sell
send senior sense sent server set seven sever several shade shadow shake shall shame shape
share sharp she shed sheep sheet shelf shell shepherd shift ship shirt shoe shop short shot
should show shut side sign silence silk silly silver simple since sincere sing single sink
sister sit site six size skill skin skip slate sleep slow sly small smart smile smoke smooth
snap snow so soft soil sole some son song soon sort soul sound soup south space spare speak
speed spell spend spirit split spoon sport spot spread spring square squat staff stage stand
staple star start state station stay steam steel step steward stick still stock stone stop
store storm story straight strange stream street strong study stuff style sudden sugar suit
sun sung sunny supply sure surface swim swing tab table tail take tale talk tall tan tap
target task tax tea teach team tear tell temple ten tend term test than that the theme then
there theta thick thin thing think third this those thread three throw ties tight till tilt
timber time tin tiny tire title to toast today toe tome tone tool tooth top tore total touch
tough tour toward town toy trace track trade trail train trap travel treasure tree trend
trial trick trip trouble true trunk trust truth try turn turner twin two type under uni
unique unit unknown unnamed until up upon urban urge us use usual valid valley value valves
van vast version very vest vet victory view village visa visible vision visit voice vote wade
wage waist wait walk walker wall wan want war ward warm warn wash waste watch water wave way
we weak wear weather weaver web week weight well wells went west wet what wheel when where
which while whisper whistle white who whole why wide wife wild will win wind windy wine wing
winner winter wire wise wish with without wolf wonder wood woods word work worker world worry
worth would wound wren wright write wrong yard year yellow yen yes yet you young your youth
zero zone reading riding
""")
#: Words that children are called nowadays, whatever the older lists of names say.
BORNE = listed("""
ace angel archer aria ash aspen axle baker bear beau bishop blaze blessing bliss blue
buck bud buddy bunny cadence captain carter cash cedar champ chance charity chief clarity clay
clover comet cooper coral cricket crimson dash deacon dean diamond dove duke eagle earl eden
ember emerald essence eternity exodus falcon fern fisher forest fortune fox freedom frost gem
genesis glory gunner happy harmony haven hawk heart heaven hero hill honesty honey honor hunter
ivory jade jet jewel journey joy judge jubilee juniper justice karma king knight lake lark
legend liberty lion love loyal loyalty lucky lyric magic majesty maple mason
maverick melody mercy messiah miracle misty modesty moon mystic nation noble nova oak
ocean orchid paradise patience peace pearl pepper phoenix poet poppy praise precious
prince princess promise prosper purity queen quest rain ranger raven ray rebel reed reign rich
river robin rocket rocky rogue royal royalty ruby sage sailor saint scout sea serenity shadow
shepherd silver sincere sky snow sonny star starling stone storm stormy story sunny
sunshine symphony tiger timber tiny topaz treasure trinity true truth unique
unity victory west whisper willow winner winter wisdom wise wolf wonder wren
young zen zion
""")

#: Words of these two kinds may be names ("Mark asked"), and often are not.
MONTHS = listed("""
january february march april may june july august september october november december
""")
_DAYS = listed("""
monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays
thursdays fridays saturdays sundays
""")
_SUBJECTS_AND_HOLIDAYS = listed("""
english spanish french german latin mandarin chinese japanese arabic korean russian
portuguese italian algebra geometry calculus biology chemistry physics statistics
economics civics humanities literacy numeracy math maths science sciences social studies
thanksgiving christmas easter halloween ramadan hanukkah juneteenth memorial labor
fall spring superintendent superintendents commissioner governor legislature practices
american english-speaking spanish-speaking internet web wifi federal congress covid
""")
_STATES = listed("""
alabama alaska arizona arkansas california colorado connecticut delaware florida hawaii
idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts
michigan minnesota mississippi missouri nebraska nevada ohio oklahoma oregon
pennsylvania tennessee texas utah vermont washington wisconsin wyoming
""")
#: States whose names people bear too; they pass behind these words only.
NAMED_STATES = listed("virginia georgia carolina dakota montana")
BEFORE_A_STATE = listed(
    "in across of from throughout outside inside within north south west"
)
#: Their first word is a name too, and in these it is none.
PLAIN_PHRASES = _phrases("""
part a
part b
part c
genius hour
gold standard
the house
the senate
senate bill
house bill
assembly bill
senate bills
house bills
school choice
board policy
board of trustees
summer school
summer schools
summer training
summer learning
summer institute
summer institutes
summer work
summer bridge
summer break
summer program
summer programs
summer sessions
summer workshops
grace period
grace periods
grant funds
grant funding
grant money
grant writing
angel funding
angel investors
art class
art classes
art shows
art room
art rooms
honor roll
honor rolls
honor code
honor society
task force
visible learning
united way
memorial day
labor day
art and music
faith in the
faith leaders
joy in learning
black and white
black and latino
black and hispanic
black and brown
black students
black learners
black families
white students
will there
will it
will they
great plains
great lakes
pacific islander
pacific islanders
alaska native
american indian
american indians
african american
african americans
latin american
middle eastern
head start
boys and girls club
boys and girls clubs
upward bound
gear up
big picture
project lead the way
junior achievement
habits of mind
habits of work
choice ready
deeper learning
innovation zone
innovation zones
carnegie unit
carnegie units
mckinney vento
mckinney-vento
perkins v
child find
washington state
new england
puerto ricans
""")
STATE_PHRASES = _phrases("""
north dakota
south dakota
north carolina
south carolina
west virginia
new hampshire
new jersey
new mexico
new york
rhode island
district of columbia
puerto rico
united states
native american
high school
middle school
""")
#: Peoples and languages; who is one of few is found by the words around it (`indirect`).
_PEOPLES = listed("""
african africans asian asians hispanic hispanics latino latinos latina latinas latinx latine
indian indians native natives hmong somali karenni lakota nakota ojibwe anishinaabe
chippewa navajo cherokee hopi apache choctaw yup'ik inupiaq hawaiian tongan samoan marshallese
chuukese tagalog vietnamese cambodian khmer lao laotian burmese nepali haitian creole ukrainian
swahili kinyarwanda pashto dari farsi urdu hindi punjabi cantonese european caucasian muslim
jewish catholic lutheran amish indigenous alaskan caribbean islander islanders
mexican guatemalan honduran afghan syrian iraqi congolese eritrean ethiopian
""")
#: The short generic list: these pass wherever they stand.
GENERIC = _DAYS | MONTHS | _SUBJECTS_AND_HOLIDAYS | _STATES | _PEOPLES
#: Abbreviations beyond those in `words`.
MORE_ACRONYMS = listed("""
cc by sa nc nd sy id ids url html csv xlsx ged esea ccr sel plp plps ilp ilps pd hr qa kg
pk prek stem cbl mbl sbg pbl dl scl obe kpi nces caep nirn ceds clr edi dei pl tosa tosas
bie isd usd ela-1 ngo un eu uk nasa epa ada ocr osep sro ok cd dvd gps gpa tv ui ux
ncaa fafsa sb hb sc az nv sbac easi wida nsse nais cogat dibels elpa elpa21 naep pisa timss iada essa perkins jrotc rotc
ffa fccla deca fbla hosa skillsusa nhs asvab ged hiset cpalms nces edfacts arpa geer esser esea
rtt lcap lcff psc hb  sjr hjr hcr aac cfr usc arc ars nrs ndcc orc rsa oar wac rcw ilcs mcl fy
sy oer mooc ell dlm pdsa pdca smart swot okr okrs kpi kpis rfp rfps rfi mou mous nda dpa loi nofo
sow roi qr vpn sso saml api apis etl sql gis gpu cpu usb hdmi ipad ppt docx  reas esc escs
boces esu esus cesa asb  aft nasbe ccsso nga ecs cgcs nctm ncte iste ascd nwea ets casel naeyc
nbct lcd led ada eeo hipaa coppa cipa ppra covid pe ot pt slp slps bcba nsf nih usda dol dpi dese
 osse tea mde cde   isbe fldoe njdoe nysed gadoe scde sbe sboe cbo cbos ngo ymca ywca
asap tbd tba eta fyi diy bipoc lgbtq lgbtq+ swd swds sld ebd ld iss oss isp sst pst ssp bip fba
lre esy iwd cfa cfas gvc pbgr cbeds mtc cbetm cbac clec cbn it ist gmt cst mst est eod
cbe1 k-12 k-8 q1 q2 q3 q4 s1 s2 t1 t2 am pm ad bc ii iii iv vi vii viii ix xi xii
""")
#: They begin a sentence and are no name there, whatever a list of names says.
FUNCTION = listed("""
a about above across after afterwards again against all almost along already also although
always am among an and another any anybody anyone anything are around as at away back be
because been before behind being below beside besides between beyond both but by can cannot
could did do does doing done down during each either else enough even ever every everybody
everyone everything except few fewer first for from further had has have having he hence her
here hers herself him himself his how however i if in indeed inside instead into is it its
itself just last later least less like likewise many maybe me meanwhile mine more moreover
most mostly much must my myself near nearly neither never nevertheless next no nobody none nor
not nothing now of off often on once one ones only onto or other others otherwise our ours
ourselves out outside over own per perhaps quite rather same second several shall she should
since so some somebody someone something sometimes soon still such than that the their theirs
them themselves then there therefore these they third this those though three through
throughout thus to today together tomorrow too toward towards two under unless unlike until up
upon us usually very was we well were what whatever when whenever where whereas wherever
whether which whichever while who whoever whole whom whose why with within without would
yes yesterday yet you your yours yourself yourselves four five six seven eight nine ten
""")
#: Behind a word at the start of a sentence they make an imperative or a plain noun of it.
AFTER_AN_IMPERATIVE = listed("""
the a an your our their its each every all any one two three it them this that those these
what how down up out off both only more time
""")
#: A person does them, in the past or the third person.
STRONG_VERBS = listed("""
asked said told wrote led gave showed finished wanted joined helped chose thinks says wants
knows likes loves hates spoke explained presented earned laughed cried smiled answered
replied agreed refused decided learned learnt taught drew built struggled passed failed
graduated transferred enrolled moved arrived attended missed volunteered interned dropped
thought felt knew met heard read tried turned sat stood stayed left came went got took made
brought bought kept lost won ran walked called texted emailed planned practiced practised
worked lived noticed suggested proposed shared created designed started began returned
repeated translated complained admitted remembered forgot needs asks tells writes leads gives
shows helps chooses speaks explains presents earns struggles works lives comes goes sits
plays played sang danced drove rode swam loved liked hated used skipped scored improved
""")
#: Only a person does them; of a month or a thing they are not said.
SPEAKING_VERBS = listed("""
asked said told wrote wants wanted thinks says knows loves explained presented laughed cried
answered replied finished joined chose spoke helped graduated enrolled
""")
#: "Year's end" is nobody's end.
TIMES = listed(
    "today day week month year season spring summer fall winter one other world day"
)
#: In a dictionary, and hardly ever written in lower case as anything but a name.
NAMES_IN_ANY_CASE = listed("""
john jack harry jenny molly tom bob ted teddy tommy jimmy johnny billy bobby charlie charley
peter josh maria martin mike mick matt angelica sally sheila veronica timothy wally willy
holly heather hazel ruby jasmine lily daisy sandy randy jerry terry barney oscar felix hector
victor xavier dolly polly dick nick nancy carol gene ken kit rob robin roger fritz hal
""")
#: Nobody says them of a month.
MONTHS_DO_NOT = listed("""
never needs refused struggled learned missed failed earned quit cried logged
scored transferred enrolled repeated keeps gets hates likes loves
isn't didn't doesn't wasn't hasn't can't couldn't won't volunteered interned practiced
""")
#: What is said of a person and not of hope or faith.
OF_A_PERSON = listed("""
absent ready unready sick ill late tired behind ahead here gone sad shy proud excited nervous
confused stuck lost allowed placed moved promoted suspended expelled hospitalized hospitalised
pregnant homeless deaf blind autistic upset angry bored smart bright quiet alone afraid scared
able unable eager homesick born retained referred tested identified evaluated paired asked told
picked chosen nominated elected arrested crying struggling failing passing working reading
learning writing talking sitting asleep barely rather supposed willing hungry stubborn
""")
WEAK_VERBS = listed(
    "is was has had does did will would can could may might should wasn't isn't"
)
#: Between a word of the list of names and a person's deed ("and grace asked").
BEFORE_A_DEED = listed("""
when if because and but that while after before as so then where since until once or though
although today yesterday later
""")
#: Behind them stands a person, if what follows is no plain word.
BEFORE_A_PERSON = listed("""
with for to by from asked told helped gave met thanked thank let like named called ask tell
help meet see saw saw watched watch heard mr mrs ms miss coach and dear hi hello about of
showed taught trained hired interviewed congratulated
""")
#: Dictionary words that stand capitalised in names of things of the school.
SCHOOL_WORDS = ORDINARY - listed("young field camp art will")
#: Words of schools and their tools that the dictionary lacks.
TRADE = listed("""
edtech microcredential microcredentials credentialing walkthrough walkthroughs standup
standups rollout rollouts onboarding dropdown dropdowns chromebook chromebooks lms wifi
online offline website websites email emails app apps webinar webinars podcast podcasts
blog blogs dashboard dashboards makerspace makerspaces upskill upskilling rubricked
multilingual subskill subskills rescored rescore rescoring reteach reteaching retake
retakes reassess reassessed reassessment preassessment roadmap roadmaps codesign
codesigned interrater homeroom homerooms learnings metacognition metacognitive
sensemaking scaffolded scaffolding competencies paraeducator paraeducators cocurricular
prekindergarten kindergartner kindergartners multitiered sophomores coteach coteaching
cotaught crosswalked upperclassmen underclassmen hallway hallways whiteboard whiteboards
homebound rostering wayfinding standalone healthcare workflow workflows toolkit toolkits livestream livestreamed timeline
timelines lookup checkbox checkboxes google zoom canvas excel schoolwide districtwide
statewide classwide nonverbal nonacademic noncredit multiyear midyear midterm preservice
inservice blogpost smartphone smartphones screenshot screenshots artefact artefacts signup
signups buyin personalization personalizing personalize personalized faq faqs flowchart flowcharts
""")
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
BEFORE_A_DEAR_ONE = _phrases("""
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
