"""The contract as documents that other people's tools read."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from streams.contract.cloud_event import event_headers
from streams.contract.codec import encode
from streams.contract.event import Event
from streams.contract.outcome import Reason
from streams.contract.schemas import asyncapi, json_schemas
from streams.contract.topics import topics
from tests.contract.examples import at, enriched
from tests.contract.test_codec import GOLDEN

SCHEMAS = json_schemas()


def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(SCHEMAS[name], format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.mark.parametrize("name", ["article", "tagged", "enriched"])
def test_schemas_are_schemas_and_take_the_golden_event(name: str) -> None:
    """An enriched event is a tagged one is an article: each schema takes what later stages add."""
    Draft202012Validator.check_schema(SCHEMAS[name])
    _validator(name).validate(json.loads(GOLDEN.read_bytes()))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", "2"),
        ("status", "fine"),
        ("headline", 7),
        ("language", {"code": "nl"}),
        ("entities", [{"id": "e1"}]),
        ("sentiment", {"label": "bad"}),
    ],
)
def test_the_schema_refuses_what_the_codec_refuses(field: str, value: object) -> None:
    event = json.loads(GOLDEN.read_bytes()) | {field: value}
    assert not _validator("enriched").is_valid(event)


def test_an_event_without_text_does_not_conform() -> None:
    event = json.loads(encode(enriched()))
    del event["text"]
    assert [error.message for error in _validator("enriched").iter_errors(event)] == ["'text' is a required property"]


def test_schema_ids_are_the_events_dataschema() -> None:
    stages = {"article": "normalise", "tagged": "entities", "enriched": "sentiment"}
    for name, stage in stages.items():
        headers = dict(event_headers(stage, Event(enriched(), enriched()), at(6)))
        assert SCHEMAS[name]["$id"].encode() == headers["ce_dataschema"]


DOCUMENT = asyncapi(topics("anp."))


def test_asyncapi_has_the_channels() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert {name: channel["address"] for name, channel in DOCUMENT["channels"].items()} == {
        "raw": "anp.raw",
        "article": "anp.articles",
        "tagged": "anp.entities",
        "enriched": "anp.enriched",
        "deadLetters": "anp.dead-letters",
    }
    assert DOCUMENT["operations"]["raw"]["action"] == "receive"
    assert {o["action"] for name, o in DOCUMENT["operations"].items() if name != "raw"} == {"send"}


def test_every_reference_of_the_asyncapi_document_resolves() -> None:
    document = json.loads(json.dumps(DOCUMENT))
    references = set(_references(document))
    assert "#/components/schemas/EnrichedArticle" in references
    for reference in references:
        place = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]


def _references(node: Any) -> Iterator[str]:
    parts = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    if isinstance(node, dict) and isinstance(node.get("$ref"), str):
        yield node["$ref"]
    for part in parts:
        yield from _references(part)


@pytest.mark.parametrize(
    ("channel", "stage"), [("article", "normalise"), ("tagged", "entities"), ("enriched", "sentiment")]
)
def test_headers_in_the_document_are_those_of_the_events(channel: str, stage: Any) -> None:
    described = DOCUMENT["channels"][channel]["messages"]["record"]["headers"]
    headers = {name: value.decode() for name, value in event_headers(stage, Event(enriched(), enriched()), at(6))}
    Draft202012Validator(described).validate(headers)
    assert set(described["required"]) == {name for name in headers if name.startswith("ce_")}


def test_reasons_are_listed() -> None:
    description = DOCUMENT["channels"]["deadLetters"]["description"]
    assert all(reason.value in description for reason in Reason)
