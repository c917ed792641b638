"""The CloudFormation template: linted, deployed onto moto, and its policies judged."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import ClientError

from pcbl_pipeline.errors import StoreConflict
from pcbl_pipeline.storage.open_store import open_store
from tests.support.network import (
    SENDER_IDS,
    TEMPLATE,
    deploy_network,
    expanded_template,
)
from tests.support.policies import is_allowed

SITE, OTHER_SITE = SENDER_IDS[0], SENDER_IDS[2]


@pytest.fixture(scope="module")
def network(moto):
    return deploy_network(moto)


def _arn(network, key=""):
    return f"arn:aws:s3:::{network.bucket}{'/' if key else ''}{key}"


def _role(network, sender_id):
    logical_id = f"SenderRole{sender_id.replace('-', '')}"
    return network.resources[logical_id]["Properties"]


def _statements(role):
    return [
        statement
        for policy in role["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def test_cfn_lint_has_nothing_to_say():
    cfn_lint = Path(sys.executable).with_name("cfn-lint")
    lint = subprocess.run(
        [cfn_lint, "--include-checks", "I", "--", TEMPLATE],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (lint.returncode, lint.stdout) == (0, "")


def test_the_bucket_is_private_versioned_and_encrypted(moto, network):
    s3 = moto.client("s3")
    bucket = {"Bucket": network.bucket}

    block = s3.get_public_access_block(**bucket)["PublicAccessBlockConfiguration"]
    owner = s3.get_bucket_ownership_controls(**bucket)["OwnershipControls"]["Rules"]
    encryption = s3.get_bucket_encryption(**bucket)[
        "ServerSideEncryptionConfiguration"
    ]["Rules"][0]["ApplyServerSideEncryptionByDefault"]
    assert set(block.values()) == {True}
    assert len(block) == 4
    assert owner == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert encryption["SSEAlgorithm"] == "AES256"
    assert s3.get_bucket_versioning(**bucket)["Status"] == "Enabled"


def test_what_is_current_is_kept_for_ever(moto, network):
    rules = moto.client("s3").get_bucket_lifecycle_configuration(Bucket=network.bucket)

    expirations = [rule.get("Expiration", {}) for rule in rules["Rules"]]
    assert all(not {"Days", "Date"} & set(each) for each in expirations)
    assert [
        rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"]
        for rule in rules["Rules"]
        if "AbortIncompleteMultipartUpload" in rule
    ] == [7]


def test_a_bucket_with_data_outlives_the_stack():
    bucket = expanded_template(SENDER_IDS)["Resources"]["Bucket"]

    assert bucket["DeletionPolicy"] == bucket["UpdateReplacePolicy"] == "Retain"


def test_a_dropped_file_becomes_a_message(deployed_network):
    key = f"sites/{SITE}/inbox/fall lessons (final)+nó.csv"
    s3 = deployed_network.endpoint.client("s3")
    s3.put_object(Bucket=deployed_network.bucket, Key=key, Body=b"a,b\n1,2\n")
    s3.put_object(Bucket=deployed_network.bucket, Key="lake/lessons/part", Body=b"1")

    messages = deployed_network.queue().receive(10, 0)

    assert {message.problem for message in messages} == {None}
    [told] = [created for message in messages for created in message.objects]
    head = open_store(deployed_network.store_url).head(key)
    assert (told.bucket, told.key) == (deployed_network.bucket, key)
    assert (told.size, told.etag) == (8, head.etag)


def test_a_store_on_the_versioned_bucket_keeps_its_promises(deployed_network):
    store = open_store(deployed_network.store_url)

    assert store.put_if_absent("ledger/a", b"1")
    assert not store.put_if_absent("ledger/a", b"2")
    first = store.head("ledger/a")
    store.put_if_unchanged("ledger/a", b"3", etag=first.etag)
    with pytest.raises(StoreConflict):
        store.put_if_unchanged("ledger/a", b"4", etag=first.etag)
    assert [(info.key, info.size) for info in store.list("")] == [("ledger/a", 1)]
    store.delete("ledger/a")
    assert store.head("ledger/a") is None
    assert list(store.list("")) == []
    assert store.put_if_absent("ledger/a", b"5")


def test_a_message_that_nobody_understands_ends_among_the_dead_letters(
    deployed_network,
):
    sqs = deployed_network.endpoint.client("sqs")
    queue = deployed_network.queue()
    _ = [queue.delete(message) for message in queue.receive(10, 0)]  # S3's test message
    sqs.send_message(QueueUrl=deployed_network.queue_url, MessageBody="not an event")

    for _ in range(5):
        [message] = queue.receive(10, 0)
        assert message.problem
        sqs.change_message_visibility(
            QueueUrl=deployed_network.queue_url,
            ReceiptHandle=message.receipt_handle,
            VisibilityTimeout=0,
        )

    assert queue.receive(10, 0) == []
    dead = sqs.receive_message(QueueUrl=deployed_network.outputs["DeadLettersUrl"])
    assert [letter["Body"] for letter in dead["Messages"]] == ["not an event"]


def test_only_this_bucket_may_send_to_the_queue(network):
    policy = network.resources["DropsQueuePolicy"]["Properties"]["PolicyDocument"]
    queue = policy["Statement"][0]["Resource"]
    request = {"aws:SecureTransport": "true", "aws:SourceAccount": "123456789012"}

    def may_send(**context):
        return is_allowed(
            policy["Statement"], "sqs:SendMessage", queue, request | context
        )

    assert may_send(**{"aws:SourceArn": _arn(network)})
    assert not may_send()
    assert not may_send(**{"aws:SourceArn": "arn:aws:s3:::another-bucket"})
    assert not may_send(
        **{"aws:SourceArn": _arn(network), "aws:SourceAccount": "999999999999"}
    )
    assert not may_send(
        **{"aws:SourceArn": _arn(network), "aws:SecureTransport": "false"}
    )


def test_queues_are_encrypted(network):
    for name in ("DropsQueue", "DeadLetters"):
        assert network.resources[name]["Properties"]["SqsManagedSseEnabled"] is True


OBJECT_ACTIONS = [
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:PutObject",
    "s3:PutObjectAcl",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
]


@pytest.mark.parametrize("sender_id", SENDER_IDS)
def test_a_sender_may_drop_files_and_fetch_answers_and_nothing_else(network, sender_id):
    statements = _statements(_role(network, sender_id))
    others = [other for other in SENDER_IDS if other != sender_id]
    keys = [
        *(
            f"sites/{each}/{box}/a/b.csv"
            for each in SENDER_IDS
            for box in ("inbox", "outbox")
        ),
        *(f"sites/{other}/inbox/sites/{sender_id}/inbox/a" for other in others),
        f"sites/{sender_id}/inboxes/a",
        f"sites/{sender_id}9/inbox/a",
        f"sites/{sender_id}/a",
        "network.yaml",
        "raw/ab/abcd",
        "ledger/receipts/a.json",
        "lake/lessons/part.parquet",
        "publications/current.json",
        "publications/candidates/2026.11.1/public/index.html",
        f"publications/candidates/2026.11.1/sites/{sender_id}/index.html",
        "publications/register/2026.11.1/0001.json",
        "publications/releases/2026.11.1/manifest.json",
        "publications/releases/2026.11.1/plan.json",
        "secrets/public-id-salt",
    ]

    allowed = {
        (action, key)
        for action in OBJECT_ACTIONS
        for key in keys
        if is_allowed(statements, action, _arn(network, key))
    }

    assert allowed == {
        ("s3:PutObject", f"sites/{sender_id}/inbox/a/b.csv"),
        ("s3:GetObject", f"sites/{sender_id}/outbox/a/b.csv"),
    }


EDITIONS = (
    *("public", "network", "agency"),
    *(f"sites/{sender_id}" for sender_id in SENDER_IDS),
    *("sites/0400002", "sites/0400001999999", "sites/3800001"),
)


@pytest.mark.parametrize(
    ("sender_id", "expected"),
    [
        ("0400001", {"public", "network", "sites/0400001"}),
        ("040000100123", {"public", "network", "sites/040000100123"}),
        ("3200002", {"public", "network", "sites/3200002"}),
        (
            "sea-04",
            {
                *("public", "network", "agency", "sites/sea-04", "sites/0400001"),
                *("sites/040000100123", "sites/0400002", "sites/0400001999999"),
            },
        ),
    ],
)
def test_everybody_reads_the_editions_that_are_for_them_and_no_other(
    network, sender_id, expected
):
    statements = _statements(_role(network, sender_id))
    tag = {"aws:PrincipalTag/pcbl-sender-id": sender_id}
    places = (
        "publications/{}/index.html",
        "publications/releases/2026.11.1/{}/index.html",
        "publications/releases/2026.11.1/{}/data/pub7_outcomes.csv",
    )

    for place in places:
        seen = {
            edition
            for edition in EDITIONS
            if is_allowed(
                statements, "s3:GetObject", _arn(network, place.format(edition)), tag
            )
        }
        assert seen == expected
    for action in OBJECT_ACTIONS:
        keys = [place.format(edition) for place in places for edition in EDITIONS]
        assert action == "s3:GetObject" or not any(
            is_allowed(statements, action, _arn(network, key), tag) for key in keys
        )


@pytest.mark.parametrize(
    ("prefix", "allowed"),
    [
        (f"sites/{SITE}/outbox/", True),
        (f"sites/{SITE}/outbox/{SITE}-abc/", True),
        (f"sites/{SITE}/inbox/", False),
        (f"sites/{SITE}/", False),
        (f"sites/{OTHER_SITE}/outbox/", False),
        ("", False),
        (None, False),
    ],
)
def test_a_sender_may_list_its_own_outbox_only(network, prefix, allowed):
    context = {} if prefix is None else {"s3:prefix": prefix}

    assert allowed == is_allowed(
        _statements(_role(network, SITE)), "s3:ListBucket", _arn(network), context
    )


def test_a_senders_role_is_for_those_who_carry_its_id(network):
    [trust] = _role(network, SITE)["AssumeRolePolicyDocument"]["Statement"]

    def may_assume(**tags):
        return is_allowed([trust | {"Resource": "*"}], "sts:AssumeRole", "role", tags)

    assert trust["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    assert may_assume(**{"aws:PrincipalTag/pcbl-sender-id": SITE})
    assert not may_assume(**{"aws:PrincipalTag/pcbl-sender-id": OTHER_SITE})
    assert not may_assume()


def test_the_pipeline_reads_all_and_leaves_inboxes_and_raw_files_alone(network):
    statements = _statements(network.resources["PipelineRole"]["Properties"])
    made = ["ledger/a", "lake/a", "publications/a", f"sites/{SITE}/outbox/a"]
    kept = ["raw/ab/a", "secrets/public-id-salt", "mappings/0400001/0001.json"]
    theirs = [f"sites/{SITE}/inbox/a", "network.yaml"]

    def allowed(action):
        return [
            key
            for key in made + kept + theirs
            if is_allowed(statements, action, _arn(network, key))
        ]

    assert allowed("s3:GetObject") == made + kept + theirs
    assert allowed("s3:PutObject") == made + kept
    assert allowed("s3:DeleteObject") == made
    assert allowed("s3:DeleteObjectVersion") == []
    assert is_allowed(statements, "s3:ListBucket", _arn(network))
    for action in ("s3:PutBucketPolicy", "s3:DeleteBucket", "s3:PutBucketVersioning"):
        assert not is_allowed(statements, action, _arn(network))


def test_what_was_sent_can_be_erased_by_whoever_is_given_that_and_no_more(network):
    policy = network.resources["ErasePolicy"]["Properties"]
    statements = policy["PolicyDocument"]["Statement"]
    sent = ["raw/ab/a", f"sites/{SITE}/inbox/a"]
    others = ["ledger/a", "lake/a", f"sites/{SITE}/outbox/a", "secrets/learner-key"]

    def allowed(action):
        keys = [*sent, *others]
        return [k for k in keys if is_allowed(statements, action, _arn(network, k))]

    assert allowed("s3:DeleteObject") == sent
    for action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObjectVersion"):
        assert allowed(action) == []
    assert not {"Roles", "Users", "Groups"} & policy.keys()


def test_the_bucket_takes_neither_plain_http_nor_other_encryption(network):
    policy = network.resources["BucketPolicy"]["Properties"]["PolicyDocument"]
    statements = [
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
        *policy["Statement"],
    ]
    usual = {"aws:SecureTransport": "true", "s3:TlsVersion": "1.3"}

    def may_put(**context):
        resource = _arn(network, f"sites/{SITE}/inbox/a")
        return is_allowed(statements, "s3:PutObject", resource, usual | context)

    assert may_put()
    assert may_put(**{"s3:x-amz-server-side-encryption": "AES256"})
    assert not may_put(**{"aws:SecureTransport": "false"})
    assert not may_put(**{"s3:TlsVersion": "1.1"})
    assert not may_put(**{"s3:x-amz-server-side-encryption": "aws:kms"})
    assert not may_put(
        **{"s3:x-amz-server-side-encryption-customer-algorithm": "AES256"}
    )
    assert {statement["Effect"] for statement in policy["Statement"]} == {"Deny"}


@contextmanager
def _permissions_enforced(endpoint):
    """Have moto check every request against IAM until the block ends."""

    def enforce_after(count):
        url = f"{endpoint.url}/moto-api/reset-auth"
        request = Request(url, count, {"Content-Type": "text/plain"})  # noqa: S310
        with urlopen(request):  # noqa: S310 - the test's own server
            pass

    enforce_after(b"0")
    try:
        yield
    finally:
        enforce_after(b"inf")


def test_moto_refuses_a_site_at_anothers_door(moto, network):
    """The same promise, kept by an implementation of IAM that is not ours."""
    credentials = moto.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::123456789012:role/{network.stack}-sender-{SITE}",
        RoleSessionName="a-site",
    )["Credentials"]
    site = moto.client(
        "s3",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )
    answer = f"sites/{SITE}/outbox/a/receipt.json"
    moto.client("s3").put_object(Bucket=network.bucket, Key=answer, Body=b"{}")

    def put(key):
        site.put_object(Bucket=network.bucket, Key=key, Body=b"1")

    def get(key):
        site.get_object(Bucket=network.bucket, Key=key)

    def refused(act, key):
        try:
            act(key)
        except ClientError as error:
            return error.response["Error"]["Code"] == "AccessDenied"
        return False

    with _permissions_enforced(moto):
        put(f"sites/{SITE}/inbox/lessons.csv")
        get(answer)
        assert refused(get, f"sites/{SITE}/inbox/lessons.csv")
        assert refused(put, answer)
        for key in (
            f"sites/{OTHER_SITE}/inbox/a",
            f"sites/{OTHER_SITE}/outbox/a",
            "lake/a",
        ):
            assert refused(put, key)
            assert refused(get, key)
