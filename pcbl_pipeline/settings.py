"""Settings: the few things that differ between machines, read once.

Domain choices (thresholds, code lists, grains) are not settings; they live in
`expectations/` and in the network definition, so that a release can be explained.
"""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from pcbl_pipeline.errors import SettingsInvalid

DEFAULT_SIZE_LIMIT_MB = 100


class Settings(BaseSettings):
    """Everything a machine decides. Environment variables begin with `PCBL_`."""

    model_config = SettingsConfigDict(env_prefix="PCBL_", extra="forbid", frozen=True)

    store_url: Annotated[str, NoDecode] = Field(
        default="file:pcbl-workspace",
        description=(
            "Where everything is kept: `file:FOLDER`, or "
            "`s3://BUCKET/PREFIX?endpoint_url=URL&region=REGION` (the query is optional)."
        ),
    )
    network_file: Path | None = Field(
        default=None,
        description=(
            "The network definition. Default: `network.yaml` at the root of the store."
        ),
    )
    expectations_dir: Path | None = Field(
        default=None,
        description="Folder of the contracts. Default: the one shipped with the package.",
    )
    queue_url: str | None = Field(
        default=None,
        description=(
            "The SQS queue that tells of files dropped into the bucket. Without one "
            "`pcbl listen` looks into a bucket's inboxes every minute."
        ),
    )
    file_size_limit_mb: int = Field(
        default=DEFAULT_SIZE_LIMIT_MB,
        gt=0,
        description="Files of this many megabytes (10**6 bytes) or more are refused.",
    )
    learner_key: SecretStr | None = Field(
        default=None,
        min_length=32,
        description=(
            "The agency's secret with which ids of learners and teachers are hashed. "
            "Default: random bytes, made once and kept in the store under `secrets/`."
        ),
    )
    listen_quiet_seconds: float = Field(
        default=1.0,
        gt=0,
        description="A dropped file is read once it has not changed for this long.",
    )


def load_settings(**overrides: object) -> Settings:
    """Read the settings from the environment.

    Raises:
        SettingsInvalid: With all problems at once and the variables to touch.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        problems = "; ".join(
            f"PCBL_{'_'.join(str(part) for part in item['loc']).upper()}: {item['msg']}"
            for item in error.errors()
        )
        raise SettingsInvalid(f"Settings are not usable: {problems}") from error
