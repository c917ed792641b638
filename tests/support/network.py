"""The network of `infra/aws/network.yaml`, deployed onto moto.

Two things stand between the template and moto, both done here from the template itself:

- AWS expands `Fn::ForEach` before it deploys; moto does not know it. cfn-lint's own
  implementation of that transform stands in.
- moto's CloudFormation makes bucket, queues and roles, but leaves most of a bucket's
  properties out. They are set through the S3 API, with the template's values.

The bucket's policy is not put onto moto: it forbids plain HTTP, which the tests speak.
`tests/infra` judges it by evaluation instead.
"""

import ast
import json
import re
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from pcbl_pipeline.storage.open_queue import open_queue
from pcbl_pipeline.storage.queue import EventQueue
from tests.support.s3 import S3Endpoint

TEMPLATE = Path(__file__).parents[2] / "infra" / "aws" / "network.yaml"
SENDER_IDS = ("0400001", "040000100123", "3200002", "sea-04")
_ACCOUNT = "123456789012"  # moto's


@dataclass(frozen=True)
class DeployedNetwork:
    """A stack on moto: where its store and its queue are, and what else it made."""

    endpoint: S3Endpoint
    stack: str
    bucket: str
    outputs: dict[str, str]
    #: The template's resources with every reference resolved.
    resources: dict[str, Any]

    @property
    def store_url(self) -> str:
        """The value of PCBL_STORE_URL, with moto's address."""
        return f"{self.outputs['StoreUrl']}&endpoint_url={self.endpoint.url}"

    @property
    def queue_url(self) -> str:
        """The value of PCBL_QUEUE_URL, with moto's address."""
        path = urlsplit(self.outputs["DropsQueueUrl"]).path
        return f"{self.endpoint.url}{path}"

    def queue(self) -> EventQueue:
        """Open the queue that the bucket notifies."""
        return open_queue(self.queue_url)


@pytest.fixture
def deployed_network(moto: S3Endpoint) -> DeployedNetwork:
    """Deploy a network of its own, with an empty bucket."""
    return deploy_network(moto)


def deploy_network(
    endpoint: S3Endpoint, sender_ids: tuple[str, ...] = SENDER_IDS
) -> DeployedNetwork:
    """Deploy the template onto moto for these senders."""
    stack = f"pcbl-{uuid.uuid4().hex[:8]}"
    parameters = {
        "BucketName": f"{stack}-invented",
        "SenderIds": ",".join(sender_ids),
        "PipelineService": "ecs-tasks.amazonaws.com",
    }
    template = expanded_template(sender_ids)
    client = endpoint.client("cloudformation")
    client.create_stack(
        StackName=stack,
        TemplateBody=json.dumps(template),
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value}
            for name, value in parameters.items()
        ],
        Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    [made] = client.describe_stacks(StackName=stack)["Stacks"]
    assert made["StackStatus"] == "CREATE_COMPLETE"
    network = DeployedNetwork(
        endpoint=endpoint,
        stack=stack,
        bucket=parameters["BucketName"],
        outputs={item["OutputKey"]: item["OutputValue"] for item in made["Outputs"]},
        resources=_resolve(template["Resources"], _values(endpoint, stack, parameters)),
    )
    _set_what_moto_leaves_out(network)
    return network


def expanded_template(sender_ids: tuple[str, ...]) -> dict[str, Any]:
    """Return the template as AWS deploys it, its loop written out."""
    # Both take a second to import, which tests without a network need not wait for.
    from cfnlint.decode.cfn_yaml import load  # noqa: PLC0415
    from cfnlint.template import Template  # noqa: PLC0415

    loaded = load(str(TEMPLATE))
    loaded["Parameters"]["SenderIds"]["Default"] = ",".join(sender_ids)
    template = Template(str(TEMPLATE), loaded, [])
    problems = template.transform()
    assert problems == []
    return {
        name: part for name, part in template.template.items() if name != "Transform"
    }


