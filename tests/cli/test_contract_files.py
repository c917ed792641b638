"""`pcbl contracts show --as` and `pcbl contracts export`."""

import json

from pcbl_pipeline.contracts.catalogue import load_catalogue
from tests.support.command_line import call, call_json


def test_a_contract_is_shown_as_a_tool_reads_it():
    schema = json.loads(
        call("contracts", "show", "ta_event", "--as", "table-schema").stdout
    )
    suite = json.loads(call("contracts", "show", "ta_event", "--as", "gx-suite").stdout)

    assert schema["primaryKey"] == ["ta_event_id"]
    assert suite["name"] == "ta_event_1.0"
    assert call("contracts", "show", "ta_event", "--version", "9.9").exit_code == 11


def test_export_writes_every_contract_in_every_form(tmp_path):
    written = call_json("contracts", "export", tmp_path / "out")["files"]

    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {f"{tmp_path}/out/{name}" for name in names} == set(written)
    assert names == {
        f"{contract.dataset}-{contract.version}.{form}.json"
        for contract in load_catalogue().every_version
        for form in ("table-schema", "gx-suite")
    }
