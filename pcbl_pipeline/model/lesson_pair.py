"""Two lessons that share many words: what they may turn out to be."""

from enum import StrEnum


class PairChoice(StrEnum):
    """What two lessons that share many words turned out to be."""

    #: One could stand for both; their sites are told so. Nothing is merged.
    SAME = "same"
    #: They say different things; the pair is not proposed any more.
    DIFFERENT = "different"
