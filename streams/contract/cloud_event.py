"""CloudEvents 1.0 in Kafka's binary mode: the event's attributes as headers.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
"""

import hashlib
from datetime import datetime

from streams.contract.message import Headers
from streams.contract.records import Article, Change
from streams.contract.topics import StageName

TYPES: dict[StageName, str] = {
    "normalise": "news.article.normalised.v1",
    "entities": "news.article.tagged.v1",
    "sentiment": "news.article.enriched.v1",
}
KILLED = "news.article.killed.v1"
TRACE_HEADERS = ("traceparent", "tracestate")


def event_type(stage: StageName, article: Article) -> str:
    """The `ce_type` of what a stage emits; a kill has one of its own on every topic."""
    return KILLED if article.change is Change.KILL else TYPES[stage]


def event_id(stage: StageName, article: Article) -> str:
    """A deterministic `ce_id` (64 hex digits): the same input through the same pipeline has the same id.

    Hashed are item id, version, the wire payload's digest, the stage, and the pipeline digests of this
    stage and of those before it, which `article.produced_by` carries.
    """
    parts = [article.id, str(article.version), article.wire_sha256, stage]
    parts += [f"{step.stage}={step.pipeline}" for step in article.produced_by]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def event_headers(stage: StageName, article: Article, time: datetime, incoming: Headers = ()) -> Headers:
    """The headers of an emitted event; trace headers of the incoming record are passed on."""
    kind = event_type(stage, article)
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": event_id(stage, article),
        "ce_source": f"urn:streams:{stage}",
        "ce_type": kind,
        "ce_subject": article.id,
        "ce_time": time.isoformat().replace("+00:00", "Z"),
        "ce_dataschema": f"urn:streams:schema:{TYPES[stage]}",
        "content-type": "application/json",
    }
    trace = tuple((name, value) for name, value in incoming if name in TRACE_HEADERS)
    return tuple((name, value.encode()) for name, value in attributes.items()) + trace
