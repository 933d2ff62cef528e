"""Where Kafka cannot be started, its tests are skipped with the reason."""

from pathlib import Path

import pytest

from tests.broker.kafka.nodes import KafkaUnavailableError, fetch, java_version


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment', 17),
        ('Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "25" 2025-09-16', 25),
        ('java version "1.8.0_402"', 8),
        ("No Java runtime present", 0),
    ],
)
def test_the_version_of_java(said: str, version: int) -> None:
    assert java_version(said) == version


def test_an_old_java_is_a_reason_to_skip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("java", "openssl"):
        (tmp_path / name).write_text("""#!/bin/sh\necho 'openjdk version "11.0.2" 2019-01-15' >&2\n""")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(
        KafkaUnavailableError, match=r'^Kafka needs Java 17 or newer; `java -version` says: .*"11\.0\.2"'
    ):
        fetch()
