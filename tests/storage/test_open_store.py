"""One URL decides where everything is kept."""

import subprocess
import sys
from pathlib import Path

import pytest

from pcbl_pipeline.errors import SettingsInvalid
from pcbl_pipeline.storage.local import LocalStore
from pcbl_pipeline.storage.open_store import open_store
from pcbl_pipeline.storage.s3 import S3Store


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("work", "{cwd}/work"),
        ("./work", "{cwd}/work"),
        ("/srv/work", "/srv/work"),
        ("file:work", "{cwd}/work"),
        ("file:my work/50%20", "{cwd}/my work/50%20"),
        ("file:/srv/work", "/srv/work"),
        ("file:///srv/my%20work", "/srv/my work"),
        ("file://localhost/srv/work", "/srv/work"),
        ("FILE:work", "{cwd}/work"),
        (" work ", "{cwd}/work"),
        ("~/work", "{home}/work"),
    ],
)
def test_a_folder_can_be_written_in_these_ways(url, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = open_store(url)

    expected = folder.format(cwd=tmp_path.resolve(), home=Path.home())
    assert isinstance(store, LocalStore)
    assert store.table_uri("lake/t") == f"{expected}/lake/t"


@pytest.mark.parametrize(
    ("url", "table"),
    [
        ("s3://my-bucket", "s3://my-bucket/lake/t"),
        ("s3://my-bucket/", "s3://my-bucket/lake/t"),
        ("s3://my-bucket/pilots/az/", "s3://my-bucket/pilots/az/lake/t"),
        ("s3://my-bucket/my%20pilots", "s3://my-bucket/my pilots/lake/t"),
        ("s3://my-bucket?region=us-west-2", "s3://my-bucket/lake/t"),
        (
            "s3://my-bucket/p?endpoint_url=http://localhost:8333&region=x",
            "s3://my-bucket/p/lake/t",
        ),
    ],
)
def test_a_bucket_can_be_written_in_these_ways(aws_environment, url, table):
    store = open_store(url)

    assert isinstance(store, S3Store)
    assert store.table_uri("lake/t") == table


def test_the_endpoint_and_region_reach_the_table_layer(aws_environment):
    url = "s3://my-bucket?endpoint_url=http%3A%2F%2Flocalhost%3A8333&region=eu-1"

    options = open_store(url).table_options()

    assert options["AWS_ENDPOINT_URL"] == "http://localhost:8333"
    assert options["AWS_ALLOW_HTTP"] == "true"
    assert options["AWS_REGION"] == "eu-1"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "neither a folder nor a bucket"),
        ("  ", "neither a folder nor a bucket"),
        ("http://example.org/bucket", "neither a folder nor a bucket"),
        ("gs://my-bucket", "neither a folder nor a bucket"),
        ("file:", "the folder is missing"),
        ("file://", "the folder is missing"),
        ("file://srv/folder", "one more `/`"),
        ("s3://", "`` is no bucket's name"),
        ("s3:my-bucket", "`` is no bucket's name"),
        ("s3://My_Bucket/p", "`My_Bucket` is no bucket's name"),
        ("s3://my-bucket?endpoint=http://x", "no option `endpoint`"),
        ("s3://my-bucket?region=", "`region` needs exactly one value"),
        ("s3://my-bucket?region=a&region=b", "`region` needs exactly one value"),
        ("s3://my-bucket?region", "not NAME=VALUE"),
        ("s3://my-bucket?endpoint_url=localhost:8333", "begins with `http://`"),
    ],
)
def test_a_url_that_names_no_store_is_explained(url, reason):
    with pytest.raises(SettingsInvalid) as caught:
        open_store(url)

    message = str(caught.value)
    assert message.startswith("PCBL_STORE_URL is ")
    assert reason in message
    assert "s3://my-bucket" in message
    assert "file:pcbl-workspace" in message


def test_a_folder_does_not_wait_for_boto3():
    program = (
        "import sys; from pcbl_pipeline.storage.open_store import open_store; "
        "open_store('file:work'); sys.exit('boto3' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
