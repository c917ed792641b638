"""The page about checking at home can be followed to the letter."""

import re

from pcbl_pipeline.contracts.catalogue import load_catalogue
from tests.support.builders import csv_bytes
from tests.support.home import published_suite
from tests.support.pages import page

CATALOGUE = load_catalogue()
REQUEST = CATALOGUE.get("ta_request")


def test_what_the_page_says_runs_and_tells_what_is_wrong(tmp_path, monkeypatch, capsys):
    [program] = re.findall(
        r"^```python\n(.+?)^```", page("docs/check-at-home.md").text, re.M | re.S
    )
    rows = csv_bytes(REQUEST, {}, {"ta_request_id": "0499901-TA-2", "topic": "tables"})
    (tmp_path / "ta_request.csv").write_bytes(rows)
    (tmp_path / "ta_request-1.0.gx-suite.json").write_text(
        published_suite(REQUEST, CATALOGUE), "utf-8"
    )
    monkeypatch.chdir(tmp_path)

    exec(program, {})  # noqa: S102 - our own page

    [told] = capsys.readouterr().out.splitlines()
    assert re.match(r"R307 topic One of: .+ \['tables'\]$", told)
