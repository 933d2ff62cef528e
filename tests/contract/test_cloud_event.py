"""Events as CloudEvents in binary mode; an id says what an event is, not when it was made."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest

from streams.contract.cloud_event import event_headers, event_id, event_type
from streams.contract.event import Event
from streams.contract.graph import stage_names
from streams.contract.records import Change, EnrichedArticle
from tests.contract.examples import at, enriched, step

PINNED = "60398429c70644cf5af64522dcb3e0d490db55f777f50fbc71e0f0e3af2d5cad"
OTHER_DIGEST = "sha256:" + 64 * "d"


def said(article: EnrichedArticle) -> Event:
    """An article as the one event of a stage."""
    return Event(article, article)


def test_headers_are_complete() -> None:
    article = enriched()
    assert dict(event_headers("sentiment", said(article), at(6))) == {
        "ce_specversion": b"1.0",
        "ce_id": event_id("sentiment", article).encode(),
        "ce_source": b"urn:streams:sentiment",
        "ce_type": b"news.article.enriched.v1",
        "ce_subject": b"urn:newsml:example.org:20260302:a1",
        "ce_time": b"2026-03-02T09:30:06Z",
        "ce_dataschema": b"urn:streams:schema:news.article.enriched.v1",
        "content-type": b"application/json",
    }


def test_time_is_rfc_3339() -> None:
    time = datetime(2026, 3, 2, 9, 30, 6, 123456, tzinfo=UTC)
    headers = dict(event_headers("sentiment", said(enriched()), time))
    assert datetime.fromisoformat(headers["ce_time"].decode()) == time
    assert headers["ce_time"].endswith(b"Z")
    brussels = time.astimezone(timezone(timedelta(hours=1)))
    assert dict(event_headers("sentiment", said(enriched()), brussels))["ce_time"].endswith(b"+01:00")


@pytest.mark.parametrize(
    ("stage", "kind"),
    [
        ("normalise", "news.article.normalised.v1"),
        ("entities", "news.article.tagged.v1"),
        ("sentiment", "news.article.enriched.v1"),
    ],
)
def test_each_stage_has_its_type_and_a_kill_its_own(stage: str, kind: str) -> None:
    assert event_type(stage, enriched()) == kind
    assert event_type(stage, enriched(change=Change.KILL)) == "news.article.killed.v1"


def test_a_kill_keeps_the_schema_of_its_topic() -> None:
    headers = dict(event_headers("entities", said(enriched(change=Change.KILL)), at(6)))
    assert headers["ce_dataschema"] == b"urn:streams:schema:news.article.tagged.v1"


def test_trace_headers_are_passed_on_and_nothing_else() -> None:
    incoming = (
        ("content-type", b"text/plain"),
        ("source", b"npd"),
        ("traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ("ce_id", b"the id of the event before"),
        ("tracestate", b"a=1"),
    )
    headers = event_headers("entities", said(enriched()), at(6), incoming)
    assert headers[-2:] == (incoming[2], incoming[4])
    names = [name for name, _ in headers]
    assert len(names) == len(set(names))
    assert "source" not in names


def test_id_is_the_same_whatever_the_clock_and_the_seconds() -> None:
    later = datetime(2027, 1, 1, tzinfo=UTC)
    repeat = enriched(
        times=msgspec.structs.replace(enriched().times, received=later, normalised=later, enriched=later),
        produced_by=tuple(msgspec.structs.replace(s, seconds=9.0) for s in enriched().produced_by),
    )
    assert event_id("sentiment", repeat) == event_id("sentiment", enriched())


def test_id_is_the_same_in_another_process() -> None:
    """Pinned: a change of what goes into the hash makes every consumer see every event once more."""
    assert event_id("sentiment", enriched()) == PINNED


def _with_pipeline(position: int) -> dict[str, Any]:
    steps = list(enriched().produced_by)
    steps[position] = step(steps[position].stage, steps[position].model, pipeline=OTHER_DIGEST)
    return {"produced_by": tuple(steps)}


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "urn:newsml:example.org:20260302:a2"},
        {"version": 3},
        {"wire_sha256": 64 * "e"},
        _with_pipeline(0),
        _with_pipeline(1),
        _with_pipeline(2),
    ],
    ids=["item", "version", "payload", "pipeline of normalise", "pipeline of entities", "own pipeline"],
)
def test_id_differs(changes: dict[str, Any]) -> None:
    assert event_id("sentiment", enriched(**changes)) != event_id("sentiment", enriched())


def test_id_differs_by_stage() -> None:
    article: EnrichedArticle = enriched()
    assert len({event_id(stage, article) for stage in stage_names()}) == 3


def test_what_one_stage_says_of_one_article_is_told_apart_by_its_part() -> None:
    article = enriched()
    keys = ("per:an-peeters", "loc:gent")
    mentions = [Event(None, article, kind="news.entity.mentioned.v1", part=key) for key in keys]
    headers = [dict(event_headers("sentiment", event, at(6))) for event in (said(article), *mentions)]
    assert len({one["ce_id"] for one in headers}) == 3
    assert headers[1]["ce_type"] == b"news.entity.mentioned.v1"
    assert headers[1]["ce_dataschema"] == b"urn:streams:schema:news.entity.mentioned.v1"
