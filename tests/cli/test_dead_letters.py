"""`streams dead-letters`: which letters a call picks, and what it tells."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pytest

from streams.cli import dead_letters as module
from streams.outputs.dead_letters import Letter, Retried
from streams.settings import Settings
from tests.cli.commands import Done
from tests.outputs.test_dead_letters import READ, letter

Streams = Callable[..., Done]
SENT: list[str] = []
BEFORE: list[Letter] = []  # further ones, that were sent again before


@pytest.fixture(autouse=True)
def _letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three letters; the broker refuses the last."""
    SENT.clear()
    BEFORE.clear()
    steering = READ.__class__(b"x", b"\x1b[2Jurn", READ.headers, "news.raw")
    letters = [letter(offset=1), letter(offset=2), letter(steering, offset=3)]

    def retry(settings: Settings, chosen: Iterable[Letter]) -> Iterator[Retried]:
        for one in chosen:
            SENT.append(one.place)
            yield Retried(one, "TimeoutError: late" if one.place == "2-3" else None)

    def read_at(settings: Settings, places: Iterable[str]) -> Iterator[tuple[str, Letter | None]]:
        there = {one.place: one for one in letters}
        return ((place, there.get(place)) for place in places)

    monkeypatch.setattr(module, "read", lambda settings: iter([*letters, *BEFORE]))
    monkeypatch.setattr(module, "read_at", read_at)
    monkeypatch.setattr(module, "retry", retry)


def test_a_table_whose_text_cannot_steer_the_terminal(streams: Streams) -> None:
    done = streams("dead-letters", "list")
    assert done.err == "3 dead letters\n"
    assert done.out.count("wrong_encoding") >= 3
    assert "\x1b" not in done.out


def test_json_lines(streams: Streams) -> None:
    first = json.loads(streams("dead-letters", "list", "--json", "--limit", "1").out)
    assert {k: first[k] for k in ("partition", "offset", "stage", "reason", "topic", "key", "bytes")} == {
        "partition": 2,
        "offset": 1,
        "stage": "normalise",
        "reason": "wrong_encoding",
        "topic": "news.raw",
        "key": "urn:x:1",
        "bytes": 7,
    }


def test_show_gives_the_payload_as_it_is(streams: Streams) -> None:
    done = streams("dead-letters", "show", "2-1")
    assert done.out.encode(errors="surrogateescape").endswith(b" kapot")
    assert "__connect.errors.reason: wrong_encoding\n" in done.err
    assert streams("dead-letters", "show", "9-9").err == "streams: no dead letter at 9-9\n"


@pytest.mark.parametrize(
    ("arguments", "sent", "told", "status"),
    [
        (["--all", "--limit", "2"], ["2-1", "2-2"], "2 dead letters sent again, 0 not", 0),
        (["--all"], ["2-1", "2-2", "2-3"], "2-3: not sent: TimeoutError: late|2 dead letters sent again, 1 not", 1),
        (["--reason", "no_text"], [], "0 dead letters sent again, 0 not, 3 left that do not match", 0),
        (["--stage", "sentiment"], [], "0 dead letters sent again, 0 not, 3 left that do not match", 0),
        (["2-2", "5-0"], ["2-2"], "5-0: no dead letter there|1 dead letters sent again, 1 not", 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_retry(streams: Streams, arguments: list[str], sent: list[str], told: str, status: int) -> None:
    done = streams("dead-letters", "retry", *arguments)
    assert (done.status, SENT, done.err.splitlines()) == (status, sent, told.split("|"))


def test_what_was_sent_again_before_is_passed_over(streams: Streams) -> None:
    BEFORE.append(replace(letter(offset=4), retried="2026-11-30T08:00:00+00:00"))
    done = streams("dead-letters", "retry", "--reason", "wrong_encoding")
    assert SENT == ["2-1", "2-2", "2-3"]
    assert done.err.endswith("2 dead letters sent again, 1 not, 1 passed over that were sent again before\n")
    last = json.loads(streams("dead-letters", "list", "--json").out.splitlines()[-1])
    assert last["retried"] == "2026-11-30T08:00:00+00:00"


@pytest.mark.parametrize(("since", "count"), [("1h", 3), ("2020-01-01", 3), ("2999-01-01T00:00+01:00", 0), ("0s", 0)])
def test_since(streams: Streams, since: str, count: int) -> None:
    assert len(streams("dead-letters", "list", "--json", "--since", since).out.splitlines()) == count
    streams("dead-letters", "retry", "--since", since)
    assert len(SENT) == count


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01", "3w", ""])
def test_a_time_that_is_none(streams: Streams, since: str) -> None:
    done = streams("dead-letters", "retry", "--since", since)
    assert (done.status, SENT) == (2, [])
    assert "is no time; write 2h, 3d or 2026-11-30T08:00" in " ".join(done.err.split())


@pytest.mark.parametrize("arguments", [[], ["2-1", "--all"], ["2-1", "--reason", "no_text"], ["--limit", "3"]], ids=str)
def test_a_retry_that_does_not_say_what_sends_nothing(streams: Streams, arguments: list[str]) -> None:
    done = streams("dead-letters", "retry", *arguments)
    assert (done.status, SENT) == (2, [])
    assert "one of these" in done.err


def test_a_stage_or_reason_that_is_none(streams: Streams) -> None:
    assert "no stage wrong; the stages are" in " ".join(streams("dead-letters", "list", "--stage", "wrong").err.split())
    assert streams("dead-letters", "list", "--reason", "wrong").status == 2
