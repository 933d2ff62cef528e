"""Metrics of `streams ingest feed`, in a registry of their own: a worker has none of them, nor this the worker's."""

import time
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector
from prometheus_client.metrics import MetricWrapperBase

REGISTRY = CollectorRegistry()
OUTCOMES = ("read", "unchanged", "failed")
_LABELS = ("source", "feed")

POLLS = Counter(
    "news_feed_polls",
    "Polls of a feed: read, unchanged since the last, or failed.",
    [*_LABELS, "outcome"],
    registry=REGISTRY,
)
LAST_READ = Gauge(
    "news_feed_last_read_timestamp_seconds",
    "Unix time at which a feed was last read, or said to be unchanged; 0 before. A dead feed's stands still.",
    _LABELS,
    registry=REGISTRY,
)
LAST_NEW = Gauge(
    "news_feed_last_new_timestamp_seconds",
    "Unix time at which a feed last had a new or changed entry; 0 before. A quiet feed's stands still.",
    _LABELS,
    registry=REGISTRY,
)
ENTRIES = Counter("news_feed_entries", "New or changed entries that a feed had.", _LABELS, registry=REGISTRY)
DELIVERIES = Counter(
    "news_feed_deliveries", "Entries that the broker took (ok) or did not (refused).", ["outcome"], registry=REGISTRY
)
ProcessCollector(registry=REGISTRY)


@dataclass(frozen=True)
class FeedLabels:
    """A feed as labels: its source's name, and its address as it may be shown. As many as were named at the start."""

    source: str
    feed: str

    def start(self) -> None:
        """Starts its counters at 0, so that the first event is seen."""
        for outcome in OUTCOMES:
            POLLS.labels(self.source, self.feed, outcome)
        for metric in (LAST_READ, LAST_NEW, ENTRIES):
            metric.labels(self.source, self.feed)

    def polled(self, outcome: str, new: int) -> None:
        """Counts a poll, and the new entries in it."""
        POLLS.labels(self.source, self.feed, outcome).inc()
        if outcome != "failed":
            LAST_READ.labels(self.source, self.feed).set(time.time())
        if new:
            ENTRIES.labels(self.source, self.feed).inc(new)
            LAST_NEW.labels(self.source, self.feed).set(time.time())


def all_metrics() -> list[MetricWrapperBase]:
    """The metrics of this module, in its order."""
    return [metric for metric in globals().values() if isinstance(metric, MetricWrapperBase)]


for _outcome in ("ok", "refused"):
    DELIVERIES.labels(_outcome)
