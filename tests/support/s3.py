"""Real S3 endpoints for the tests, started when first asked for, one of each a session.

SeaweedFS is an object store with a life of its own; moto speaks S3, SQS, IAM and
CloudFormation. Both are separate processes behind HTTP: boto3, delta-rs and Polars all
reach them as they would reach AWS.
"""

import contextlib
import json
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError

REGION = "us-east-1"
BUCKET = "pcbl-tests"
_KEY = "testing"  # both endpoints know this pair, and AWS does not
_READY_SECONDS = 120
_WEED_PORTS = [
    f"{part}.port{kind}"
    for part in ("master", "volume", "filer", "s3")
    for kind in ("", ".grpc")
]


@dataclass(frozen=True)
class S3Endpoint:
    """An S3 service with an empty bucket in it."""

    url: str
    bucket: str = BUCKET
    region: str = REGION

    def store_url(self) -> str:
        """Return a store of its own, as `PCBL_STORE_URL` would name it."""
        query = urlencode({"endpoint_url": self.url, "region": self.region})
        return f"s3://{self.bucket}/test-{uuid.uuid4().hex}?{query}"

    def client(self, service: str, **credentials):
        """Return a boto3 client of this endpoint."""
        return boto3.client(
            service, endpoint_url=self.url, region_name=self.region, **credentials
        )


@pytest.fixture(scope="session")
def aws_environment(tmp_path_factory) -> Iterator[None]:
    """Give boto3's own chain the test credentials, and hide those of the machine."""
    nowhere = tmp_path_factory.mktemp("aws") / "none"
    with pytest.MonkeyPatch.context() as patch:
        for name in ("PROFILE", "SESSION_TOKEN", "ENDPOINT_URL", "ENDPOINT_URL_S3"):
            patch.delenv(f"AWS_{name}", raising=False)
        patch.setenv("AWS_CONFIG_FILE", str(nowhere))
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(nowhere))
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setenv("AWS_ACCESS_KEY_ID", _KEY)
        patch.setenv("AWS_SECRET_ACCESS_KEY", _KEY)
        yield


@pytest.fixture(scope="session")
def seaweed(aws_environment, tmp_path_factory) -> Iterator[S3Endpoint]:
    """Run SeaweedFS. It must start: a missing binary fails the tests that need it."""
    folder = tmp_path_factory.mktemp("seaweed")
    ports = dict(zip(_WEED_PORTS, _free_ports(len(_WEED_PORTS)), strict=True))
    command = _weed_command(folder, ports)
    with _running(command, ports["s3.port"], folder / "log") as url:
        yield S3Endpoint(url)
    for port in ports.values():  # a killed weed leaves its sockets behind
        for path in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):  # noqa: S108
            path.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def moto(aws_environment, tmp_path_factory) -> Iterator[S3Endpoint]:
    """Run moto's server."""
    folder = tmp_path_factory.mktemp("moto")
    [port] = _free_ports(1)
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with _running(command, port, folder / "log") as url:
        yield S3Endpoint(url)


def _weed_command(folder: Path, ports: dict[str, int]) -> list[str]:
    identity = {
        "name": "tests",
        "credentials": [{"accessKey": _KEY, "secretKey": _KEY}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    config = folder / "s3.json"
    config.write_text(json.dumps({"identities": [identity]}))
    return [
        str(Path(sys.executable).with_name("weed")),
        "server",
        "-s3",
        f"-dir={folder}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-master.telemetry=false",
        "-master.volumeSizeLimitMB=64",
        "-volume.max=50",
        "-volume.preStopSeconds=0",
        f"-s3.config={config}",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        *(f"-{name}={port}" for name, port in ports.items()),
    ]


@contextlib.contextmanager
def _running(command: list[str], port: int, log: Path) -> Iterator[str]:
    """Run a server until the block ends; yield its address once it serves buckets."""
    url = f"http://127.0.0.1:{port}"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        _make_bucket(url, process, log)
        yield url
    finally:
        process.kill()  # what it holds is thrown away: nothing needs to be finished
        process.wait()


def _make_bucket(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    client = boto3.client("s3", endpoint_url=url, region_name=REGION)
    deadline = time.monotonic() + _READY_SECONDS
    while True:
        try:
            client.create_bucket(Bucket=BUCKET)
            # A bucket may be named before there is room for bytes in it.
            client.put_object(Bucket=BUCKET, Key="ready", Body=b"ready")
        except (BotoCoreError, ClientError) as error:
            if process.poll() is not None or time.monotonic() > deadline:
                end = log.read_text(errors="replace")[-3000:]
                pytest.fail(f"{process.args} does not serve S3: {error}\n{end}")
            time.sleep(0.1)
        else:
            return


def _free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on; all are held until all are found."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
