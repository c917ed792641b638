"""The demo's files, written once for all tests of this folder."""

from pathlib import Path

import pytest

from pcbl_pipeline.contracts.catalogue import Catalogue, load_catalogue
from pcbl_pipeline.demo.answer_key import AnswerKey
from pcbl_pipeline.demo.corpus import Corpus, load_corpus
from pcbl_pipeline.demo.files import write_demo_files


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return load_corpus()


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def key(demo_folder, catalogue) -> AnswerKey:
    return write_demo_files(demo_folder, catalogue=catalogue)
