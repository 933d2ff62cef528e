"""`streams subscribe`: enriched articles as they come, picked by filters."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from streams.cli import subscribe as module
from streams.contract import codec
from streams.outputs.follow import Received
from streams.settings import Settings
from tests.cli.commands import Done
from tests.contract.examples import enriched

Streams = Callable[..., Done]


def received(identity: str, **changes: Any) -> Received:
    article = enriched(id=identity, **changes)
    return Received(article, (), codec.encode(article))


@pytest.fixture(autouse=True)
def _records(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two articles, a pause, a record that is none, and Ctrl-C."""

    def follow(settings: Settings, from_beginning: bool, group: str | None) -> Iterator[Received | None]:
        yield received("urn:x:1")
        yield received("urn:x:2", entities=(), quotes=())
        yield None
        yield Received(None, (), b"{}", "wrong_field: the field `id` is missing")
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "follow", follow)


def test_boxes_until_interrupted(streams: Streams) -> None:
    done = streams("subscribe")
    assert done.status == 0
    assert done.out.count("╭─ Ministerie verwerpt kritiek ─") == 2
    assert done.err == "streams: a record that is no enriched article: wrong_field: the field `id` is missing\n"


def test_json_lines_of_what_passes_the_filters(streams: Streams) -> None:
    done = streams("subscribe", "--json", "--type", "per", "--entity", "peeters")
    assert [json.loads(line)["id"] for line in done.out.splitlines()] == ["urn:x:1"]


def test_a_limit_counts_what_is_shown(streams: Streams) -> None:
    done = streams("subscribe", "--json", "--limit", "1")
    assert [json.loads(line)["id"] for line in done.out.splitlines()] == ["urn:x:1"]
    assert done.err == ""
