"""Metrics of polled feeds."""

from streams.telemetry import feeds

NAMES = {
    "news_feed_polls_total": ("source", "feed", "outcome"),
    "news_feed_last_read_timestamp_seconds": ("source", "feed"),
    "news_feed_last_new_timestamp_seconds": ("source", "feed"),
    "news_feed_entries_total": ("source", "feed"),
    "news_feed_deliveries_total": ("outcome",),
}


def value(name: str, **labels: str) -> float | None:
    return feeds.REGISTRY.get_sample_value(name, labels)


def test_names_and_labels() -> None:
    ours = {m._name + ("_total" if m._type == "counter" else ""): tuple(m._labelnames) for m in feeds.all_metrics()}
    assert ours == NAMES
    for metric in feeds.all_metrics():
        assert metric._documentation.endswith(".")


def test_a_poll_moves_them() -> None:
    labels = feeds.FeedLabels("npd", "https://nieuws.example/metrics-test")
    named = {"source": labels.source, "feed": labels.feed}
    labels.start()
    assert value("news_feed_polls_total", outcome="failed", **named) == 0
    labels.polled("failed", 0)
    assert value("news_feed_polls_total", outcome="failed", **named) == 1
    assert value("news_feed_last_read_timestamp_seconds", **named) == 0
    labels.polled("unchanged", 0)
    assert value("news_feed_last_read_timestamp_seconds", **named) != 0
    assert value("news_feed_last_new_timestamp_seconds", **named) == 0
    labels.polled("read", 3)
    assert value("news_feed_entries_total", **named) == 3
    assert value("news_feed_last_new_timestamp_seconds", **named) != 0
