"""What a subscriber gets, and which articles it picks."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from streams.broker.clients import MissingTopicError
from streams.contract import codec
from streams.contract.records import Label, Language, LanguageFrom, SentimentAbsent
from streams.outputs import follow as module
from streams.outputs.follow import Filter, Received, follow
from streams.settings import Settings
from tests.contract.examples import enriched

DUTCH_NEGATIVE = enriched()  # about Peeters (PER, wikidata Q1)
FRENCH = enriched(
    language=Language(code="fr", confidence=0.9, from_=LanguageFrom.DETECTED),
    entities=(),
    quotes=(),
    sentiment=None,
    sentiment_absent=SentimentAbsent.UNSUPPORTED_LANGUAGE,
)


@pytest.mark.parametrize(
    ("wanted", "takes"),
    [
        (Filter(), (True, True)),
        (Filter(language="nl"), (True, False)),
        (Filter(language="fr"), (False, True)),
        (Filter(language="FR"), (False, True)),
        (Filter(language="NL_be"), (True, False)),
        (Filter(language="nl-NL"), (False, False)),
        (Filter(entity="peeters"), (True, False)),
        (Filter(entity="PEET"), (True, False)),
        (Filter(entity="https://www.wikidata.org/wiki/Q1"), (True, False)),
        (Filter(entity="https://www.wikidata.org/wiki/Q"), (False, False)),  # part of a link is another thing
        (Filter(entity="Janssens"), (False, False)),
        (Filter(entity_type="PER"), (True, False)),
        (Filter(entity_type="ORG"), (False, False)),
        (Filter(entity="Peeters", entity_type="ORG"), (False, False)),
        (Filter(sentiment="negative"), (True, False)),
        (Filter(sentiment=Label.POSITIVE), (False, False)),
        (Filter(sentiment="negative", language="fr"), (False, False)),
    ],
    ids=str,
)
def test_filter(wanted: Filter, takes: tuple[bool, bool]) -> None:
    assert (wanted.takes(DUTCH_NEGATIVE), wanted.takes(FRENCH)) == takes


def test_name_and_type_must_be_of_one_entity() -> None:
    peeters = DUTCH_NEGATIVE.entities[0]
    party = type(peeters)(id="e2", type="ORG", name="Lijst Vooruit", salience=0.1, mentions=())  # type: ignore[arg-type]
    both = enriched(entities=(peeters, party))
    assert Filter(entity="Vooruit", entity_type="ORG").takes(both)
    assert not Filter(entity="Vooruit", entity_type="PER").takes(both)


@dataclass
class FakeConsumer:
    """Gives these polls one after another; notes (records handed out, offset) of each commit."""

    polls: list[list[Any]]
    handed_out: list[int] = field(default_factory=list)
    commits: list[tuple[int, int]] = field(default_factory=list)
    closed: bool = False

    def topics(self) -> set[str]:
        return {"news.enriched"}

    def poll(self, timeout_ms: int) -> dict[str, list[Any]]:
        records = self.polls.pop(0)
        return {"news.enriched-0": records} if records else {}

    def commit(self, offsets: dict[str, Any]) -> None:
        self.commits += [(len(self.handed_out), position.offset) for position in offsets.values()]

    def close(self) -> None:
        self.closed = True


def record(value: bytes | None, offset: int = 0) -> Any:
    return SimpleNamespace(value=value, offset=offset, headers=[("ce_id", b"1"), ("note", None)])


def followed(
    consumer: FakeConsumer, count: int, monkeypatch: pytest.MonkeyPatch, **options: Any
) -> list[Received | None]:
    """The first records of a follower, which then ends."""
    seen: list[Received | None] = []
    asked: dict[str, Any] = {}

    def connect(settings: Settings, topics: list[str], **client: Any) -> FakeConsumer:
        asked.update(client, topics=topics)
        return consumer

    monkeypatch.setattr(module, "consumer", connect)
    records = follow(Settings(), **({"from_beginning": False} | options))
    for _ in range(count):
        seen.append(next(records))
        consumer.handed_out.append(len(seen))
    records.close()  # type: ignore[attr-defined]
    assert asked["topics"] == ["news.enriched"]
    assert asked["auto_offset_reset"] == ("earliest" if options.get("from_beginning") else "latest")
    assert consumer.closed
    return seen


def test_a_topic_that_is_not_there_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = FakeConsumer([])
    monkeypatch.setattr(consumer, "topics", lambda: {"news.raw"})
    monkeypatch.setattr(module, "consumer", lambda *_, **__: consumer)
    with pytest.raises(MissingTopicError, match=r"^no topic news\.enriched on .*`streams topics` creates it$"):
        next(follow(Settings(), from_beginning=False))
    assert consumer.closed


def test_articles_as_they_come_and_none_when_nothing_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    value = codec.encode(DUTCH_NEGATIVE)
    seen = followed(FakeConsumer([[record(value)], [], [record(value)]]), 3, monkeypatch)
    assert seen[0] == Received(DUTCH_NEGATIVE, (("ce_id", b"1"), ("note", b"")), value)
    assert seen[1] is None
    assert seen[2] == seen[0]


@pytest.mark.parametrize(
    ("value", "problem"), [(b"{}", "wrong_field: Object missing required field"), (None, "empty_payload: ")]
)
def test_a_record_that_is_no_article_says_so(
    value: bytes | None, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (seen,) = followed(FakeConsumer([[record(value)]]), 1, monkeypatch, from_beginning=True)
    assert seen is not None
    assert (seen.article, seen.value) == (None, value or b"")
    assert (seen.problem or "").startswith(problem)


def test_a_group_commits_once_a_batch_was_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    value = codec.encode(DUTCH_NEGATIVE)
    consumer = FakeConsumer([[record(value, 0), record(value, 1)], [], [record(value, 2)]])
    followed(consumer, 4, monkeypatch, group="desk")
    assert consumer.commits == [(2, 2)], "the third record was handed out, but nobody asked for more"


def test_a_group_that_ends_in_a_batch_goes_on_with_what_it_had_not_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    value = codec.encode(DUTCH_NEGATIVE)
    consumer = FakeConsumer([[record(value, 7), record(value, 8)]])
    followed(consumer, 2, monkeypatch, group="desk")
    assert consumer.commits == [(2, 8)]


def test_a_group_that_fails_on_its_first_record_commits_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with a pipe whose reader has gone."""
    value = codec.encode(DUTCH_NEGATIVE)
    consumer = FakeConsumer([[record(value, 0), record(value, 1)]])
    followed(consumer, 1, monkeypatch, group="desk")
    assert consumer.commits == []


def test_without_a_group_nothing_is_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = FakeConsumer([[record(codec.encode(DUTCH_NEGATIVE))], []])
    followed(consumer, 2, monkeypatch)
    assert consumer.commits == []
