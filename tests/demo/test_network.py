from collections import Counter

import yaml

from pcbl_pipeline.demo.network import (
    demo_network,
    example_network_yaml,
    network_yaml,
)
from pcbl_pipeline.model.network import Network


def test_sixteen_sites_lie_in_four_states():
    network = demo_network()

    per_state = Counter(site.state_fips for site in network.sites)

    assert per_state == {"04": 4, "32": 4, "38": 4, "45": 4}


def test_everything_is_marked_as_fictional():
    network = demo_network()
    names = [site.name for site in network.sites]
    names += [state.agency_name for state in network.states]

    assert network.fictional
    assert all(name.endswith("(fictional)") for name in [network.name, *names])


def test_ids_are_from_a_range_that_is_in_no_real_use():
    for site in demo_network().sites:
        assert site.site_id[2:5] == "999", site.site_id


def test_no_address_can_be_delivered():
    for site in demo_network().sites:
        assert site.contact_email is not None
        assert site.contact_email.endswith(".example")


def test_the_written_definition_is_the_network():
    written = yaml.safe_load(network_yaml())

    assert Network.model_validate(written) == demo_network()


def test_written_ids_are_texts_for_every_yaml_reader():
    written = network_yaml()

    for site in demo_network().sites:
        assert f'site_id: "{site.site_id}"' in written


def test_the_written_definition_leaves_nothing_out():
    assert set(yaml.safe_load(network_yaml())) == set(Network.model_fields)


def test_the_example_is_valid_and_not_marked_as_fictional():
    network = Network.model_validate(yaml.safe_load(example_network_yaml()))

    assert not network.fictional


def test_the_example_explains_every_key():
    lines = example_network_yaml().splitlines()
    for name in Network.model_fields:
        position = next(
            i for i, line in enumerate(lines) if line.startswith(f"{name}:")
        )
        assert lines[position - 1].startswith("#"), name
