"""One enriched article that uses every field of the contract, and strategies for any record."""

import types
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from streams.contract.records import (
    Block,
    BlockKind,
    Change,
    Dateline,
    EnrichedArticle,
    Entity,
    EntityType,
    Label,
    Language,
    LanguageFrom,
    Mention,
    Probabilities,
    ProducedBy,
    Quote,
    Record,
    ScoredSentence,
    Sentiment,
    Span,
    Status,
    TargetSentiment,
    Times,
)

HEADLINE = "Ministerie verwerpt kritiek"
LEAD = "Minister Peeters noemt het rapport “onjuist”, meldt zijn kabinet."
TEXT = f"{HEADLINE}\n\n{LEAD}"
DIGEST = "sha256:" + 64 * "a"


def at(second: int) -> datetime:
    """A moment of the example's day."""
    return datetime(2026, 3, 2, 9, 30, second, tzinfo=UTC)


def span_of(words: str) -> dict[str, Any]:
    """Where the words stand in the example's text."""
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words)}


def step(stage: str, model: str | None = None, seconds: float = 0.012, pipeline: str = DIGEST) -> ProducedBy:
    """A stage's entry in `produced_by`."""
    return ProducedBy(
        stage=stage, model=model, version="0.1.0", digest=model and DIGEST, pipeline=pipeline, seconds=seconds
    )


def enriched(**changes: Any) -> EnrichedArticle:
    """The example, with some fields changed."""
    minister = Entity(
        id="e1",
        type=EntityType.PER,
        name="Peeters",
        link="https://www.wikidata.org/wiki/Q1",
        salience=0.83,
        mentions=(Mention(**span_of("Peeters"), text="Peeters"),),
        sentiment=TargetSentiment(label=Label.NEGATIVE, score=-0.42, evidence=(Span(**span_of(LEAD)),)),
    )
    fields: dict[str, Any] = {
        "id": "urn:newsml:example.org:20260302:a1",
        "version": 2,
        "status": Status.USABLE,
        "change": Change.UPDATE,
        "headline": HEADLINE,
        "source": "npd",
        "dateline": Dateline(place="BRUSSEL", date="2 maart"),
        "embargo": at(0),
        "language": Language(code="nl", region="BE", confidence=0.99, from_=LanguageFrom.DECLARED),
        "text": TEXT,
        "text_sha256": 64 * "b",
        "wire_sha256": 64 * "c",
        "blocks": (
            Block(**span_of(HEADLINE), kind=BlockKind.HEADLINE),
            Block(**span_of(LEAD), kind=BlockKind.LEAD),
        ),
        "times": Times(published=at(1), received=at(2), normalised=at(3), entities=at(4), enriched=at(5)),
        "produced_by": (step("normalise"), step("entities", "nl-entities"), step("sentiment", "nl-sentiment")),
        "entities": (minister,),
        "quotes": (Quote(**span_of("onjuist"), text="onjuist", speaker="e1", cue="noemt"),),
        "sentiment": Sentiment(
            label=Label.NEGATIVE,
            score=-0.5,
            probabilities=Probabilities(negative=0.6, neutral=0.3, positive=0.1),
        ),
        "sentences": (ScoredSentence(**span_of(LEAD), score=-0.5),),
    }
    return EnrichedArticle(**fields | changes)


def records(kind: type[Record]) -> st.SearchStrategy[Any]:
    """Any record of a kind: every field from its type, so that a new field is covered by itself."""
    return st.builds(kind, **{name: _values(hint) for name, hint in get_type_hints(kind).items() if name[0] != "_"})


def _values(hint: Any) -> st.SearchStrategy[Any]:
    plain = {
        int: st.integers(min_value=-(2**63), max_value=2**64 - 1),
        float: st.floats(allow_nan=False, allow_infinity=False),
        datetime: st.datetimes(timezones=st.just(UTC)),
        types.NoneType: st.none(),
        str: st.text(),
        bool: st.booleans(),
    }
    if hint in plain:
        return plain[hint]
    if get_origin(hint) is tuple:
        return st.lists(_values(get_args(hint)[0]), max_size=3).map(tuple)
    if get_origin(hint) in (Union, types.UnionType):
        return st.one_of(*(_values(part) for part in get_args(hint)))
    return st.sampled_from(hint) if issubclass(hint, Enum) else records(hint)