def _values(
    endpoint: S3Endpoint, stack: str, parameters: dict[str, str]
) -> dict[str, str]:
    queues = {"DropsQueue": "drops", "DeadLetters": "dead-letters"}
    return {
        **parameters,
        "Bucket": parameters["BucketName"],
        "AWS::Partition": "aws",
        "AWS::AccountId": _ACCOUNT,
        "AWS::Region": endpoint.region,
        "AWS::StackName": stack,
        **{
            f"{name}.Arn": f"arn:aws:sqs:{endpoint.region}:{_ACCOUNT}:{stack}-{suffix}"
            for name, suffix in queues.items()
        },
        **{name: f"{stack}-{suffix}" for name, suffix in queues.items()},
    }


def _resolve(node: Any, values: dict[str, str]) -> Any:
    """Resolve the functions that our template uses; an unknown reference fails."""
    if isinstance(node, list):
        return [_resolve(item, values) for item in node]
    if not isinstance(node, dict):
        return node
    if len(node) == 1 and (function := _FUNCTIONS.get(next(iter(node)))):
        return function(next(iter(node.values())), values)
    return {key: _resolve(item, values) for key, item in node.items()}


def _get_att(name: Any, values: dict[str, str]) -> str:
    return values[name if isinstance(name, str) else ".".join(name)]


def _sub(given: Any, values: dict[str, str]) -> str:
    text, more = (given, {}) if isinstance(given, str) else given
    known = {**values, **_resolve(more, values)}
    return re.sub(r"\$\{(.+?)\}", lambda found: known[found.group(1)], text)


def _join(given: Any, values: dict[str, str]) -> str:
    between, parts = _resolve(given, values)
    return between.join(parts)


def _split(given: Any, values: dict[str, str]) -> list[str]:
    between, text = _resolve(given, values)
    return text.split(between)


_FUNCTIONS = {
    "Ref": lambda name, values: values[name],
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Split": _split,
}


def _set_what_moto_leaves_out(network: DeployedNetwork) -> None:
    wanted = network.resources["Bucket"]["Properties"]
    s3 = network.endpoint.client("s3")
    bucket = {"Bucket": network.bucket}
    s3.put_bucket_versioning(
        **bucket, VersioningConfiguration=wanted["VersioningConfiguration"]
    )
    s3.put_public_access_block(
        **bucket,
        PublicAccessBlockConfiguration=wanted["PublicAccessBlockConfiguration"],
    )
    s3.put_bucket_ownership_controls(
        **bucket, OwnershipControls=wanted["OwnershipControls"]
    )
    s3.put_bucket_lifecycle_configuration(
        **bucket,
        LifecycleConfiguration={
            "Rules": [
                _api_rule(rule) for rule in wanted["LifecycleConfiguration"]["Rules"]
            ]
        },
    )
    s3.put_bucket_notification_configuration(
        **bucket,
        NotificationConfiguration={
            "QueueConfigurations": [
                {
                    "QueueArn": item["Queue"],
                    "Events": [item["Event"]],
                    "Filter": {
                        "Key": {"FilterRules": item["Filter"]["S3Key"]["Rules"]}
                    },
                }
                for item in wanted["NotificationConfiguration"]["QueueConfigurations"]
            ]
        },
    )
    _mend_role_policies(network)


def _api_rule(rule: dict[str, Any]) -> dict[str, Any]:
    """Write a lifecycle rule as the S3 API does; CloudFormation differs a little."""
    api = {"ID" if name == "Id" else name: value for name, value in rule.items()}
    if "ExpiredObjectDeleteMarker" in api:
        api["Expiration"] = {
            "ExpiredObjectDeleteMarker": api.pop("ExpiredObjectDeleteMarker")
        }
    return {"Filter": {"Prefix": ""}, **api}


def _mend_role_policies(network: DeployedNetwork) -> None:
    """Put the roles' policies again: moto keeps them as Python text, not as JSON."""
    iam = network.endpoint.client("iam")
    for resource in network.resources.values():
        if resource["Type"] != "AWS::IAM::Role":
            continue
        role = resource["Properties"]["RoleName"]
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            kept = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            document = ast.literal_eval(kept) if isinstance(kept, str) else kept
            iam.put_role_policy(
                RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document)
            )
