"""The reading grade of a text: Flesch-Kincaid, with syllables counted by rule of thumb.

Source: Kincaid et al., Derivation of New Readability Formulas (1975).
"""

import re


def reading_grade(text: str) -> float:
    """Return the U.S. school grade that can read a text.

    Names in backticks and placeholders count as one plain word.
    """
    text = re.sub(r"`[^`]*`|\{[a-z_]+\}", "name", text)
    words = re.findall(r"[A-Za-z]+(?:'[a-z]+)?", text)
    sentences = [
        part
        for part in re.split(r"(?<=[.:!?])\s+", text)
        if re.search("[A-Za-z]", part)
    ]
    if not words:
        return 0.0
    syllables = sum(syllable_count(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def syllable_count(word: str) -> int:
    """Count groups of vowels, without the endings that are not spoken."""
    word = word.lower()
    count = len(re.findall(r"[aeiouy]+", word))
    silent = re.search(r"([^aeiouyl]e|[^td]ed|[^aeiouyscxzg]es)$", word)
    if silent and not word.endswith(("ches", "shes")):
        count -= 1
    return max(1, count)
