"""Each event moves its metrics, and labels stay bounded whatever a feed declares."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from prometheus_client import REGISTRY

from streams.contract.event import Event
from streams.contract.outcome import DeadLetter, Reason
from streams.contract.records import Article, Change, Language, LanguageFrom, SentimentAbsent, Skipped, TaggedArticle
from streams.telemetry.events import BatchWorked, DeliveryRetried, LagSeen, Rebalanced, StageFinished, observe
from tests.contract.examples import enriched

Moved = Callable[[object], dict[str, float]]


@pytest.fixture
def moved() -> Moved:
    """What an event moves: `name{labels}` of every counter, count and gauge that is different after it."""

    def samples() -> dict[str, float]:
        return {
            f"{s.name}{{{','.join(s.labels.values())}}}": s.value
            for family in REGISTRY.collect()
            if family.name.startswith("news_")
            for s in family.samples
            if not s.name.endswith(("_created", "_bucket", "_sum"))
        }

    def observed(event: object) -> dict[str, float]:
        before = samples()
        observe(event)
        gauges = ("news_feed", "news_consumer")
        return {
            name: value if name.startswith(gauges) else value - before.get(name, 0)
            for name, value in samples().items()
            if value != before.get(name)
        }

    return observed


def as_kind(kind: type[Any], **changes: Any) -> Any:
    """The example as an earlier stage had it."""
    article = enriched(**changes)
    return kind(**{name: getattr(article, name) for name in kind.__struct_fields__})


def said(article: Article) -> Event:
    """An article as the one event of a stage."""
    return Event(article, article)


def test_an_article_normalised(moved: Moved) -> None:
    received = datetime.now(UTC)
    times = msgspec.structs.replace(enriched().times, received=received)
    assert moved(StageFinished("normalise", said(as_kind(Article, times=times)), 0.01, None, "npd")) == {
        "news_stage_records_total{normalise,ok}": 1,
        "news_stage_duration_seconds_count{normalise}": 1,
        "news_articles_total{nl,npd}": 1,
        "news_feed_last_item_timestamp_seconds{npd}": received.timestamp(),
    }


def test_an_article_tagged(moved: Moved) -> None:
    assert moved(StageFinished("entities", said(as_kind(TaggedArticle)), 0.01, "nl-entities")) == {
        "news_stage_records_total{entities,ok}": 1,
        "news_stage_duration_seconds_count{entities}": 1,
        "news_inference_duration_seconds_count{nl-entities}": 1,
        "news_entities_total{PER}": 1,
    }


def test_an_article_enriched(moved: Moved) -> None:
    assert moved(StageFinished("sentiment", said(enriched()), 0.01, "nl-sentiment")) == {
        "news_stage_records_total{sentiment,ok}": 1,
        "news_stage_duration_seconds_count{sentiment}": 1,
        "news_inference_duration_seconds_count{nl-sentiment}": 1,
        "news_sentiment_total{negative}": 1,
        "news_end_to_end_latency_seconds_count{}": 1,
    }


def test_latency_is_from_reception_to_now() -> None:
    def total() -> float:
        return REGISTRY.get_sample_value("news_end_to_end_latency_seconds_sum") or 0.0

    before = total()
    received = datetime.now(UTC) - timedelta(seconds=7)
    times = msgspec.structs.replace(enriched().times, received=received)
    observe(StageFinished("sentiment", said(enriched(times=times)), 0.01, None))
    assert total() - before == pytest.approx(7, abs=1)


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"skipped": Skipped.UNSUPPORTED_LANGUAGE}, "unsupported_language"),
        ({"change": Change.KILL}, "kill"),
    ],
)
def test_what_passes_without_work_is_counted_as_such_and_not_as_inference(
    moved: Moved, changes: dict[str, Any], outcome: str
) -> None:
    absent = {"sentiment": None, "sentiment_absent": SentimentAbsent.NOTHING_TO_JUDGE}
    seen = moved(StageFinished("sentiment", said(enriched(**changes, **absent)), 0.01, "nl-sentiment"))
    assert seen[f"news_stage_records_total{{sentiment,{outcome}}}"] == 1
    assert seen["news_sentiment_total{none}"] == 1
    assert not any(name.startswith("news_inference") for name in seen)


def test_a_dead_letter(moved: Moved) -> None:
    error = DeadLetter(Reason.NO_TEXT, "neither headline nor body")
    assert moved(StageFinished("normalise", error, 0.01, None)) == {
        "news_stage_records_total{normalise,dead_letter}": 1,
        "news_stage_duration_seconds_count{normalise}": 1,
        "news_dead_letters_total{normalise,no_text}": 1,
    }


@pytest.mark.parametrize(("code", "label"), [("nl", "nl"), ("fr", "fr"), ("x-klingon", "other"), ("", "other")])
def test_an_unknown_language_is_other(moved: Moved, code: str, label: str) -> None:
    language = Language(code=code, confidence=1.0, from_=LanguageFrom.DECLARED)
    seen = moved(StageFinished("normalise", said(as_kind(Article, language=language)), 0.01, None))
    assert seen[f"news_articles_total{{{label},other}}"] == 1


def test_a_source_that_nobody_named_is_other(moved: Moved) -> None:
    """The article's own `source` is never a label: only the agent knows which names are configured."""
    seen = moved(StageFinished("normalise", said(as_kind(Article, source="no-such-feed")), 0.01, None))
    assert not any("no-such-feed" in name for name in seen)
    assert seen["news_articles_total{nl,other}"] == 1


def test_a_batch(moved: Moved) -> None:
    assert moved(BatchWorked("nl-entities", 16)) == {"news_inference_batch_size_count{nl-entities}": 1}
    assert moved(BatchWorked(None, 16)) == {}


def test_retries_and_rebalances(moved: Moved) -> None:
    assert moved(DeliveryRetried("entities", 3)) == {"news_delivery_retries_total{entities}": 3}
    assert moved(Rebalanced("entities")) == {"news_rebalances_total{entities}": 1}


def test_lag_of_partitions_that_are_gone_is_removed(moved: Moved) -> None:
    observe(LagSeen("news.articles", {0: (5, 1000.0), 11: (0, 0.0)}))
    observe(LagSeen("news.entities", {0: (7, 900.0)}))
    observe(LagSeen("news.articles", {11: (2, 2000.0)}))
    assert _gauge("news_consumer_lag_records", "news.articles") == {"11": 2}
    assert _gauge("news_consumer_position_timestamp_seconds", "news.articles") == {"11": 2000.0}
    assert _gauge("news_consumer_lag_records", "news.entities") == {"0": 7}
    observe(LagSeen("news.articles", {}))
    assert _gauge("news_consumer_lag_records", "news.articles") == {}


def _gauge(name: str, topic: str) -> dict[str, float]:
    families = [family for family in REGISTRY.collect() if family.name == name]
    return {s.labels["partition"]: s.value for f in families for s in f.samples if s.labels["topic"] == topic}


def test_an_event_without_metrics_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="no metrics for str"):
        observe("stage finished")
