"""All settings: one frozen object, from the environment (prefix STREAMS_) or a file named by STREAMS_ENV_FILE."""

import json
import os
import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from streams.contract.topics import Retention, Topic, Topics, changelog, consumer_group, topics
from streams.stages.reading import MOST_WORDS
from streams.surroundings import problems

_WORDS_PER_SECOND = 5_000
"""Of the slowest stage with the accurate models on one core: sentiment read 50,000 words of prose in 7.4 s."""
_SERVER = re.compile(r"(?:\[[0-9a-fA-F:.%]+\]|[\w.-]+)(?::(\d{1,5}))?")  # IPv6 in brackets


class Settings(BaseSettings):
    """Every setting has a default that works on one machine, and a sentence that says what it does."""

    model_config = SettingsConfigDict(
        env_prefix="STREAMS_", env_file=os.environ.get("STREAMS_ENV_FILE"), frozen=True, extra="ignore"
    )

    broker: str = Field("localhost:9092", description="Kafka bootstrap servers, comma-separated.")
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="How to speak to the broker: with TLS (SSL), with a password (SASL_…), or neither."
    )
    ssl_ca_file: Path | None = Field(
        None, description="Certificates (PEM) that the broker's must be signed by; none: those of the system."
    )
    ssl_cert_file: Path | None = Field(None, description="Certificate (PEM) to show the broker, for mutual TLS.")
    ssl_key_file: Path | None = Field(None, description="Private key (PEM, not encrypted) of that certificate.")
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "SCRAM-SHA-512", description="How the password is checked: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512."
    )
    sasl_username: str | None = Field(None, description="User name for SASL.")
    sasl_password_file: Path | None = Field(None, description="File that holds the password for SASL, and no more.")

    topic_prefix: str = Field("news.", description="Prefix of all topics; consumer groups follow it.")
    partitions: int = Field(6, ge=1, description="Partitions of each topic that `streams topics` creates.")
    replication: int = Field(1, ge=1, description="Replicas of each topic that `streams topics` creates.")
    retention_days: float = Field(
        Retention.internal, gt=0, description="Days that the topics before the enriched one keep records."
    )
    enriched_retention_days: float = Field(
        Retention.enriched, gt=0, description="Days that the enriched topic keeps records."
    )
    dead_letter_retention_days: float = Field(
        Retention.dead_letters, gt=0, description="Days that dead letters are kept."
    )
    max_item_bytes: int = Field(1_000_000, ge=1_000, description="A wire item above this many bytes is a dead letter.")

    sources: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description='Names of feeds that metrics may show: belga,anp or as ["belga","anp"]; others count as other.',
    )
    default_language: str = Field(
        "nl",
        description="Language (BCP 47) of items whose feed declares none and whose text is too short to tell.",
    )
    tier: Literal["accurate", "fast"] = Field(
        "accurate",
        description="Which of the bundled models to run: the accurate ones, or the fast ones for back-fills.",
    )
    entities_package: str | None = Field(
        None, description="A spaCy pipeline (package name or path) in place of the bundled entity model."
    )
    gazetteer: Path | None = Field(
        None, description="CSV file (name,type,link) of names that the entities stage links."
    )

    batch_records: int = Field(32, ge=1, description="Records that a stage takes from Kafka together, at most.")
    batch_words: int = Field(
        1_000, ge=1, description="Words of text that a stage works on and delivers together, at most."
    )
    model_words: int = Field(
        MOST_WORDS,
        ge=100,
        description="Words of an article that the models read, fewer where a long text is all names or marks; how much "
        "of it is left then stands in the event.",
    )
    batch_wait: float = Field(0.002, gt=0, le=1, description="Seconds that a batch waits to fill, at most.")
    cores: int | None = Field(
        None, ge=1, description="Batches that the stages of a worker compute at a time; none: one for each core it has."
    )

    session_timeout: float = Field(
        30.0, ge=1, description="Seconds until the group takes a silent worker's partitions away."
    )
    heartbeat_interval: float = Field(
        3.0, gt=0, description="Seconds between heartbeats; a third of the session timeout or less."
    )
    rebalance_timeout: float = Field(
        60.0, ge=1, description="Seconds that a rebalance waits for a worker to finish its batch."
    )
    commit_interval: float = Field(
        1.0,
        gt=0,
        description="Seconds between commits; what was acknowledged since is read again after a kill.",
    )
    metadata_max_age: float = Field(
        10.0,
        ge=1,
        description="Seconds after which topics are looked up anew: new partitions are noticed within that time.",
    )
    delivery_backoff_max: float = Field(
        30.0, gt=0, description="Seconds between tries to deliver while the broker is away, at most."
    )

    web_host: str = Field("127.0.0.1", description="Address of /metrics, /healthz and /readyz.")
    web_port: int = Field(9108, ge=0, le=65535, description="Port of /metrics, /healthz and /readyz.")
    stall_seconds: float = Field(
        300.0, gt=0, description="/healthz fails when there is lag and no progress for so many seconds."
    )
    store: Literal["memory", "rocksdb"] = Field(
        "memory", description="Where a worker keeps the tables of its stages: memory, or rocksdb in STREAMS_DATADIR."
    )
    datadir: Path = Field(Path("./data"), description="Where a worker keeps state; one folder a worker.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level logged.")

    @model_validator(mode="before")
    @classmethod
    def _surroundings_are_right(cls, values: Any) -> Any:
        if found := problems(cls.model_config.get("env_file"), list(cls.model_fields)):  # type: ignore[arg-type]
            raise ValueError("; ".join(found))
        return values

    @field_validator("sources", mode="before")
    @classmethod
    def _names_or_json(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if not value.lstrip().startswith("["):
            return tuple(name.strip() for name in value.split(",") if name.strip())
        try:
            return json.loads(value)
        except ValueError:
            raise ValueError(f'{value} is no JSON; write belga,anp or ["belga","anp"]') from None

    @model_validator(mode="after")
    def _heartbeats_in_time(self) -> Self:
        if self.heartbeat_interval > self.session_timeout / 3:
            raise ValueError("STREAMS_HEARTBEAT_INTERVAL must be a third of STREAMS_SESSION_TIMEOUT or less")
        return self

    @model_validator(mode="after")
    def _batches_in_time(self) -> Self:
        seconds = max(self.batch_words, self.model_words) / _WORDS_PER_SECOND
        if seconds > self.rebalance_timeout:
            raise ValueError(
                f"a batch may take {seconds:.0f} s, longer than STREAMS_REBALANCE_TIMEOUT: raise it, or lower "
                "STREAMS_BATCH_WORDS and STREAMS_MODEL_WORDS"
            )
        return self

    @model_validator(mode="after")
    def _security_is_whole(self) -> Self:
        if self.uses_sasl != bool(self.sasl_username) or self.uses_sasl != bool(self.sasl_password_file):
            raise ValueError("STREAMS_SASL_USERNAME and STREAMS_SASL_PASSWORD_FILE go with a SASL_… protocol, both")
        if bool(self.ssl_cert_file) != bool(self.ssl_key_file):
            raise ValueError("STREAMS_SSL_CERT_FILE and STREAMS_SSL_KEY_FILE go together")
        if (self.ssl_ca_file or self.ssl_cert_file) and not self.uses_tls:
            raise ValueError("STREAMS_SSL_… files go with a protocol that ends in SSL")
        return self

    @field_validator("broker")
    @classmethod
    def _hosts_and_ports(cls, value: str) -> str:
        for server in value.split(","):
            found = _SERVER.fullmatch(server.strip())
            if not found or int(found[1] or 1) > 65_535:
                raise ValueError(f"{server.strip() or 'nothing'} is no server; write host:port, or several with commas")
        return value

    @field_validator("topic_prefix")
    @classmethod
    def _prefix_is_a_topic_name(cls, value: str) -> str:
        if not value or not all(c.isascii() and (c.isalnum() or c in "._-") for c in value):
            raise ValueError("use ASCII letters, digits, '.', '_' and '-', as in 'news.'")
        return value

    @property
    def uses_tls(self) -> bool:
        """Whether the broker is spoken to with TLS."""
        return self.security_protocol in ("SSL", "SASL_SSL")

    @property
    def uses_sasl(self) -> bool:
        """Whether the broker wants a user name and a password."""
        return self.security_protocol.startswith("SASL_")

    @cached_property
    def topics(self) -> Topics:
        """The topics of this installation."""
        kept = Retention(self.retention_days, self.enriched_retention_days, self.dead_letter_retention_days)
        return topics(self.topic_prefix, self.partitions, self.max_item_bytes, kept)

    def changelog(self, table: str) -> Topic:
        """The topic behind a stage's table."""
        return changelog(self.topic_prefix, table, self.partitions)

    def group(self, stage: str) -> str:
        """The consumer group of a stage."""
        return consumer_group(self.topic_prefix, stage)


def describe() -> str:
    """Every setting by its environment variable, with default and sentence; for `--help`."""
    lines = []
    for name, info in Settings.model_fields.items():
        default = "none" if info.default in (None, ()) else info.default
        lines.append(f"STREAMS_{name.upper()} (default {default!s}): {info.description}")
    return "\n\n".join(lines)
