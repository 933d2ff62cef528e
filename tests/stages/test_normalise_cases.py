"""Bodies, datelines and signals as data: see `cases/normalise_*.yaml`."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.contract.message import Message
from streams.contract.outcome import Ok
from streams.contract.records import Article, Block, BlockKind, Change, Status
from streams.feeds.item import WireItem
from streams.stages.normalise import Normalise
from streams.stages.normalise.dateline import split_dateline
from streams.stages.normalise.signals import change_of, without_signal

CASES = Path(__file__).parent / "cases"
normalise = Normalise()


def load(name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = yaml.safe_load((CASES / name).read_text())
    return cases


def article_of(case: dict[str, Any]) -> Article:
    payload = case.get("text") or json.dumps({"uri": "urn:x:1", "body_html": case["html"]})
    outcome = normalise(Message(value=payload.encode()))
    assert isinstance(outcome, Ok), outcome
    return outcome.value


def as_case(block: Block, text: str) -> list[object]:
    said = [block.speaker_name, block.role, block.repeats_body] if block.kind is BlockKind.PULL_QUOTE else []
    return [block.kind.value, text[block.start : block.end], *said]


@pytest.mark.parametrize("case", load("normalise_articles.yaml"), ids=lambda case: case["id"])
def test_article(case: dict[str, Any]) -> None:
    article = article_of(case)
    blocks = [as_case(block, article.text) for block in article.blocks]
    headline = case.get("headline")
    assert article.headline == headline
    assert blocks == [*([["headline", headline]] if headline else []), *case["blocks"]]
    dateline = [article.dateline.place, article.dateline.date] if article.dateline else None
    assert dateline == case.get("dateline")


@pytest.mark.parametrize(
    "case", [case for case in load("normalise_articles.yaml") if "text" in case], ids=lambda case: case["id"]
)
def test_an_article_read_again_from_its_own_text_stays_as_it_is(case: dict[str, Any]) -> None:
    article = article_of(case)
    again = article_of({"text": article.text})
    assert again.text == article.text


@pytest.mark.parametrize("case", load("normalise_datelines.yaml"), ids=lambda case: case["text"])
def test_dateline(case: dict[str, Any]) -> None:
    dateline, rest = split_dateline(case["text"], case.get("located"))
    assert rest == case.get("rest", case["text"])
    if "rest" in case:
        assert dateline is not None
        assert (dateline.place, dateline.date) == (case.get("place"), case.get("date"))
    else:
        assert dateline is None


@pytest.mark.parametrize(
    "case", load("normalise_signals.yaml"), ids=lambda case: f"{case['headline']}-{case['change']}"
)
def test_signal(case: dict[str, Any]) -> None:
    item = WireItem(
        id="urn:x:1",
        version=case.get("version", 1),
        status=Status(case.get("status", "usable")),
        headline=case["headline"],
        note=case.get("note"),
    )
    assert change_of(item) is Change(case["change"])
    assert without_signal(case["headline"], change_of(item)) == case.get("rest", case["headline"])
