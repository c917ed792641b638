"""The catalogue as it stands in `expectations/`."""

import pytest

from pcbl_pipeline.contracts.catalogue import load_catalogue


@pytest.fixture(scope="session")
def catalogue():
    return load_catalogue()
