"""CloudEvents 1.0 in Kafka's binary mode: the event's attributes as headers.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
"""

import hashlib
from datetime import datetime

from streams.contract.event import Event
from streams.contract.graph import spec
from streams.contract.message import Headers
from streams.contract.records import Article, Change

KILLED = "news.article.killed.v1"
TRACE_HEADERS = ("traceparent", "tracestate")


def event_type(stage: str, article: Article) -> str:
    """The `ce_type` of what a stage says of an article; a kill has one of its own on every topic."""
    return KILLED if article.change is Change.KILL else spec(stage).event_type


def event_id(stage: str, article: Article, part: str = "") -> str:
    """A deterministic `ce_id` (64 hex digits): the same input through the same pipeline has the same id.

    Hashed are item id, version, the wire payload's digest, the stage, and the pipeline digests of this
    stage and of those before it, which `article.produced_by` carries; and `part`, which tells apart what one
    stage says of one article.
    """
    parts = [article.id, str(article.version), article.wire_sha256, stage]
    parts += [f"{step.stage}={step.pipeline}" for step in article.produced_by]
    parts += [f"part={part}"] if part else []
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def event_headers(stage: str, event: Event, time: datetime, incoming: Headers = ()) -> Headers:
    """The headers of an emitted event; trace headers of the incoming record are passed on."""
    kind = event.kind or event_type(stage, event.article)
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": event_id(stage, event.article, event.part),
        "ce_source": f"urn:streams:{stage}",
        "ce_type": kind,
        "ce_subject": event.article.id,
        "ce_time": time.isoformat().replace("+00:00", "Z"),
        "ce_dataschema": f"urn:streams:schema:{event.kind or spec(stage).event_type}",
        "content-type": "application/json",
    }
    trace = tuple((name, value) for name, value in incoming if name in TRACE_HEADERS)
    return tuple((name, value.encode()) for name, value in attributes.items()) + trace
