"""`python -m streams.telemetry.describe`: docs/metrics.md, from the metrics themselves."""

from collections.abc import Iterable, Iterator

from prometheus_client.metrics import MetricWrapperBase

from streams.contract.graph import stage_names
from streams.contract.outcome import Reason
from streams.contract.records import EntityType, Label, Skipped
from streams.telemetry import feeds, metrics

_LABELS = {
    "stage": ", ".join(f"`{stage}`" for stage in stage_names()),
    "outcome": "of polls "
    + ", ".join(f"`{outcome}`" for outcome in feeds.OUTCOMES)
    + "; of deliveries `ok`, `refused`; of a stage `ok`, `dead_letter`, or why it passed an article on as it is: "
    + "`kill`, "
    + ", ".join(f"`{skipped}`" for skipped in Skipped),
    "cause": "`deleted` (by retention, or by hand), `beyond_end` (records were lost, or the topic made again)",
    "reason": ", ".join(f"`{reason}`" for reason in Reason),
    "topic": "the topics that stages read: `news.raw`, `news.articles`, `news.entities` (prefix as configured)",
    "partition": "as many as the topic has; gone from a worker with the partition",
    "source": "the names in `STREAMS_SOURCES`, and `other`; of a poller: its feeds' names",
    "feed": "a polled feed's address, without user name, password and what its query says",
    "language": "`nl`, `fr`, `de`, `en`, `other`",
    "entity_type": ", ".join(f"`{kind}`" for kind in EntityType),
    "sentiment": ", ".join(f"`{label}`" for label in Label) + ", `none`",
    "model": "names of the models loaded: one a stage",
    "version": "of the package, or of a model",
    "digest": "`sha256:` of a model's files, as on the events it had a part in",
}

_HEAD = """\
# Metrics

Made by `python -m streams.telemetry.describe`; a test keeps it current.

A worker serves these at `http://STREAMS_WEB_HOST:STREAMS_WEB_PORT/metrics` (by default on loopback, port 9108).
Every worker process has a registry and a port of its own, so several on one host are several targets; sums and
maxima over `instance` are right. Units are base units; what counts ends in `_total`; counters of known labels
start at 0, so that `increase` sees the first event. Labels have bounded values only: never a headline, an entity,
an id or the text of an exception. Besides, there are `process_*` and `python_*` of the Python client.
"""


_FEEDS = """\
## Of polled feeds

`streams ingest feed --metrics-port PORT` serves these instead, on `STREAMS_WEB_HOST`. A feed that is dead:
`time() - news_feed_last_read_timestamp_seconds` grows. One that is quiet is read, and only
`time() - news_feed_last_new_timestamp_seconds` grows.
"""


def describe() -> str:
    """The page, as Markdown: a table of metrics and one of label values."""
    return "\n".join(
        [
            _HEAD,
            *_metrics(metrics.all_metrics()),
            "",
            _FEEDS,
            *_metrics(feeds.all_metrics()),
            "",
            "## Labels",
            "",
            *_labels(),
            "",
        ]
    )


def name(metric: MetricWrapperBase) -> str:
    """A metric's name as it is exported; a histogram's without `_bucket`, `_sum` and `_count`."""
    return str(metric._name) + ("_total" if metric._type == "counter" else "")


def _metrics(shown: Iterable[MetricWrapperBase]) -> Iterator[str]:
    yield "| metric | type | labels | |\n|---|---|---|---|"
    for metric in shown:
        labels = ", ".join(f"`{label}`" for label in metric._labelnames)
        yield f"| `{name(metric)}` | {metric._type} | {labels} | {metric._documentation} |"


def _labels() -> Iterator[str]:
    yield "| label | values |\n|---|---|"
    used = {label for metric in (*metrics.all_metrics(), *feeds.all_metrics()) for label in metric._labelnames}
    for label in sorted(used):
        yield f"| `{label}` | {_LABELS[label]} |"


if __name__ == "__main__":
    print(describe(), end="")
