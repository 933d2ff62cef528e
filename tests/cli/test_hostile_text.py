"""Text of the wire on a terminal: whatever command shows it, it steers nothing, hides nothing and forges no line."""

import io
import json
import os
import pty
import re
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from streams.cli import dead_letters, subscribe
from streams.contract import codec
from streams.contract.message import Message
from streams.contract.records import EnrichedArticle
from streams.outputs.dead_letters import Letter
from streams.outputs.follow import Received
from tests.cli.commands import Done
from tests.contract.examples import enriched
from tests.outputs.test_dead_letters import letter

Streams = Callable[..., Done]
EVIL = "\x1b]0;PWN\x07\x1b[31m\x9b1m\x7f\u202e\u200b\u2028\r\n2026-11-30 CRITICAL forged [bold]x[/] [link=http://x]y[/link]"
COLOURS = re.compile(r"\x1b\[[\d;]*m|\x1b\[\?25[lh]|\x1b\]8;[^\x1b]*\x1b\\")


def strange(shown: str) -> set[str]:
    """What is shown beyond text, newlines and colours."""
    shown = COLOURS.sub("", shown.replace("\r\n", "\n"))
    return {c for c in shown if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}


def harmless(shown: str) -> bool:
    return not strange(shown) and not re.search(r"^2026-11-30 CRITICAL", shown, re.MULTILINE)


def hostile() -> EnrichedArticle:
    """An article that carries it in every field of text, at unchanged offsets."""
    article = enriched()
    text = EVIL + article.text[len(EVIL) :] if len(article.text) > len(EVIL) else article.text
    return msgspec.structs.replace(
        article,
        id=EVIL,
        headline=EVIL,
        text=text.replace("\n", " "),
        source=EVIL,
        entities=tuple(msgspec.structs.replace(e, name=EVIL, link=EVIL) for e in article.entities),
        quotes=tuple(msgspec.structs.replace(q, text=EVIL) for q in article.quotes),
    )


@contextmanager
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Standard output is a terminal meanwhile; afterwards the list holds what stands there."""
    leader, follower = pty.openpty()
    shown: list[str] = []
    reader = threading.Thread(target=lambda: shown.append(until_closed(leader)))
    reader.start()
    with open(follower, "w", encoding="utf-8") as stdout, monkeypatch.context() as patched:  # noqa: PTH123
        patched.setattr("sys.stdout", stdout)
        yield shown
    reader.join()


def until_closed(leader: int) -> str:
    """What comes out of a terminal until its other end is closed."""
    shown = io.BytesIO()
    try:
        while piece := os.read(leader, 65_536):
            shown.write(piece)
    except OSError:  # Linux's way to say so
        pass
    os.close(leader)
    return shown.getvalue().decode()


def letters() -> list[Letter]:
    evil = EVIL.encode()
    read = Message(b"payload " + evil, evil, (("source", evil), ("content-type", evil), (EVIL, b"x")), EVIL)
    one = letter(read, offset=7)
    headers = tuple((n, evil if "errors" in n else v) for n, v in one.message.headers)
    return [Letter(Message(one.message.value, one.message.key, headers, one.message.topic, 2, 7))]


@pytest.fixture
def _letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dead_letters, "read", lambda settings: iter(letters()))
    monkeypatch.setattr(dead_letters, "read_at", lambda settings, places: iter([("2-7", letters()[0])]))
    refused = SimpleNamespace(letter=letters()[0], error=EVIL)
    monkeypatch.setattr(dead_letters, "retry", lambda settings, chosen: iter([refused for _ in chosen]))


@pytest.mark.usefixtures("_letters")
@pytest.mark.parametrize("arguments", [["list"], ["list", "--json"], ["show", "2-7"], ["retry", "--all"]], ids=" ".join)
def test_dead_letters(streams: Streams, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    with terminal(monkeypatch) as lines:
        done = streams("dead-letters", *arguments)
    (shown,) = lines
    assert harmless(done.err), repr(done.err)
    assert strange(shown) == set(), repr(shown)
    assert shown or arguments[0] == "retry"


@pytest.mark.usefixtures("_letters")
def test_a_pipe_gets_a_payload_byte_for_byte_and_json_that_says_the_same(streams: Streams) -> None:
    assert streams("dead-letters", "show", "2-7").out == "payload " + EVIL
    assert json.loads(streams("dead-letters", "list", "--json").out)["key"] == EVIL


@pytest.mark.parametrize("arguments", [[], ["--json"]], ids=["boxes", "json"])
def test_subscribe(streams: Streams, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    value = codec.encode(hostile())

    def follow(*_: Any) -> Iterator[Received]:
        yield Received(hostile(), (), value)
        yield Received(None, (), b"", f"not_parsed: {EVIL}")

    monkeypatch.setattr(subscribe, "follow", follow)
    with terminal(monkeypatch) as lines:
        done = streams("subscribe", *arguments)
    (shown,) = lines
    assert harmless(done.err), repr(done.err)
    assert done.err.startswith("streams: a record that is no enriched article: not_parsed: ␛]0;PWN␇")
    assert harmless(shown), repr(shown)
    if arguments:
        assert codec.decode(shown.encode(), EnrichedArticle) == codec.decode(value, EnrichedArticle)
    else:
        assert "[bold]x[/]" in shown


def test_enrich_names_a_hostile_file_and_what_is_wrong_with_it(streams: Streams, tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m\n2026-11-30 CRITICAL forged\udcff.json"
    path.write_text(json.dumps({"uri": EVIL, "version": EVIL, "language": 7}))
    done = streams("enrich", str(path))
    assert done.status == 1
    assert harmless(done.err), repr(done.err)
    assert "a␛[31m␊2026-11-30 CRITICAL forged�.json" in done.err
    assert harmless(streams("enrich", str(tmp_path / "\x1b[31m weg\n")).err)


def test_enrich_pretty_on_a_terminal(tmp_path: Path) -> None:
    """The command as a whole, in a terminal of its own, with what the cases of issue reports hold."""
    item = {"uri": EVIL, "headline": EVIL, "body_text": f"BRUSSEL - An Peeters zei {EVIL} dat.", "language": "nl"}
    killed = {"uri": "\x1b]0;PWN\x07\x1b[31mid", "pubstatus": "canceled", "language": "nl"}
    (tmp_path / "wire.jsonl").write_text("\n".join(json.dumps(one) for one in (item, killed)))
    shown = in_terminal("enrich", "--pretty", str(tmp_path / "wire.jsonl"))
    assert "Peeters" in shown
    assert "\x1b[" in shown, "no colours"
    assert harmless(shown), repr(strange(shown))
    assert harmless(in_terminal("enrich", str(tmp_path / "wire.jsonl")))


def in_terminal(*arguments: str) -> str:
    """What a command leaves on a terminal with colours, standard error included."""
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"}
    command = [sys.executable, "-m", "streams", *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=follower, stderr=follower, env=environment
    ) as child:
        os.close(follower)
        shown = until_closed(leader)
        child.wait(60)
    return shown
