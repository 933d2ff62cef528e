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
def finished(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two articles, a pause, a record that is none, and Ctrl-C; gives what a group would have committed."""
    finished: list[str] = []

    def follow(settings: Settings, from_beginning: bool, group: str | None) -> Iterator[Received | None]:
        for article in (received("urn:x:1"), received("urn:x:2", entities=(), quotes=())):
            yield article
            finished.append(article.article.id if article.article else "")
        yield None
        yield Received(None, (), b"{}", "wrong_field: the field `id` is missing")
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "follow", follow)
    return finished


def test_boxes_until_interrupted(streams: Streams) -> None:
    done = streams("subscribe")
    assert done.status == 0
    assert done.out.count("╭─ Ministerie verwerpt kritiek ─") == 2
    assert done.err == "streams: a record that is no enriched article: wrong_field: the field `id` is missing\n"


def test_json_lines_of_what_passes_the_filters(streams: Streams) -> None:
    done = streams("subscribe", "--json", "--type", "per", "--entity", "peeters")
    assert [json.loads(line)["id"] for line in done.out.splitlines()] == ["urn:x:1"]


@pytest.mark.parametrize(("limit", "shown"), [("1", ["urn:x:1"]), ("2", ["urn:x:1", "urn:x:2"])])
def test_a_limit_counts_what_is_shown_and_finishes_all_of_it(
    streams: Streams, finished: list[str], limit: str, shown: list[str]
) -> None:
    done = streams("subscribe", "--json", "--limit", limit)
    assert [json.loads(line)["id"] for line in done.out.splitlines()] == shown == finished
    assert done.err == ""


def test_what_could_not_be_shown_is_not_finished(
    streams: Streams, finished: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe whose reader has gone: the article comes again with the next call."""

    class Closed:
        def print(self, shown: object) -> None:
            raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(module, "Console", Closed)
    assert streams("subscribe").status == 1
    assert finished == []
