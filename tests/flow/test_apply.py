"""One record through one stage: an event, or a dead letter, and never an exception."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from streams.contract import codec
from streams.contract.cloud_event import event_id
from streams.contract.event import Event
from streams.contract.message import Message
from streams.contract.outcome import DeadLetter, Ok, Reason
from streams.contract.records import Article, Span, TaggedArticle
from streams.models.provenance import ModelInfo
from streams.settings import Settings
from streams.stages.stage import Stage, apply, reject
from tests.flow.plain_worker import plain_stages
from tests.stages.only import article, error, only

NORMALISE, ENTITIES, SENTIMENT = plain_stages(Settings())
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ITEM = Message(
    b'{"uri": "urn:x:1", "version": 3, "text": "Brand in Gent"}',
    key=b"urn:x:1",
    headers=(("source", b"npd"), ("traceparent", b"00-a-b-01")),
    topic="news.raw",
    partition=2,
    offset=7,
)


def _letter(stage: Stage, message: Message = ITEM) -> tuple[DeadLetter, dict[str, bytes]]:
    applied = apply(stage, message)
    sent = only(applied)
    assert (sent.topic, sent.key, sent.value) == ("news.dead-letters", message.key, message.value)
    assert sent.headers[: len(message.headers)] == message.headers
    return error(applied), dict(sent.headers)


def test_an_article_goes_on_stamped_and_under_its_id() -> None:
    applied = apply(replace(NORMALISE, now=lambda: NOW), ITEM)
    said, sent = article(applied), only(applied)
    assert (sent.topic, sent.key) == ("news.articles", b"urn:x:1")
    assert codec.decode(sent.value, Article) == Ok(said)
    assert said.times.normalised == NOW
    assert [(s.stage, s.pipeline) for s in said.produced_by] == [("normalise", NORMALISE.digest)]
    headers = dict(sent.headers)
    assert headers["ce_id"].decode() == event_id("normalise", said)
    assert headers["ce_time"] == b"2026-03-02T09:30:00Z"
    assert headers["traceparent"] == b"00-a-b-01"
    assert 0 <= applied.seconds < 10


def test_each_stage_adds_its_entry_and_its_time() -> None:
    message = ITEM
    for stage in (NORMALISE, ENTITIES, SENTIMENT):
        sent = only(apply(replace(stage, now=lambda: NOW), message))
        message = Message(sent.value, sent.key, sent.headers)
    event = msgspec.json.decode(message.value or b"")
    assert [step["stage"] for step in event["produced_by"]] == ["normalise", "entities", "sentiment"]
    assert {event["times"][name] for name in ("normalised", "entities", "enriched")} == {"2026-03-02T09:30:00Z"}


def test_a_model_is_named_on_what_it_produced() -> None:
    model = ModelInfo("nl-entities", "1.2", "sha256:abc")
    tagged = article(apply(replace(ENTITIES, model=model), Message(only(apply(NORMALISE, ITEM)).value)))
    assert isinstance(tagged, TaggedArticle)
    step = tagged.produced_by[-1]
    assert (step.model, step.version, step.digest) == ("nl-entities", "1.2", "sha256:abc")


def test_the_same_record_twice_has_the_same_id_and_differs_only_in_times() -> None:
    first, second = apply(NORMALISE, ITEM), apply(NORMALISE, ITEM)
    assert dict(only(first).headers)["ce_id"] == dict(only(second).headers)["ce_id"]
    one, other = (
        msgspec.structs.replace(article(applied), times=article(first).times, produced_by=())
        for applied in (first, second)
    )
    assert one == other


def _several(message: Message) -> Sequence[Event | DeadLetter]:
    """Two articles of one record, something that is said of the first, and a part that cannot be read."""
    (first,) = NORMALISE.work(message)
    assert isinstance(first, Event)
    second = msgspec.structs.replace(first.article, id="urn:x:2", wire_sha256="of its own part")
    mention = Event(Span(start=0, end=5), first.article, "enriched", "loc:gent", "news.entity.mentioned.v1", "loc:gent")
    return [first, mention, Event(second, second), DeadLetter(Reason.NOT_PARSED, "part 3")]


def test_a_stage_gives_any_number_of_events_in_its_order() -> None:
    applied = apply(replace(NORMALISE, work=_several), ITEM)
    assert [(sent.topic, sent.key) for sent in applied.outgoing] == [
        ("news.articles", b"urn:x:1"),
        ("news.enriched", b"loc:gent"),
        ("news.articles", b"urn:x:2"),
        ("news.dead-letters", ITEM.key),
    ]
    assert applied.outgoing[3].value == ITEM.value
    ids = [dict(sent.headers)["ce_id"] for sent in applied.outgoing[:3]]
    assert len(set(ids)) == 3
    assert ids == [dict(sent.headers)["ce_id"] for sent in apply(replace(NORMALISE, work=_several), ITEM).outgoing[:3]]


def test_what_is_said_of_an_article_bears_the_pipelines_that_made_it() -> None:
    first, other = (apply(replace(NORMALISE, work=_several, settings=(value,)), ITEM) for value in ("a", "b"))
    assert dict(first.outgoing[1].headers)["ce_id"] != dict(other.outgoing[1].headers)["ce_id"]


@pytest.mark.parametrize(
    "changed",
    [
        replace(ENTITIES, model=ModelInfo("nl-entities", "1.2", "sha256:abc")),
        replace(ENTITIES, settings=("gazetteer sha256:abc",)),
        replace(ENTITIES, name="sentiment"),
    ],
    ids=["model", "setting", "stage"],
)
def test_the_pipeline_digest_tells_what_changes_the_output(changed: Stage) -> None:
    assert changed.digest.startswith("sha256:")
    assert changed.digest != ENTITIES.digest


def test_a_dead_letter_of_the_stage() -> None:
    problem, headers = _letter(NORMALISE, replace(ITEM, value=b"{"))
    assert problem.reason is Reason.NOT_PARSED
    assert headers["__connect.errors.stage"] == b"normalise"
    assert headers["__connect.errors.offset"] == b"7"


def test_a_stage_that_raises() -> None:
    problem, headers = _letter(NORMALISE, replace(ITEM, value=b'{"uri": "urn:x:1", "text": "raise"}'))
    assert (problem.reason, problem.exception_class) == (Reason.STAGE_RAISED, "RuntimeError")
    assert headers["__connect.errors.exception.message"] == b"stage_raised: this article cannot be worked"
    assert b"in normalise" in headers["__connect.errors.exception.stacktrace"]


def test_what_the_stage_before_wrote_and_no_version_can_read() -> None:
    problem, _ = _letter(ENTITIES, replace(ITEM, value=b'{"id": 7}'))
    assert problem.reason is Reason.WRONG_FIELD


def test_a_result_that_has_no_utf8() -> None:
    """Half a surrogate pair is a string to Python, and to no broker."""

    def torn(message: Message) -> Sequence[Event]:
        whole = article(apply(NORMALISE, message))
        broken = msgspec.structs.replace(whole, text="Brand \ud83d")
        return [Event(whole, whole), Event(broken, broken)]

    problem, headers = _letter(replace(NORMALISE, work=torn))
    assert (problem.reason, problem.exception_class) == (Reason.STAGE_RAISED, "UnicodeEncodeError")
    assert b"surrogates not allowed" in headers["__connect.errors.exception.message"]


def test_an_exception_that_quotes_half_a_surrogate_pair() -> None:
    def raises(message: Message) -> Sequence[Event]:
        raise ValueError("\ud83d")

    _, headers = _letter(replace(NORMALISE, work=raises))
    assert headers["__connect.errors.exception.message"] == b"stage_raised: \\ud83d"


def test_endless_recursion_is_the_articles() -> None:
    def recurse(message: Message) -> Sequence[Event]:
        return recurse(message)

    problem, _ = _letter(replace(NORMALISE, work=recurse))
    assert problem.exception_class == "RecursionError"


def test_rejected_by_the_broker() -> None:
    record = reject(SENTIMENT, ITEM, DeadLetter(Reason.TOO_LARGE, "9 MB"))
    assert (record.topic, record.value) == ("news.dead-letters", ITEM.value)
    assert dict(record.headers)["__connect.errors.reason"] == b"too_large"
