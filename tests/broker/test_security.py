"""TLS, mutual TLS and SASL on real listeners: what is right gets through, what is wrong is one clear line."""

import asyncio
import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from streams.broker import clients
from streams.broker.admin import create_topics
from streams.broker.security import BrokerRefusedError, check_access
from streams.settings import Settings
from tests.broker.kafka.nodes import PASSWORD, USER, Kafka
from tests.broker.support import PLAIN, Run

pytestmark = pytest.mark.broker
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
COMMANDS = (
    ["topics"],
    ["subscribe"],
    ["ingest", "files", "-"],
    ["ingest", "feed", "feed.xml", "--every", "0"],
    ["worker", "--stages", "normalise"],
    ["dead-letters", "list"],
    ["dead-letters", "show", "0-0"],
    ["dead-letters", "retry", "--all"],
)
FEED = "<rss version='2.0'><channel><item><guid>urn:x:2</guid><title>Bericht</title></item></channel></rss>"


@dataclass(frozen=True)
class Access:
    """Settings for a listener of the broker, without the prefix."""

    broker: str
    settings: Mapping[str, str]

    def of(self, **changes: str | None) -> "Access":
        """The same with other settings; None takes one away."""
        return Access(self.broker, {k: v for k, v in (dict(self.settings) | changes).items() if v is not None})

    def run(self, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """`streams …` with these settings."""
        named = {f"STREAMS_{name}": value for name, value in {"BROKER": self.broker, **self.settings, **more}.items()}
        return subprocess.run(
            [sys.executable, "-m", "streams", *arguments],
            env={**os.environ, **named},
            input='{"uri": "urn:x:1", "headline": "Beveiligd"}',
            capture_output=True,
            text=True,
            timeout=60,
        )


@pytest.fixture
def access(one_node: Kafka, tmp_path: Path) -> dict[str, Access]:
    """Right settings for each listener, by its name, and for each SASL mechanism."""
    (tmp_path / "password").write_text(PASSWORD + "\n")
    made = one_node.certificates
    tls = {"SECURITY_PROTOCOL": "SSL", "SSL_CA_FILE": str(made.authority.cert)}
    mutual = tls | {"SSL_CERT_FILE": str(made.client.cert), "SSL_KEY_FILE": str(made.client.key)}
    user = {"SASL_USERNAME": USER, "SASL_PASSWORD_FILE": str(tmp_path / "password")}
    right = {"SSL": Access(one_node.address("SSL"), tls), "MUTUAL": Access(one_node.address("MUTUAL"), mutual)}
    for mechanism in MECHANISMS:
        sasl = user | {"SASL_MECHANISM": mechanism}
        right[f"SASL_SSL {mechanism}"] = Access(
            one_node.address("SASL_SSL"), tls | sasl | {"SECURITY_PROTOCOL": "SASL_SSL"}
        )
        right[f"SASL_PLAINTEXT {mechanism}"] = Access(
            one_node.address("SASL_PLAINTEXT"), sasl | {"SECURITY_PROTOCOL": "SASL_PLAINTEXT"}
        )
    return right


LISTENERS = ["SSL", "MUTUAL", *(f"SASL_{kind} {m}" for kind in ("SSL", "PLAINTEXT") for m in MECHANISMS)]


@pytest.mark.parametrize("listener", LISTENERS)
def test_a_client_gets_in_with_the_right_settings(access: dict[str, Access], listener: str) -> None:
    """`streams topics` makes the topics over each kind of connection."""
    prefix = f"in.{listener.replace(' ', '.')}."
    done = access[listener].run("topics", TOPIC_PREFIX=prefix, PARTITIONS="1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("created") == 6


@pytest.mark.parametrize("listener", ["MUTUAL", "SASL_SSL SCRAM-SHA-512", "SASL_PLAINTEXT SCRAM-SHA-256"])
def test_an_article_goes_all_the_way(one_node: Kafka, access: dict[str, Access], listener: str, tmp_path: Path) -> None:
    """Ingested, worked, read by a subscriber, or kept and sent again: each through the secured listener alone."""
    plain = Settings(broker=one_node.address(), topic_prefix=f"way.{listener.replace(' ', '.')}.", partitions=2)
    create_topics(plain)
    way = access[listener].of(TOPIC_PREFIX=plain.topic_prefix)
    with Run(plain, tmp_path) as run:
        worker = run.start(PLAIN, **{**way.settings, "BROKER": way.broker})
        article = tmp_path / "een.json"
        article.write_text('{"uri": "urn:x:1", "text": "Beveiligd"}')
        assert way.run("ingest", "files", str(article)).returncode == 0
        run.wait_until(lambda: len(run.enriched.records) == 1, 60, "the article")
        read = way.run("subscribe", "--from-beginning", "--limit", "1", "--json")
        assert json.loads(read.stdout)["text"] == "Beveiligd", read.stderr

        feed = tmp_path / "feed.xml"  # its entries are no JSON, so the plain stage refuses them
        feed.write_text(FEED)
        assert way.run("ingest", "feed", str(feed), "--every", "0").returncode == 0
        run.wait_until(lambda: len(run.dead_letters.records) == 1, 60, "the entry as a dead letter")
        listed = way.run("dead-letters", "list", "--json")
        letter = json.loads(listed.stdout)
        shown = way.run("dead-letters", "show", f"{letter['partition']}-{letter['offset']}")
        assert "urn:x:2" in shown.stdout
        again = way.run("dead-letters", "retry", "--all")
        assert again.stderr == "1 dead letters sent again, 0 not\n"
        run.wait_until(lambda: len(run.dead_letters.records) == 2, 60, "the entry a second time")
        assert worker.stop() == 0


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_wrong_password_is_one_clear_line(access: dict[str, Access], command: list[str], tmp_path: Path) -> None:
    """From every command, at once."""
    (tmp_path / "wrong").write_text("niet zo geheim\n")
    began = time.monotonic()
    done = access["SASL_SSL SCRAM-SHA-512"].of(SASL_PASSWORD_FILE=str(tmp_path / "wrong")).run(*command)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = [line for line in done.stderr.splitlines() if "invalid credentials" in line]
    assert line.startswith("streams: the Kafka broker at 127.0.0.1:")
    assert line.endswith("see STREAMS_SASL_USERNAME and STREAMS_SASL_PASSWORD_FILE")
    assert done.stderr.splitlines()[-1] == line
    assert time.monotonic() - began < 20
    assert "geheim" not in done.stderr


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("ours", [None, "stranger"])
def test_a_certificate_that_the_broker_does_not_know(
    one_node: Kafka, access: dict[str, Access], command: list[str], ours: str | None
) -> None:
    """Or none at all, where the broker wants one."""
    stranger = one_node.certificates.stranger
    cert, key = (str(stranger.cert), str(stranger.key)) if ours else (None, None)
    done = access["MUTUAL"].of(SSL_CERT_FILE=cert, SSL_KEY_FILE=key).run(*command)
    assert (done.returncode, done.stdout) == (1, "")
    line = done.stderr.splitlines()[-1]
    assert "refuses: TLS failed" in line
    assert line.endswith("see STREAMS_SSL_CERT_FILE and STREAMS_SSL_KEY_FILE")


def test_a_refusal_leaves_nothing_for_the_garbage_collector_to_say(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stream that broke holds its exception in a future: a traceback under the one clear line, if collected late."""

    async def broken(settings: Settings) -> tuple[str, dict[str, str]]:
        asyncio.get_running_loop().create_future().set_exception(OSError("broken stream"))
        return "the Kafka broker refuses", {}

    monkeypatch.setattr("streams.broker.security._look", broken)
    with pytest.raises(BrokerRefusedError):
        check_access(Settings())
    gc.collect()
    assert caplog.text == ""


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_broker_whose_certificate_we_do_not_know(
    one_node: Kafka, access: dict[str, Access], command: list[str]
) -> None:
    done = access["SSL"].of(SSL_CA_FILE=str(one_node.certificates.stranger.cert)).run(*command)
    assert (done.returncode, done.stdout) == (1, "")
    line = done.stderr.splitlines()[-1]
    assert "its certificate does not hold" in line
    assert line.endswith("see STREAMS_SSL_CA_FILE")


def test_a_broker_under_another_name_than_its_certificate_has(access: dict[str, Access]) -> None:
    """`localhost` is the same machine, but not the name that was vouched for."""
    port = access["SSL"].broker.rsplit(":", 1)[1]
    done = Access(f"localhost:{port}", access["SSL"].settings).run("topics")
    assert done.returncode == 1
    assert "certificate is not valid for 'localhost'" in done.stderr


def test_a_mechanism_that_the_listener_does_not_have(access: dict[str, Access], one_node: Kafka) -> None:
    """A SASL client at a listener without SASL."""
    right = access["SASL_PLAINTEXT PLAIN"]
    done = Access(one_node.address("PLAINTEXT"), right.settings).run("topics")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("see STREAMS_SECURITY_PROTOCOL and STREAMS_SASL_MECHANISM")


@pytest.mark.parametrize(
    ("listener", "ours", "says"),
    [
        ("SSL", "plain", "it wants TLS; see STREAMS_SECURITY_PROTOCOL"),
        ("SASL_PLAINTEXT", "plain", "it wants a password; see STREAMS_SECURITY_PROTOCOL"),
        ("SASL_SSL", "SASL_PLAINTEXT PLAIN", "it wants TLS; see STREAMS_SECURITY_PROTOCOL"),
        ("PLAINTEXT", "SSL", "it does not speak TLS; see STREAMS_SECURITY_PROTOCOL"),
        ("SASL_SSL", "SSL", "it wants a password; see STREAMS_SECURITY_PROTOCOL"),
    ],
)
def test_another_protocol_than_the_listener_has(
    access: dict[str, Access], one_node: Kafka, listener: str, ours: str, says: str
) -> None:
    """Neither side would say so by itself: the broker hangs up, the client tries again."""
    settings = {} if ours == "plain" else access[ours].settings
    done = Access(one_node.address(listener), settings).run("topics")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith(f" refuses: {says}")


def test_nobody_there_is_another_thing_than_refused(access: dict[str, Access], monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker with TLS waits for a broker that is away; a client command says that it is."""
    monkeypatch.setattr(clients, "_PATIENCE_MS", 300)
    for name, value in access["MUTUAL"].settings.items():
        monkeypatch.setenv(f"STREAMS_{name}", value)
    with pytest.raises(clients.BrokerUnreachableError, match=r"^no Kafka broker at 127\.0\.0\.1:9 "):
        clients.admin(Settings(broker="127.0.0.1:9"))


def test_a_password_is_in_no_log_even_at_debug(access: dict[str, Access], one_node: Kafka, tmp_path: Path) -> None:
    """PLAIN sends it as it is, and the clients' libraries log requests whole at that level."""
    plain = Settings(broker=one_node.address(), topic_prefix="debug.", partitions=1)
    create_topics(plain)
    way = access["SASL_PLAINTEXT PLAIN"]
    with Run(plain, tmp_path) as run:
        worker = run.start(PLAIN, **{**way.settings, "BROKER": way.broker, "LOG_LEVEL": "debug"})
        run.send([("u1", b'{"uri": "u1", "text": "tekst"}', [])])
        run.wait_until(lambda: len(run.enriched.records) == 1, 60, "the article")
        started = way.run("worker", "--stages", "normalise", LOG_LEVEL="debug", TOPIC_PREFIX="nowhere.")
    assert started.returncode == 1
    log = worker.log + started.stderr
    assert " DEBUG " in log
    assert PASSWORD not in log
