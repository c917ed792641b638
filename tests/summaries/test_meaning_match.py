"""Search by sense: nearest first, ties by id, and nothing where nothing is near."""

import numpy as np
import polars as pl

from pcbl_pipeline.summaries.meaning_match import LessonMeanings

#: Text → its vector. All share a first part, as texts about schools do.
VECTORS = {
    "bus": (5.0, 1.0, 0.0),
    "bus too": (5.0, 1.0, 0.0),
    "clerk": (5.0, -1.0, 0.0),
    "garden": (5.0, 0.0, 1.0),
    "kiln": (5.0, 0.0, -1.0),
    "ride": (5.0, 2.0, 0.5),
    "usual": (5.0, 0.0, 0.0),
    "nothing": (0.0, 0.0, 0.0),
}


def encode(texts):
    return np.array([VECTORS[text] for text in texts], dtype=np.float32)


def search(lessons, need):
    rows = [
        {"public_id": public_id, "title": text, "situation": None}
        for public_id, text in lessons.items()
    ]
    schema = dict.fromkeys(("public_id", "title", "situation"), pl.String())
    found = LessonMeanings(pl.DataFrame(rows, schema=schema), encode).search(need)
    return [(item.public_id, item.words) for item in found]


def test_the_nearest_stand_first_and_equals_by_id():
    lessons = {
        "L3": "bus",
        "L1": "bus too",
        "L2": "clerk",
        "L4": "garden",
        "L5": "kiln",
    }

    assert search(lessons, "ride") == [("L1", ()), ("L3", ())]


def test_what_all_lessons_share_is_no_likeness():
    lessons = {"L1": "bus", "L2": "clerk", "L3": "garden", "L4": "kiln"}

    assert search(lessons, "usual") == []
    assert search({"L1": "bus", "L2": "clerk"}, "nothing") == []


def test_an_empty_library_and_one_lesson_alone_find_nothing():
    assert search({}, "bus") == []
    assert search({"L1": "bus"}, "bus") == []
