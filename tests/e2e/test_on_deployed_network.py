"""The pipeline on the bucket and queue that the CloudFormation template makes."""

import boto3

from pcbl_pipeline.lake import layout
from pcbl_pipeline.model.receipt import Receipt, Status
from pcbl_pipeline.operations.ingest import ingest_arrival
from pcbl_pipeline.operations.publish import publish
from pcbl_pipeline.publication.release import find_current
from pcbl_pipeline.settings import Settings
from pcbl_pipeline.storage.s3 import S3Store
from pcbl_pipeline.workspace import create_workspace
from tests.support.builders import csv_bytes
from tests.support.network import DeployedNetwork

SITE = "0400001"
NETWORK = """
name: Invented network on the template's bucket
fictional: true
states: [{fips: "04", code: AZ, name: Arizona, agency_name: Invented agency}]
sites: [{site_id: "0400001", name: Invented Mesa District (fictional)}]
"""


def test_a_site_drops_a_file_and_reads_its_answer(
    deployed_network: DeployedNetwork,
) -> None:
    """Drop by plain S3, learn of it from the queue, answer, publish."""
    workspace = create_workspace(
        Settings(store_url=deployed_network.store_url), NETWORK
    )
    assert isinstance(workspace.store, S3Store)
    queue = deployed_network.queue()
    lesson = {"lesson_id": f"{SITE}-2026-001", "site_id": SITE}
    content = csv_bytes(workspace.catalogue.get("lesson_learned"), lesson)
    site = boto3.client(
        "s3", endpoint_url=deployed_network.endpoint.url, region_name="us-east-1"
    )

    site.put_object(
        Bucket=deployed_network.bucket,
        Key=f"{layout.inbox(SITE)}spring lessons.csv",
        Body=content,
    )

    [key] = dropped_keys(workspace.store, queue, "spring lessons.csv")
    receipt = ingest_arrival(workspace, key)
    assert receipt.status is Status.ACCEPTED
    answer = site.get_object(
        Bucket=deployed_network.bucket,
        Key=layout.answer(SITE, receipt.submission_id, "receipt.json"),
    )
    assert Receipt.model_validate_json(answer["Body"].read()) == receipt
    release = publish(workspace).release
    assert release is not None
    assert find_current(workspace.store) == release


def dropped_keys(store: S3Store, queue, name: str) -> list[str]:
    """Return the inbox keys of a name that the queue tells of, each once."""
    keys: set[str] = set()
    for _ in range(20):
        for message in queue.receive(max_messages=10, wait_seconds=1):
            for item in message.objects:
                key = store.own_key(item.bucket, item.key)
                if key is not None and key.endswith(name):
                    keys.add(key)
            queue.delete(message)
        if keys:
            break
    return sorted(key for key in keys if layout.sender_of_inbox_key(key))
