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
def written(tmp_path_factory, catalogue) -> tuple[Path, AnswerKey]:
    folder = tmp_path_factory.mktemp("demo")
    return folder, write_demo_files(folder, catalogue=catalogue)


@pytest.fixture(scope="session")
def demo_folder(written) -> Path:
    """The folder with its files in it, whichever test asks first."""
    return written[0]


@pytest.fixture(scope="session")
def key(written) -> AnswerKey:
    return written[1]
