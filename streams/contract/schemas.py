"""The contract as documents: JSON Schema of every record, AsyncAPI of the topics."""

from typing import Any

import msgspec

from streams.contract import graph
from streams.contract.cloud_event import KILLED
from streams.contract.outcome import Reason
from streams.contract.topics import Topics


def json_schemas() -> dict[str, dict[str, Any]]:
    """JSON Schema (2020-12) by record: article, tagged, enriched. The `$id` is the events' `ce_dataschema`."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {
        stage.schema: head | {"$id": f"urn:streams:schema:{stage.event_type}"} | msgspec.json.schema(stage.record)
        for stage in graph.STAGES
    }


def asyncapi(topics: Topics) -> dict[str, Any]:
    """The AsyncAPI 3.0 document: one channel a topic, its key, its messages."""
    payloads, schemas = msgspec.json.schema_components(
        [stage.record for stage in graph.STAGES], ref_template="#/components/schemas/{name}"
    )
    holds = {topic.name: topic.holds for topic in graph.TOPICS}
    octets = {"contentType": "application/octet-stream"}
    channels = {"raw": _channel(topics.raw.name, holds["raw"], octets)}
    for stage, payload in zip(graph.STAGES, payloads, strict=True):
        message = {"contentType": "application/json", "payload": payload, "headers": _headers(stage.event_type)}
        sink = stage.writes[0]
        channels[stage.schema] = _channel(topics[sink].name, holds[sink], message)
    reasons = ", ".join(reason.value for reason in Reason)
    channels["deadLetters"] = _channel(
        topics.dead_letters.name, f"{holds[graph.DEAD_LETTERS]}; reasons: {reasons}", octets
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
