"""A tiny model of sentences, made in a moment: a few words, each with a vector."""

from pathlib import Path

import numpy as np
from model2vec import StaticModel
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace

#: Words of one line are near to each other, and far from those of the others.
SENSES = (
    ("bus", "coach", "ride", "transport"),
    ("registrar", "clerk", "typing", "record"),
    ("greenhouse", "garden", "beds", "plants"),
    ("the", "a", "we", "of"),
)
_APART = 0.1


def write_sentence_model(folder: Path) -> None:
    """Write a static model as an agency would put it into a folder."""
    words = ["[UNK]", *(word for line in SENSES for word in line)]
    vectors = np.zeros((len(words), len(SENSES)), dtype=np.float32)
    for sense, line in enumerate(SENSES):
        for place, word in enumerate(line):
            vectors[words.index(word), sense] = 1
            vectors[words.index(word), (sense + 1) % len(SENSES)] = _APART * place
    tokenizer = Tokenizer(
        WordLevel({word: place for place, word in enumerate(words)}, "[UNK]")
    )
    tokenizer.normalizer, tokenizer.pre_tokenizer = Lowercase(), Whitespace()
    StaticModel(vectors, tokenizer).save_pretrained(folder)
