"""Sentiment of sentences, article and entities, from a model that knows two words."""

from typing import Any

import pytest

from streams.contract.outcome import Ok
from streams.contract.records import (
    Block,
    BlockKind,
    Change,
    EnrichedArticle,
    Entity,
    Label,
    SentimentAbsent,
    Skipped,
)
from streams.stages.entities import TagEntities
from streams.stages.sentiment import ScoreSentiment
from tests.stages.articles import article, laid_out, marked
from tests.stages.fakes import FakeSentiment, fake_nlp


def enriched(text: str, model: FakeSentiment | None = None, **kind: Any) -> EnrichedArticle:
    """Marked-up text (articles.py) through both stages."""
    plain, blocks, spans = laid_out(text)
    tagged = TagEntities(fake_nlp(lambda _: spans))(article(plain, blocks, **kind))
    assert isinstance(tagged, Ok)
    outcome = ScoreSentiment(model or FakeSentiment())(tagged.value)
    assert isinstance(outcome, Ok)
    return outcome.value


def of(name: str, event: EnrichedArticle) -> Entity:
    return next(entity for entity in event.entities if entity.name == name)


def evidence(name: str, event: EnrichedArticle) -> list[str]:
    sentiment = of(name, event).sentiment
    return [event.text[span.start : span.end] for span in sentiment.evidence] if sentiment else []


def test_one_call_with_exact_sentences_and_targets_inside_them() -> None:
    model = FakeSentiment()
    event = enriched("# [Maes|PER] doet het goed\n\n[Ann Maes|PER] wint van [Els Claes|PER]. Het regent.", model)
    [(sentences, targets)] = model.calls
    assert sentences == ["Maes doet het goed", "Ann Maes wint van Els Claes.", "Het regent."]
    named = [[s[start:end] for start, end in spans] for s, spans in zip(sentences, targets, strict=True)]
    assert named == [["Maes"], ["Ann Maes", "Els Claes"], []]
    assert [event.text[s.start : s.end] for s in event.sentences] == sentences
    assert [s.score for s in event.sentences] == [0.75, 0.0, 0.0]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("# Het gaat goed\n\nHet regent buiten erg hard.", Label.POSITIVE),  # the headline weighs three sentences
        ("# Het weer\n\nHet gaat hier slecht. Het gaat daar slecht. Het gaat overal slecht. Alles is slecht nu. "
         "Ook morgen is het slecht.", Label.NEGATIVE),
        ("Het regent vandaag de hele dag.", Label.NEUTRAL),
        ("Het regent vandaag de hele dag.\n\n## Zo goed!", Label.NEUTRAL),  # a crosshead weighs little
    ],
)  # fmt: skip
def test_article(text: str, label: Label) -> None:
    sentiment = enriched(text).sentiment
    assert sentiment and sentiment.label == label
    probabilities = sentiment.probabilities
    assert probabilities.negative + probabilities.neutral + probabilities.positive == pytest.approx(1)
    assert sentiment.score == pytest.approx(probabilities.positive - probabilities.negative, abs=1e-3)


def test_towards_an_entity_one_clear_sentence_outweighs_mentions_in_passing() -> None:
    event = enriched(
        "[Ann Maes|PER] woont in [Gent|LOC]. [Maes|PER] liep naar huis. [Maes|PER] deed het slecht. "
        "In [Gent|LOC] regent het."
    )
    maes = of("Ann Maes", event).sentiment
    assert maes and maes.label == Label.NEGATIVE and maes.score < -0.2
    assert evidence("Ann Maes", event) == ["Maes deed het slecht."]
    gent = of("Gent", event).sentiment
    assert gent and (gent.label, gent.score) == (Label.NEUTRAL, 0.0)


def test_evidence_is_at_most_three_sentences() -> None:
    event = enriched(" ".join(f"[Maes|PER] deed het {n} keer goed." for n in range(5)))
    assert len(evidence("Maes", event)) == 3


def test_repeated_pull_quote_is_not_judged_twice() -> None:
    event = enriched("Wij doen het goed, zegt [Maes|PER].\n\n> Wij doen het goed")
    assert len(event.sentences) == 1


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ({"change": Change.KILL}, SentimentAbsent.KILLED),
        ({"skipped": Skipped.UNSUPPORTED_LANGUAGE}, SentimentAbsent.UNSUPPORTED_LANGUAGE),
    ],
)
def test_killed_and_skipped_articles_have_none_and_say_why(kind: dict[str, Any], reason: SentimentAbsent) -> None:
    model = FakeSentiment()
    event = enriched("Het gaat goed.", model, **kind)
    assert (event.sentiment, event.sentiment_absent, event.sentences, model.calls) == (None, reason, (), [])


@pytest.mark.parametrize("text", ["3-1, 2-0.", "…", "12 34 56"])
def test_nothing_to_judge(text: str) -> None:
    event = enriched(text)
    assert (event.sentiment, event.sentiment_absent) == (None, SentimentAbsent.NOTHING_TO_JUDGE)


def test_nothing_to_judge_where_all_blocks_repeat() -> None:
    plain, _ = marked("Het gaat goed.")
    block = Block(start=0, end=len(plain), kind=BlockKind.PULL_QUOTE, repeats_body=True)
    tagged = TagEntities(fake_nlp(lambda _: []))(article(plain, (block,)))
    assert isinstance(tagged, Ok)
    outcome = ScoreSentiment(FakeSentiment())(tagged.value)
    assert isinstance(outcome, Ok) and outcome.value.sentiment_absent == SentimentAbsent.NOTHING_TO_JUDGE
