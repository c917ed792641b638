"""The door to a sentence model: from a folder, without a network, or a plain refusal."""

import socket
import sys

import numpy as np
import polars as pl
import pytest

from pcbl_pipeline.errors import SettingsInvalid
from pcbl_pipeline.operations.sentence_model import FILES, open_sentence_model
from pcbl_pipeline.summaries.meaning_match import LessonMeanings
from tests.support.sentence_models import write_sentence_model


@pytest.fixture
def folder(tmp_path):
    write_sentence_model(tmp_path)
    return tmp_path


@pytest.fixture
def offline(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a model must never be fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_without_a_folder_there_is_no_model():
    assert open_sentence_model(None) is None


@pytest.mark.usefixtures("offline")
def test_a_model_is_read_from_its_folder_and_gives_the_same_vectors_each_time(folder):
    first, second = open_sentence_model(folder), open_sentence_model(folder)

    vectors = first(["The bus ride", "a clerk typing"])

    assert vectors.shape == (2, 4)
    assert np.array_equal(vectors, second(["The bus ride", "a clerk typing"]))


@pytest.mark.usefixtures("offline")
def test_lessons_are_found_by_their_sense_though_no_word_is_shared(folder):
    lessons = pl.DataFrame(
        {
            "public_id": ["L3", "L1", "L2"],
            "title": ["The bus ride", "Clerk record", "Garden beds"],
            "situation": ["of transport", "a registrar", None],
        }
    )

    search = LessonMeanings(lessons, open_sentence_model(folder)).search

    assert [item.public_id for item in search("we typing")] == ["L1"]
    assert [item.public_id for item in search("coach")] == ["L3"]
    assert not list(search("words that it does not know"))


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize("missing", FILES)
def test_a_folder_that_is_no_model_is_refused_and_never_looked_for_elsewhere(
    folder, missing
):
    (folder / missing).unlink()

    with pytest.raises(SettingsInvalid, match=missing):
        open_sentence_model(folder)


@pytest.mark.usefixtures("offline")
def test_a_model_that_is_cut_off_is_refused(folder):
    model = folder / "model.safetensors"
    model.write_bytes(model.read_bytes()[:-8])

    with pytest.raises(SettingsInvalid, match="cannot be read"):
        open_sentence_model(folder)


def test_without_the_optional_library_it_is_said_what_to_install(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "model2vec", None)

    with pytest.raises(SettingsInvalid, match=r"pcbl-pipeline\[embedding\]"):
        open_sentence_model(folder)
