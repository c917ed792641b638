"""Spanish: small counts, descriptions of one person, birth dates, and plain words.

Sites write to families in Spanish, and some of it stands in narratives. The dictionary
has no Spanish, so unknown words of it hold a text; here is what must hold it whatever
the dictionary says, and the short list of words that are no names.
"""

import re
from collections.abc import Iterator, Sequence

from pcbl_pipeline.disclosure.scan.name_words import listed
from pcbl_pipeline.disclosure.scan.spans import Span
from pcbl_pipeline.disclosure.scan.tokens import Word
from pcbl_pipeline.model.narrative import HitKind

_ENOUGH, _SHARE = 3, 0.3
#: Of these, some are in lists of names ("una", "dulce", "la"), and none is meant as one.
PLAIN_SPANISH = listed("""
al algunas algunos ano anos antes aprender aprendizaje aunque ayuda cada casa clase
clases como con cuando cuatro de del desde despues dia dias donde dos durante el ellas
ellos en entre era eran es escuela escuelas ese eso espanol esta estan estas este esto
estos estudiante estudiantes familia familias fue fueron grado guia ha han hasta hay
hermana hermanas hermano hermanos hijo hija la las le les lo los maestra maestras maestro
maestros mas me mejor mi mis mucho muchos muy necesita necesitan necesitamos ni nina ninas
nino ninos no nos nosotros nuestra nuestras nuestro nuestros o otra otras otro otros padres
para pero pidieron plan poco poder por porque primera primero puede pueden que queremos
quien reunion reuniones se semana semanas ser si sin sobre solo son su sus tambien tan
tarea tareas tenemos tener tiempo tiene tienen todas todo todos tres trabajo tu un una unas
unos usar y ya
""")
_NUMBER = r"(?:[1-9]|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|un par de|una pareja de|ningun[ao]?|sol[oa] un[ao]?|unic[ao]s?)"
_LEARNERS = (
    r"(?:estudiantes?|alumn[oa]s?|nin[oa]s?|chic[oa]s?|muchach[oa]s?|jovenes|joven|menor(?:es)?"
    r"|herman[oa]s?|gemel[oa]s|hij[oa]s?|aprendices)"
)
_KIN = r"(?:hij[oa]|niet[oa]|sobrin[oa]|herman[oa]|espos[oa]|mama|papa|madre|padre|abuel[oa]|ti[oa]|prim[oa])"
_MARCH = "(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"

_PATTERNS: tuple[tuple[HitKind, str], ...] = (
    (
        HitKind.SMALL_COUNT,
        rf"\b{_NUMBER} (?:de (?:los|las|nuestr[oa]s) )?(?:\w+ )?{_LEARNERS}\b",
    ),
    (HitKind.INDIRECT, r"\b(?:el|la|los|las|nuestr[oa]) unic[oa]s? \w+"),
    (HitKind.INDIRECT, rf"\b(?:el|la|un|una) {_KIN} (?:de|del) \w+"),
    (
        HitKind.INDIRECT,
        (
            rf"\b(?:el|la|un|una|nuestr[oa]) (?:\w+ )?{_LEARNERS} (?:\w+ )?(?:que|en silla|con|sord[oa]|cieg[oa]|autista|embarazada"
            r"|adoptad[oa]|indocumentad[oa]|de (?:honduras|guatemala|mexico|cuba|haiti|venezuela|colombia|el salvador))\b"
        ),
    ),
    (
        HitKind.INDIRECT,
        rf"\b(?:su|mi) (?:{_KIN}) (?:murio|esta|fue|trabaja|vive|perdio|se)\b",
    ),
    (HitKind.INDIRECT, r"\b(?:los|las|unos|unas) (?:gemel|trilliz|melliz)[oa]s\b"),
    (HitKind.BIRTH_DATE, r"\b(?:nacio|nacid[oa]|cumpleanos|fecha de nacimiento)\b"),
    (HitKind.BIRTH_DATE, rf"\b\d{{1,2}} de {_MARCH}(?: del? \d{{2,4}})\b"),
    (
        HitKind.PERSON_NAME,
        r"\b(?:senor|senora|senorita|sra?|srta|don|dona|profe|maestr[oa]|director[a]?) (?-i:[A-Z])\w+",
    ),
    (HitKind.ADDRESS, r"\b(?:calle|avenida|vive en la|vive en el) (?-i:[A-Z\d])\w*"),
)
_COMPILED = tuple((kind, re.compile(text, re.IGNORECASE)) for kind, text in _PATTERNS)
#: Words that only Spanish has and nearly every sentence of it.
_SIGNS = re.compile(
    r"\b(?:el|la|los|las|de|del|un|una|su|sus|nuestr[oa]s?|nacio|que|mi|en|estudiantes?|alumn[oa]s?"
    r"|maestr[oa]|profe|senora?|hermanas?|hermanos?|calle|don|dona)\b",
    re.IGNORECASE,
)


def plain_spanish(words: Sequence[Word]) -> frozenset[str]:
    """Return the Spanish words that are no names, if a text is written in Spanish."""
    known = sum(word.plain in PLAIN_SPANISH for word in words)
    is_spanish = known >= _ENOUGH and known >= _SHARE * len(words)
    return PLAIN_SPANISH if is_spanish else frozenset()


def find_in_spanish(text: str) -> Iterator[Span]:
    """Yield small counts, descriptions and birth dates of a folded Spanish text."""
    if not _SIGNS.search(text):
        return
    for kind, pattern in _COMPILED:
        for match in pattern.finditer(text):
            yield Span(kind, *match.span())
