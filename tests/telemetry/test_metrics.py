"""The names that dashboards and alerts are built on."""

from prometheus_client import REGISTRY

from streams.telemetry import metrics

NAMES = {
    "news_stage_records_total": ("stage", "outcome"),
    "news_stage_duration_seconds": ("stage",),
    "news_inference_duration_seconds": ("model",),
    "news_inference_batch_size": ("model",),
    "news_end_to_end_latency_seconds": (),
    "news_consumer_lag_records": ("topic", "partition"),
    "news_consumer_position_timestamp_seconds": ("topic", "partition"),
    "news_consumer_resets_total": ("stage", "cause"),
    "news_consumer_deleted_unread_records_total": ("stage",),
    "news_consumer_unreadable": ("topic", "partition"),
    "news_dead_letters_total": ("stage", "reason"),
    "news_entities_total": ("entity_type",),
    "news_sentiment_total": ("sentiment",),
    "news_articles_total": ("language", "source"),
    "news_feed_last_item_timestamp_seconds": ("source",),
    "news_rebalances_total": ("stage",),
    "news_delivery_retries_total": ("stage",),
    "news_build_info": ("version",),
    "news_model_info": ("stage", "model", "version", "digest"),
}


def test_names() -> None:
    exported = {
        family.name + ("_total" if family.type == "counter" else "")
        for family in REGISTRY.collect()
        if family.name.startswith("news_")
    }
    assert exported == set(NAMES)


def test_labels() -> None:
    ours = {name: metric for name, metric in vars(metrics).items() if name.isupper() and not name.startswith("_")}
    labels = {
        metric._name + ("_total" if metric._type == "counter" else ""): metric._labelnames for metric in ours.values()
    }
    assert labels == NAMES


def test_every_metric_says_what_it_is() -> None:
    for family in REGISTRY.collect():
        if family.name.startswith("news_"):
            assert family.documentation.endswith(".")
