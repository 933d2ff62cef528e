"""The contract as documents: JSON Schema of every record, AsyncAPI of the topics."""

from typing import Any

import msgspec

from streams.contract.cloud_event import KILLED, TYPES
from streams.contract.outcome import Reason
from streams.contract.records import Article, EnrichedArticle, TaggedArticle
from streams.contract.topics import Topics

_RECORDS = {"article": Article, "tagged": TaggedArticle, "enriched": EnrichedArticle}
_TYPES = {"article": TYPES["normalise"], "tagged": TYPES["entities"], "enriched": TYPES["sentiment"]}


def json_schemas() -> dict[str, dict[str, Any]]:
    """JSON Schema (2020-12) by record: article, tagged, enriched. The `$id` is the events' `ce_dataschema`."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {
        name: head | {"$id": f"urn:streams:schema:{_TYPES[name]}"} | msgspec.json.schema(kind)
        for name, kind in _RECORDS.items()
    }


def asyncapi(topics: Topics) -> dict[str, Any]:
    """The AsyncAPI 3.0 document: one channel a topic, its key, its messages."""
    payloads, schemas = msgspec.json.schema_components(
        list(_RECORDS.values()), ref_template="#/components/schemas/{name}"
    )
    payload_of = dict(zip(_RECORDS, payloads, strict=True))
    channels = {
        "raw": _channel(topics.raw.name, "the wire payload as received", {"contentType": "application/octet-stream"})
    }
    for name, topic in (("article", topics.articles), ("tagged", topics.entities), ("enriched", topics.enriched)):
        message = {"contentType": "application/json", "payload": payload_of[name], "headers": _headers(_TYPES[name])}
        channels[name] = _channel(topic.name, "keyed by item id", message)
    reasons = ", ".join(reason.value for reason in Reason)
    channels["deadLetters"] = _channel(
        topics.dead_letters.name,
        f"what a stage could not process, byte for byte, under its original key; reasons: {reasons}",
        {"contentType": "application/octet-stream"},
    )
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "streams", "version": "1", "description": "Enriched Dutch news on Kafka."},
        "channels": channels,
        "operations": {
            name: {"action": "receive" if name == "raw" else "send", "channel": {"$ref": f"#/channels/{name}"}}
            for name in channels
        },
        "components": {"schemas": schemas},
    }


def _channel(address: str, description: str, message: dict[str, Any]) -> dict[str, Any]:
    return {"address": address, "description": description, "messages": {"record": message}}


def _headers(kind: str) -> dict[str, Any]:
    text = {"type": "string"}
    properties: dict[str, Any] = {f"ce_{name}": text for name in ("id", "source", "subject", "time", "dataschema")}
    properties |= {"ce_specversion": {"const": "1.0"}, "ce_type": {"enum": [kind, KILLED]}}
    return {"type": "object", "properties": properties, "required": list(properties)}
