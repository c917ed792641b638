"""Loading `expectations/`: what does not fit together is named, with its file."""

import shutil

import pytest
import yaml

from pcbl_pipeline.contracts.catalogue import default_expectations_dir, load_catalogue
from pcbl_pipeline.errors import ContractInvalid, UnknownContract


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "expectations"
    shutil.copytree(default_expectations_dir(), copy)
    return copy


def rewrite(path, change):
    content = yaml.safe_load(path.read_text("utf-8"))
    change(content)
    path.write_text(yaml.safe_dump(content), "utf-8")


def test_loads_what_the_package_ships(folder, catalogue):
    assert load_catalogue(folder).contracts == catalogue.contracts
    assert load_catalogue(folder).rules == catalogue.rules


def test_unknown_dataset_is_answered_with_the_known_ones(catalogue):
    with pytest.raises(UnknownContract, match="lesson_learned"):
        catalogue.get("lessons")


def test_label_falls_back_to_the_code(catalogue):
    assert catalogue.label("lesson_type", "worked") == "Worked"
    assert catalogue.label("lesson_type", "no_such_code") == "no_such_code"
    assert catalogue.label("lesson_type", None) == ""


def test_missing_folder_is_named_with_the_setting_to_touch(tmp_path):
    with pytest.raises(ContractInvalid, match="PCBL_EXPECTATIONS_DIR"):
        load_catalogue(tmp_path / "nowhere")


@pytest.mark.parametrize("text", ["- a\n- b\n", "a: [\n"], ids=["list", "not yaml"])
def test_file_that_is_no_mapping_is_named(folder, text):
    (folder / "codelists" / "yes_no.yaml").write_text(text, "utf-8")

    with pytest.raises(ContractInvalid, match=r"yes_no\.yaml"):
        load_catalogue(folder)


def test_code_list_that_is_missing_is_named_with_its_column(folder):
    (folder / "codelists" / "ta_topic.yaml").unlink()

    with pytest.raises(ContractInvalid, match=r"ta_event\.topic names .*`ta_topic`"):
        load_catalogue(folder)


def test_rule_code_used_twice_is_named(folder):
    def reuse(content):
        content["rules"][0]["code"] = "R301"

    rewrite(folder / "site_profile" / "contract.yaml", reuse)

    with pytest.raises(ContractInvalid, match="used twice: R301"):
        load_catalogue(folder)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c["fields"].append(c["fields"][1]), "stands twice"),
        (lambda c: c.update(key=["no_such_column"]), "no_such_column"),
        (
            lambda c: c["fields"][1].update(name="row_number"),
            "the pipeline uses itself",
        ),
        (lambda c: c["fields"][2].update(pattern="^x$"), "needs pattern_in_words"),
        (lambda c: c["fields"][7].update(code_list=None), "a code without a code_list"),
        (lambda c: c["delivery"].update(scope=[]), "snapshot needs a scope"),
        (lambda c: c["rules"][5]["when"].update(colour=["red"]), "colour"),
        (lambda c: c.update(colour="red"), "colour"),
    ],
    ids=[
        "field twice",
        "key that is no field",
        "reserved name",
        "pattern without words",
        "code without list",
        "snapshot without scope",
        "condition on no field",
        "unknown entry",
    ],
)
def test_contract_that_contradicts_itself_is_named(folder, change, message):
    path = folder / "site_profile" / "contract.yaml"
    rewrite(path, change)

    with pytest.raises(ContractInvalid, match=message) as caught:
        load_catalogue(folder)

    assert "site_profile" in str(caught.value)


def test_limit_table_that_is_missing_is_named_with_its_column(folder):
    (folder / "limits" / "waiver_days.yaml").unlink()

    with pytest.raises(ContractInvalid, match=r"waiver_days_allowed names .*`waiver_"):
        load_catalogue(folder)


@pytest.mark.parametrize(
    ("limit", "problem"),
    [
        ({"first": 1, "last": 1}, "says two things of 38 at 1"),
        ({"first": 0}, "says two things"),
        ({"first": 5, "last": 4}, "ends before it begins"),
        ({"first": 5, "state_fips": "03"}, "not a state FIPS code"),
        ({"first": 5, "at_most": 0}, "greater than 0"),
    ],
    ids=str,
)
def test_limits_that_contradict_themselves_are_refused(folder, limit, problem):
    stated = {"state_fips": "38", "at_most": 9, "source": "invented"} | limit

    rewrite(
        folder / "limits" / "waiver_days.yaml",
        lambda content: content["limits"].append(stated),
    )

    with pytest.raises(ContractInvalid, match=problem):
        load_catalogue(folder)


def test_another_state_takes_data_and_no_code(folder):
    stated = {"state_fips": "04", "first": 0, "at_most": 90, "source": "invented"}

    rewrite(
        folder / "limits" / "waiver_days.yaml",
        lambda content: content["limits"].append(stated),
    )

    limits = load_catalogue(folder).limit_tables["waiver_days"].limits
    assert [(item.state_fips, item.at_most) for item in limits][-1] == ("04", 90)


def test_causes_come_before_what_they_explain(catalogue):
    order = list(catalogue.explained_by)

    assert "R306" in catalogue.explained_by["F161"]
    assert order.index("F160") < order.index("F161")
    assert "F160" not in set().union(*catalogue.explained_by.values())


@pytest.mark.parametrize(
    ("explains", "words"),
    [(["F160"], "explain each other"), (["K499"], "do not exist")],
)
def test_a_causal_order_that_leads_nowhere_is_named(folder, explains, words):
    def change(content):
        rule = next(item for item in content["rules"] if item["code"] == "F161")
        rule["explains"] = explains

    rewrite(folder / "rules.yaml", change)

    with pytest.raises(ContractInvalid, match=words):
        _ = load_catalogue(folder).explained_by


def keys_that_stand_twice(node):
    """Yield them from a YAML node; a merge may leave two, of which the last counts."""
    if isinstance(node, yaml.MappingNode):
        names = [key.value for key, _ in node.value]
        yield from {name for name in names if names.count(name) > 1}
    if isinstance(node, yaml.CollectionNode):
        for item in node.value:
            for part in item if isinstance(item, tuple) else (item,):
                yield from keys_that_stand_twice(part)


@pytest.mark.parametrize(
    "path", sorted(default_expectations_dir().rglob("*.yaml")), ids=lambda p: p.name
)
def test_no_key_stands_twice(path):
    assert list(keys_that_stand_twice(yaml.compose(path.read_text("utf-8")))) == []


def test_a_key_that_stands_twice_is_noticed():
    assert list(keys_that_stand_twice(yaml.compose("- {a: 1, b: {c: 1, c: 2}}"))) == [
        "c"
    ]
