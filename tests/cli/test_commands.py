"""The command line without a broker: help, schemas, and one clear line for what is wrong."""

import io
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from streams import __version__
from streams.broker.clients import BrokerUnreachableError
from streams.broker.embedded import free_port
from streams.cli import waiting
from streams.cli import worker as worker_module
from streams.contract.schemas import json_schemas
from streams.settings import Settings
from tests.broker.support import status
from tests.cli.commands import Done

Streams = Callable[..., Done]


def test_the_commands(streams: Streams) -> None:
    done = streams("--help")
    assert done.status == 0
    for command in ("demo", "worker", "enrich", "ingest", "subscribe", "topics", "schema"):
        assert f"\n  {command} " in done.out


def test_the_console_script_is_the_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "streams", "schema", "article"], capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(done.stdout) == json_schemas()["article"]


def test_schema_of_a_record(streams: Streams) -> None:
    done = streams("schema", "enriched")
    assert (done.status, json.loads(done.out)) == (0, json_schemas()["enriched"])


def test_schema_of_all_topics_follows_the_prefix(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMS_TOPIC_PREFIX", "anp.")
    document = json.loads(streams("schema").out)
    assert document["channels"]["enriched"]["address"] == "anp.enriched"


def test_schema_of_something_else(streams: Streams) -> None:
    done = streams("schema", "mention")
    assert done.status == 2
    assert "no record 'mention'; there are article, tagged, enriched" in " ".join(done.err.split())


@pytest.mark.parametrize(
    "command", [["topics"], ["topics", "--check"], ["subscribe"], ["ingest", "files", __file__]], ids=" ".join
)
def test_without_a_broker_it_is_one_clear_line(streams: Streams, command: list[str]) -> None:
    done = streams(*command)
    assert (done.status, done.out) == (1, "")
    assert done.err.splitlines() == [
        "streams: no Kafka broker at 127.0.0.1:9 (connection refused): start one, or set STREAMS_BROKER"
    ]


def test_a_host_that_is_not_known_is_told_from_one_that_refuses(
    streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = socket.getaddrinfo

    def resolve(host: Any, *rest: Any, **named: Any) -> Any:
        if host == "kafka1":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return known(host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setenv("STREAMS_BROKER", "kafka1,localhost:9")
    assert streams("topics").err == (
        "streams: no Kafka broker at kafka1:9092 (host name not known), localhost:9 (connection refused): "
        "start one, or set STREAMS_BROKER\n"
    )


def test_the_version(streams: Streams) -> None:
    done = streams("--version")
    assert (done.status, done.out) == (0, f"streams {__version__}\n")


@pytest.mark.parametrize(
    "command",
    [["subscribe", "--limit", "-1"], ["demo", "--every", "-1"], ["ingest", "feed", "x.xml", "--every", "-1"]],
    ids=" ".join,
)
def test_less_than_nothing_is_refused(streams: Streams, command: list[str]) -> None:
    done = streams(*command)
    assert done.status == 2
    assert f"Invalid value for '{command[-2]}'" in done.err


@pytest.mark.parametrize("command", [["subscribe"], ["ingest", "files"], ["ingest", "feed", "x.xml"], ["enrich"]])
def test_a_language_that_is_no_code_is_refused(streams: Streams, command: list[str]) -> None:
    done = streams(*command, "--language", "French", stdin=io.BytesIO(b""))
    assert done.status == 2
    assert "French is no language code such as nl, FR or nl-BE" in " ".join(done.err.split())


def test_wrong_settings_are_one_line_that_names_them(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMS_PARTITIONS", "many")
    monkeypatch.setenv("STREAMS_WEB_PORT", "-1")
    done = streams("topics")
    assert done.status == 1
    (line,) = done.err.splitlines()
    assert line.startswith("streams: STREAMS_PARTITIONS: Input should be a valid integer")
    assert "; STREAMS_WEB_PORT: Input should be greater than or equal to 0" in line


def test_settings_that_do_not_go_together_are_one_line(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMS_SECURITY_PROTOCOL", "SASL_SSL")
    done = streams("topics")
    assert done.status == 1
    assert done.err == (
        "streams: STREAMS_SASL_USERNAME and STREAMS_SASL_PASSWORD_FILE go with a SASL_… protocol, both\n"
    )


def test_worker_help_names_every_setting(streams: Streams) -> None:
    done = streams("worker", "--help")
    assert done.status == 0
    words = done.out.split()
    for name in Settings.model_fields:
        assert f"STREAMS_{name.upper()}" in words


def test_worker_with_a_stage_that_is_none(streams: Streams) -> None:
    done = streams("worker", "--stages", "entities,wrong")
    assert done.status == 2
    assert "no stage wrong; the stages are normalise, entities, sentiment" in " ".join(done.err.split())


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the stages that a worker was started with; no model is loaded, nothing runs."""
    names: list[str] = []
    graph = SimpleNamespace(build_stages=lambda settings, chosen: list(chosen))
    flow = SimpleNamespace(run_worker=lambda stages, settings: names.extend(stages))
    monkeypatch.setitem(sys.modules, "streams.stages.graph", graph)
    monkeypatch.setitem(sys.modules, "streams.flow.worker", flow)
    monkeypatch.setattr(worker_module, "set_up_logging", lambda level: None)
    monkeypatch.setattr(waiting, "missing_topics", lambda settings: [])
    return names


@pytest.mark.parametrize(
    ("stages", "names"),
    [("", ["normalise", "entities", "sentiment"]), ("entities", ["entities"]), (" sentiment , entities,", None)],
)
def test_worker_runs_the_stages_that_are_named(
    streams: Streams, ran: list[str], stages: str, names: list[str] | None
) -> None:
    done = streams("worker", "--stages", stages)
    assert (done.status, ran) == (0, names or ["sentiment", "entities"])


def test_worker_without_its_topics_says_what_to_do(
    streams: Streams, ran: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "missing_topics", lambda settings: ["news.raw", "news.enriched"])
    done = streams("worker")
    assert (done.status, ran) == (1, [])
    assert done.err == "streams: no topic news.raw, news.enriched on 127.0.0.1:9: run `streams topics` first\n"


def test_worker_waits_for_a_broker_that_is_away_alive_but_not_ready(
    streams: Streams, ran: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setenv("STREAMS_WEB_PORT", str(port))
    monkeypatch.setattr(waiting, "_FIRST_PAUSE", 0.01)
    seen: list[tuple[int, int]] = []

    def missing(settings: Settings) -> list[str]:
        seen.append((status(port, "healthz"), status(port, "readyz")))
        if len(seen) < 3:
            raise BrokerUnreachableError("no")
        return []

    monkeypatch.setattr(waiting, "missing_topics", missing)
    assert streams("worker", "--stages", "entities").status == 0
    assert (ran, seen) == (["entities"], [(200, 503)] * 3)


def test_worker_on_a_port_that_is_taken_is_one_line(
    streams: Streams, ran: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("STREAMS_WEB_PORT", str(port))
        done = streams("worker")
    assert (done.status, ran) == (1, [])
    assert done.err == (
        f"streams: STREAMS_WEB_HOST, STREAMS_WEB_PORT: cannot listen on 127.0.0.1:{port}: address already in use\n"
    )


def test_settings_that_are_none_are_one_line(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMS_BROKR", "kafka:9092")
    done = streams("topics")
    assert (done.status, done.out) == (1, "")
    assert done.err == "streams: STREAMS_BROKR is no setting; did you mean STREAMS_BROKER?\n"


def test_a_file_of_settings_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    """It is named when the process starts."""
    done = subprocess.run(
        [sys.executable, "-m", "streams", "schema"],
        env={**os.environ, "STREAMS_ENV_FILE": str(tmp_path / "streams.env")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"streams: STREAMS_ENV_FILE: {tmp_path}/streams.env: No such file or directory\n"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("GAZETTEER", 'name,type,link\n"unclosed,PER,x\n', "{}, line 2: a quote is left open"),
        ("GAZETTEER", None, "{}: No such file or directory"),
        ("ENTITIES_PACKAGE", None, "{}: no installed package, and no folder, of this name"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line_that_names_its_setting(
    streams: Streams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str | None, told: str
) -> None:
    file = tmp_path / "file"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv(f"STREAMS_{name}", str(file))
    done = streams("enrich", stdin=io.BytesIO(b"Brand in Gent"))
    assert (done.status, done.out) == (1, "")
    assert done.err == f"streams: STREAMS_{name}: {told.format(file)}\n"
