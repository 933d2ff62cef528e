"""Settings come from the environment or a file, are checked, and never change."""

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from streams.settings import Settings, describe


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"STREAMS_{name.upper()}", raising=False)


def test_defaults_work_on_one_machine() -> None:
    settings = Settings()
    assert settings.broker == "localhost:9092"
    assert settings.web_host == "127.0.0.1"
    assert settings.topics.raw.name == "news.raw"
    assert settings.group("entities") == "news-entities"


def test_the_environment_counts_under_its_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMS_BROKER", "kafka-1:9092,kafka-2:9092")
    monkeypatch.setenv("STREAMS_TOPIC_PREFIX", "anp.")
    monkeypatch.setenv("STREAMS_MAX_ITEM_BYTES", "2000")
    monkeypatch.setenv("STREAMS_SOURCES", '["belga","anp"]')
    monkeypatch.setenv("BROKER", "not ours")
    settings = Settings()
    assert settings.broker == "kafka-1:9092,kafka-2:9092"
    assert settings.sources == ("belga", "anp")
    assert settings.topics.raw.max_message_bytes == 4 * 2000
    assert settings.group("normalise") == "anp-normalise"


def test_how_long_topics_keep_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMS_RETENTION_DAYS", "3")
    monkeypatch.setenv("STREAMS_ENRICHED_RETENTION_DAYS", "365")
    monkeypatch.setenv("STREAMS_DEAD_LETTER_RETENTION_DAYS", "0.25")
    assert [topic.config["retention.ms"] for topic in Settings().topics] == [
        *["259200000"] * 3,
        "31536000000",
        "21600000",
    ]


def test_a_file_of_settings(tmp_path: Path) -> None:
    """`STREAMS_ENV_FILE` is read when the process starts; the environment goes before it."""
    file = tmp_path / "streams.env"
    file.write_text("STREAMS_PARTITIONS=12\nSTREAMS_LOG_LEVEL=debug\n")
    code = "from streams.settings import Settings as S; print(S().partitions, S().log_level)"
    env = {"STREAMS_ENV_FILE": str(file), "STREAMS_LOG_LEVEL": "error"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "12 error\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("broker", ""),
        ("broker", "kafka1:9092,,kafka2:9092"),
        ("broker", "kafka1:port"),
        ("broker", "kafka://kafka1:9092"),
        ("broker", "kafka1:99999"),
        ("partitions", "0"),
        ("partitions", "many"),
        ("max_item_bytes", "10"),
        ("topic_prefix", "nieuws/"),
        ("topic_prefix", ""),
        ("topic_prefix", "nieuws één."),
        ("tier", "best"),
        ("log_level", "loud"),
        ("batch_wait", "0"),
        ("batch_wait", "5"),
        ("web_port", "70000"),
        ("log_level", "loud"),
        ("session_timeout", "0"),
        ("retention_days", "0"),
    ],
)
def test_a_wrong_value_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"STREAMS_{name.upper()}", value)
    with pytest.raises(ValidationError) as raised:
        Settings()
    assert [error["loc"] for error in raised.value.errors()] == [(name,)]


@pytest.mark.parametrize("value", ["kafka1", "kafka1:9092, kafka2:9092", "[::1]:9092", "10.0.0.1:9092", "my_kafka:1"])
def test_brokers(value: str) -> None:
    assert Settings(broker=value).broker == value


@pytest.mark.parametrize(
    ("value", "names"),
    [('["belga","anp"]', ("belga", "anp")), ("belga, anp", ("belga", "anp")), ("belga", ("belga",)), ("", ())],
)
def test_sources_by_commas_or_as_json(value: str, names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMS_SOURCES", value)
    assert Settings().sources == names


@pytest.mark.parametrize("value", ["[belga,anp]", '["belga"', "[1]"])
def test_sources_that_are_no_json_name_the_setting(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMS_SOURCES", value)
    with pytest.raises(ValidationError) as raised:
        Settings()
    assert raised.value.errors()[0]["loc"][0] == "sources"


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().broker = "other:9092"  # type: ignore[misc]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_has_a_default_and_a_sentence(name: str) -> None:
    field = Settings.model_fields[name]
    assert not field.is_required()
    assert field.description
    assert field.description.endswith(".")


def test_help_names_every_setting_with_its_default() -> None:
    lines = describe().split("\n\n")
    assert [line.split(" ")[0] for line in lines] == [f"STREAMS_{name.upper()}" for name in Settings.model_fields]
    assert "STREAMS_BROKER (default localhost:9092): Kafka bootstrap servers, comma-separated." in lines


def test_heartbeats_must_come_in_time() -> None:
    """Kafka takes a member for dead after the session timeout: three heartbeats must fit into it."""
    with pytest.raises(ValidationError, match="STREAMS_HEARTBEAT_INTERVAL"):
        Settings(session_timeout=6, heartbeat_interval=3)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"security_protocol": "SASL_SSL"}, "STREAMS_SASL_USERNAME and STREAMS_SASL_PASSWORD_FILE"),
        ({"security_protocol": "SASL_SSL", "sasl_username": "desk"}, "both"),
        ({"sasl_username": "desk", "sasl_password_file": "secret"}, "go with a SASL_… protocol"),
        ({"security_protocol": "SSL", "ssl_cert_file": "desk.pem"}, "go together"),
        ({"ssl_ca_file": "ca.pem"}, "a protocol that ends in SSL"),
    ],
    ids=str,
)
def test_half_of_security_is_refused(given: dict[str, str], problem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set but would not be used may not pass for secure."""
    for name, value in given.items():
        monkeypatch.setenv(f"STREAMS_{name.upper()}", value)
    with pytest.raises(ValidationError, match=problem):
        Settings()


@pytest.mark.parametrize(
    "given", [{"batch_words": 1_000_000}, {"model_words": 1_000_000}, {"rebalance_timeout": 5}], ids=str
)
def test_a_batch_must_fit_into_a_rebalance(given: dict[str, int]) -> None:
    """A worker that still computes when the rebalance is over loses what it computed."""
    with pytest.raises(ValidationError, match="STREAMS_REBALANCE_TIMEOUT"):
        Settings(**given)  # type: ignore[arg-type]


def test_longer_reading_with_more_time() -> None:
    assert Settings(model_words=200_000, rebalance_timeout=300).model_words == 200_000
