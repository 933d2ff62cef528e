"""How much an event holds: lists of tens of thousands of names would make it larger than its topic takes."""

from collections.abc import Sequence
from itertools import accumulate

import msgspec

from streams.contract.records import Entity, LeftOut, Quote, TaggedArticle

MOST_ENTITIES = 5_000
MOST_MENTIONS = 20_000
MOST_QUOTES = 8_000
"""A megabyte of news, some 170,000 words, has about half as many of each; together they take some 4 MB."""
_QUOTED = 2  # times the text: quotes within quotes repeat it


def bounded(article: TaggedArticle, unread: int = 0) -> TaggedArticle:
    """The article, as it is or with its most salient entities, their first mentions and its first quotes, and with
    what was left out. `unread`: characters of the text that no model read."""
    entities = _bounded_mentions(_most_salient(article.entities))
    quotes = _bounded_quotes(article.quotes, {entity.id for entity in entities}, len(article.text))
    left_out = LeftOut(
        characters=unread,
        entities=len(article.entities) - len(entities),
        mentions=_mentions(article.entities) - _mentions(entities),
        quotes=len(article.quotes) - len(quotes),
    )
    if not any(msgspec.structs.astuple(left_out)):
        return article
    return msgspec.structs.replace(article, entities=tuple(entities), quotes=tuple(quotes), left_out=left_out)


def _mentions(entities: Sequence[Entity]) -> int:
    return sum(len(entity.mentions) for entity in entities)


def _most_salient(entities: Sequence[Entity]) -> Sequence[Entity]:
    """In the order of the text, as before."""
    if len(entities) <= MOST_ENTITIES:
        return entities
    ranked = sorted(range(len(entities)), key=lambda number: -entities[number].salience)
    return [entities[number] for number in sorted(ranked[:MOST_ENTITIES])]


def _bounded_mentions(entities: Sequence[Entity]) -> Sequence[Entity]:
    """Of those that are mentioned most, the first mentions, so that all keep some."""
    if _mentions(entities) <= MOST_MENTIONS:
        return entities
    each, room = 0, MOST_MENTIONS
    for number, count in enumerate(sorted(len(entity.mentions) for entity in entities)):
        each = room // (len(entities) - number)
        if count > each:
            break
        room -= count
    return [msgspec.structs.replace(entity, mentions=entity.mentions[:each]) for entity in entities]


def _bounded_quotes(quotes: Sequence[Quote], entities: set[str], length: int) -> Sequence[Quote]:
    """A speaker who was left out is none."""
    read = accumulate(len(quote.text) for quote in quotes)
    kept = [quote for quote, so_far in zip(quotes[:MOST_QUOTES], read, strict=False) if so_far <= _QUOTED * length]
    return [
        quote if quote.speaker is None or quote.speaker in entities else msgspec.structs.replace(quote, speaker=None)
        for quote in kept
    ]
