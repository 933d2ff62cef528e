"""Every metric, in one module. Base units; labels have bounded values only."""

from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.metrics import MetricWrapperBase

from streams.contract.graph import stage_names
from streams.contract.outcome import Reason
from streams.contract.records import EntityType, Label

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_LATENCY = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800)
_RESET_CAUSES = ("deleted", "beyond_end")
_COUNTS = (1, 2, 4, 8, 16, 32, 64, 128, 256)

STAGE_RECORDS = Counter("news_stage_records", "Records that a stage finished, by outcome.", ["stage", "outcome"])
STAGE_DURATION = Histogram("news_stage_duration_seconds", "Work on one record in a stage.", ["stage"], buckets=_SECONDS)
INFERENCE_DURATION = Histogram(
    "news_inference_duration_seconds",
    "Work on one article in a stage with a model: inference, and what is made of it.",
    ["model"],
    buckets=_SECONDS,
)
INFERENCE_BATCH = Histogram(
    "news_inference_batch_size", "Articles taken together for a model.", ["model"], buckets=_COUNTS
)
END_TO_END = Histogram(
    "news_end_to_end_latency_seconds",
    "From an item's reception to its enriched event acknowledged by the broker.",
    buckets=_LATENCY,
)
LAG = Gauge(
    "news_consumer_lag_records",
    "Records behind the partition's end (of what is committed); absent while it is not known.",
    ["topic", "partition"],
)
POSITION_TIME = Gauge(
    "news_consumer_position_timestamp_seconds",
    "Unix time of the oldest record not yet worked; 0 when there is none, absent while not known.",
    ["topic", "partition"],
)
RESETS = Counter(
    "news_consumer_resets",
    "Positions that were not in a partition's log: deleted before they were read, or beyond the log's end.",
    ["stage", "cause"],
)
DELETED_UNREAD = Counter(
    "news_consumer_deleted_unread_records", "Offsets that were deleted before a stage had read them.", ["stage"]
)
UNREADABLE = Gauge(
    "news_consumer_unreadable",
    "1 where a partition stands at a batch that cannot be read, 0 where it does not.",
    ["topic", "partition"],
)
DEAD_LETTERS = Counter("news_dead_letters", "Records that became dead letters, delivered.", ["stage", "reason"])
ENTITIES = Counter("news_entities", "Entities found, one per entity and article.", ["entity_type"])
SENTIMENT = Counter("news_sentiment", "Articles by sentiment; none where there is nothing to judge.", ["sentiment"])
ARTICLES = Counter("news_articles", "Articles normalised.", ["language", "source"])
FEED_LAST_ITEM = Gauge(
    "news_feed_last_item_timestamp_seconds", "Unix time at which a feed's last item was received.", ["source"]
)
REBALANCES = Counter("news_rebalances", "Rebalances of a stage's consumer group seen by this worker.", ["stage"])
DELIVERY_RETRIES = Counter("news_delivery_retries", "Deliveries that failed and were sent again.", ["stage"])
BUILD_INFO = Gauge("news_build_info", "1; the build is in the labels.", ["version"])
MODEL_INFO = Gauge("news_model_info", "1; the model is in the labels.", ["stage", "model", "version", "digest"])


def all_metrics() -> list[MetricWrapperBase]:
    """The metrics of this module, in its order."""
    return [metric for metric in globals().values() if isinstance(metric, MetricWrapperBase)]


def _start_at_zero() -> None:
    # Prometheus sees no increase in a counter's first sample: without a 0 before it, the first event is lost.
    for stage in stage_names():
        REBALANCES.labels(stage)
        DELIVERY_RETRIES.labels(stage)
        DELETED_UNREAD.labels(stage)
        for cause in _RESET_CAUSES:
            RESETS.labels(stage, cause)
        for outcome in ("ok", "dead_letter"):
            STAGE_RECORDS.labels(stage, outcome)
        for reason in Reason:
            DEAD_LETTERS.labels(stage, reason)
    for kind in EntityType:
        ENTITIES.labels(kind)
    for sentiment in (*Label, "none"):
        SENTIMENT.labels(sentiment)


_start_at_zero()
