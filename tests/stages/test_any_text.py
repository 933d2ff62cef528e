"""Any text through all stages with the models that ship: a result or a clear refusal, whatever came before it."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from streams.contract.records import EnrichedArticle
from streams.enrich import enrich_text

MODELS = Path(__file__).parents[1] / "models"
EDGES: dict[str, str] = yaml.safe_load((MODELS / "edge_texts.yaml").read_text("utf-8"))
SENTENCES: list[dict[str, Any]] = yaml.safe_load((MODELS / "sentences.yaml").read_text("utf-8"))
ARTICLE = "\n\n".join(case["text"] for case in SENTENCES)
REFUSED = ("empty", "white space")


def said(event: EnrichedArticle) -> dict[str, Any]:
    """All that the stages say of a text; not when, and in how many seconds."""
    found: dict[str, Any] = msgspec.to_builtins(event)
    return {name: found[name] for name in ("text", "entities", "quotes", "sentences", "sentiment")}


@pytest.mark.parametrize("name", [name for name in EDGES if name not in REFUSED])
def test_a_text_nobody_would_write_gives_a_result(name: str) -> None:
    event = enrich_text(EDGES[name])
    assert event.text
    for entity in event.entities:
        assert all(event.text[m.start : m.end] == m.text for m in entity.mentions)


@pytest.mark.parametrize("name", REFUSED)
def test_a_text_without_words_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"^no_text: "):
        enrich_text(EDGES[name])


def test_an_article_gives_the_same_alone_and_beside_31_others() -> None:
    alone = said(enrich_text(ARTICLE))
    for number in range(31):
        enrich_text(f"{ARTICLE}\n\nBericht {number} uit Gent.")
    assert said(enrich_text(ARTICLE)) == alone


def test_fifty_thousand_words() -> None:
    event = enrich_text("\n\n".join([ARTICLE] * (50_000 // len(ARTICLE.split()) + 1)))
    assert len(event.sentences) > 1_000
    assert event.sentiment
