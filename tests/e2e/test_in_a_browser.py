"""Receipts and pages open from a folder, offline, in a real browser."""

from pathlib import Path

import openpyxl
import pytest

from pcbl_pipeline.demo.network import demo_network
from pcbl_pipeline.lake import layout
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.publish import publish
from pcbl_pipeline.settings import Settings
from pcbl_pipeline.workspace import Workspace, create_workspace
from tests.support.browser import page_in_browser
from tests.support.builders import NETWORK_YAML, csv_bytes
from tests.support.html import read_html

SITE, YEAR = "0499901", "2025-2026"
TITLE = "Weekly goal checks & <b>calm</b> Mondays"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def workspace(store: Path) -> Workspace:
    network = f"{NETWORK_YAML}\npublications_url: {demo_network().publications_url}\n"
    return create_workspace(Settings(store_url=f"file:{store}"), network)


def send(workspace: Workspace, dataset: str, *changes: dict[str, str | None]) -> str:
    own = {"site_id": SITE, "school_year": YEAR}
    rows = [{**own, **change} for change in changes]
    key = f"{layout.inbox(SITE)}{dataset}.csv"
    workspace.store.put(key, csv_bytes(workspace.catalogue.get(dataset), *rows))
    return ingest_arrival(workspace, key).submission_id


def test_the_door_leads_to_the_release(
    store: Path, workspace: Workspace, tmp_path: Path
) -> None:
    send(workspace, "site_profile", {"leaid": SITE, "ncessch": None})
    send(workspace, "lesson_learned", {"lesson_id": f"{SITE}-2026-001", "title": TITLE})
    release = publish(workspace).release
    assert release is not None

    door = store / "publications" / "public" / "index.html"
    shown = page_in_browser(door, tmp_path / "profile")

    assert f"Release {release.release_id}" in shown
    assert "Weekly goal checks &amp; &lt;b&gt;calm&lt;/b&gt; Mondays" in shown
    assert "This network is invented" in shown


def test_the_rules_of_a_receipt_lead_to_their_pages_in_the_same_folder(
    store: Path, workspace: Workspace, tmp_path: Path
) -> None:
    lesson = {"lesson_id": f"{SITE}-2026-001", "lesson_type": "soon"}
    submission = send(workspace, "lesson_learned", lesson)
    publish(workspace)
    answer = store / layout.answer(SITE, submission, "receipt.html")

    links = [
        link.get("href")
        for link in read_html(answer.read_bytes()).all("a")
        if link.get("rel") == "noreferrer"
    ]
    book = openpyxl.load_workbook(answer.with_name("marked.xlsx"))
    codes = {cell.value: cell.hyperlink for cell in book.worksheets[0]["B"]}

    assert "R307.html" in {Path(link).name for link in links}
    assert all((answer.parent / link).is_file() for link in links)
    assert codes["R307"].target in links
    shown = page_in_browser(answer.parent / codes["R307"].target, tmp_path / "profile")
    assert workspace.catalogue.rules["R307"].summary in shown


def test_a_receipt_opens_by_a_double_click(
    store: Path, workspace: Workspace, tmp_path: Path
) -> None:
    lesson = {
        "lesson_id": f"{SITE}-2026-001",
        "lesson_type": "<script>alert(1)</script>",
    }
    submission = send(workspace, "lesson_learned", lesson)

    page = store / layout.answer(SITE, submission, "receipt.html")
    shown = page_in_browser(page, tmp_path / "profile")

    assert "R307" in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
