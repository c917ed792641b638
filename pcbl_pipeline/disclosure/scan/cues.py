"""Cues: patterns that are tried only on texts with a word that they cannot do without.

Most sentences speak of no single person, and then most patterns for descriptions of one
need not be tried at all. What does not belong here: the patterns themselves.
"""

import re
from collections.abc import Iterable, Iterator

from pcbl_pipeline.disclosure.scan.name_words import listed
from pcbl_pipeline.disclosure.scan.spans import Span
from pcbl_pipeline.model.narrative import HitKind

_WORD = re.compile(r"[^\W_]+")
#: Words for one person, or for a set of siblings; the patterns look for them.
PERSON = listed("""
student learner pupil child kid kiddo boy girl teen teenager youth youngster scholar grader
freshman sophomore junior senior kindergartner kindergartener preschooler toddler graduate
dropout newcomer refugee immigrant sibling siblings brother brothers sister sisters twin twins
triplet triplets cousin cousins son daughter stepson stepdaughter valedictorian athlete parent
mother father mom dad guardian grandmother grandfather grandparent grandparents grandma grandpa
granddad grandad aunt uncle family household couple teacher principal counselor counsellor coach
aide paraprofessional para nurse librarian custodian secretary registrar superintendent
psychologist therapist specialist interventionist driver interpreter translator cook sub
substitute director coordinator member wrestler swimmer runner player quarterback goalkeeper
pitcher violinist pianist cellist drummer singer dancer gymnast skater cheerleader debater
welder rancher survivor orphan man woman person individual intern apprentice mentor tutor
niece nephew grandson granddaughter grandchild grandkid kids children wife husband grandkids
""")
#: Whoever is called so is one person, spoken of before.
PRONOUN = frozenset(["he", "she", "his", "her", "hers", "him", "himself", "herself"])


class CuedPatterns:
    """Patterns in lower case, each with the words of which a text must have one."""

    def __init__(
        self, patterns: Iterable[tuple[frozenset[str] | None, str]], kind: HitKind
    ) -> None:
        self._patterns = tuple((cues, re.compile(text)) for cues, text in patterns)
        self._kind = kind

    def find(self, text: str) -> Iterator[Span]:
        """Yield every match in a folded text, whatever its case."""
        lowered = "".join(map(_lower, text)) if not text.isascii() else text.lower()
        words = frozenset(_WORD.findall(lowered))
        for cues, pattern in self._patterns:
            if cues is None or not cues.isdisjoint(words):
                for match in pattern.finditer(lowered):
                    yield Span(self._kind, *match.span())


def _lower(char: str) -> str:
    # A few letters have two in lower case; places must stay.
    lowered = char.lower()
    return lowered if len(lowered) == 1 else char
