"""Quotes and their speakers: behaviour by example, properties, and the held-out figures."""

import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from streams.contract.records import Block, BlockKind, Entity, EntityType, Mention, Quote
from streams.stages.quotes import find_quotes

HERE = Path(__file__).parent
BEHAVIOUR = yaml.safe_load((HERE / "cases" / "quotes_behaviour.yaml").read_text("utf-8"))
HELD_OUT = yaml.safe_load((HERE.parent / "cases" / "quotes.yaml").read_text("utf-8"))

ORGANISATION = re.compile(r"^\S+$|^(?:FC|Raad|Tweede Kamer|Nationale|Autoriteit|Rode Kruis)\b")


def entities(text: str, persons: Iterable[str], organisations: Iterable[str] = ()) -> list[Entity]:
    """Entities as the recogniser gives them: full names and, for persons, surnames."""
    return [
        Entity(id=name, type=kind, name=name, salience=0.5, mentions=tuple(_mentions(text, name, kind)))
        for kind, names in ((EntityType.PER, persons), (EntityType.ORG, organisations))
        for name in names
    ]


def _mentions(text: str, name: str, kind: EntityType) -> Iterable[Mention]:
    surname = name.partition(" ")[2] if kind is EntityType.PER else ""
    forms = "|".join(re.escape(form) for form in (name, surname) if form)
    for found in re.finditer(rf"(?<!\w)(?:{forms})(?!\w)|(?<!\w)(?:{forms})(?=s\b)", text):
        yield Mention(start=found.start(), end=found.end(), text=found.group())


def rows(quotes: Iterable[Quote]) -> list[list[str | None]]:
    return [[quote.text, quote.speaker, quote.cue] for quote in quotes]


@pytest.mark.parametrize("case", BEHAVIOUR, ids=lambda case: case["id"])
def test_behaviour(case: dict[str, Any]) -> None:
    text = case["text"].strip()
    found = find_quotes(text, [], entities(text, case.get("people", ()), case.get("organisations", ())))
    assert rows(found) == case.get("quotes", [])
