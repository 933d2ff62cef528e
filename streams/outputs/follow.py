"""Follows an article topic and picks what a subscriber asked for."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kafka import TopicPartition
from kafka.structs import OffsetAndMetadata

from streams.broker.clients import SILENCE, check_topic, consumer
from streams.broker.security import check_access
from streams.contract import codec
from streams.contract.message import Headers, clean_headers
from streams.contract.outcome import Ok
from streams.contract.records import EnrichedArticle, Language
from streams.settings import Settings


@dataclass(frozen=True)
class Filter:
    """What a subscriber wants; None means everything. `entity` matches names and links without case, `language`
    is a code such as nl, or with a region that the article must have too, nl-BE."""

    entity: str | None = None
    entity_type: str | None = None
    language: str | None = None
    sentiment: str | None = None

    def takes(self, article: EnrichedArticle) -> bool:
        """Whether the article is wanted. Entity and type must hold for one and the same entity."""
        if self.language and not _is_in(article.language, self.language):
            return False
        if self.sentiment and (article.sentiment is None or article.sentiment.label != self.sentiment):
            return False
        if not self.entity and not self.entity_type:
            return True
        wanted = (self.entity or "").casefold()
        return any(
            (not self.entity_type or entity.type == self.entity_type)
            and (not wanted or wanted in entity.name.casefold() or wanted == (entity.link or "").casefold())
            for entity in article.entities
        )


def _is_in(language: Language, wanted: str) -> bool:
    code, *rest = wanted.replace("_", "-").split("-")
    region = rest[-1].upper() if rest else None
    return language.code == code.lower() and region in (None, language.region)


@dataclass(frozen=True)
class Received:
    """A record as received: the article, or None with `problem` where it cannot be read."""

    article: EnrichedArticle | None
    headers: Headers
    value: bytes
    problem: str | None = None


def follow(
    settings: Settings, from_beginning: bool, group: str | None = None, poll_ms: int = 500
) -> Iterator[Received | None]:
    """Records of `news.enriched` as they come; None after every `poll_ms` without one.

    With a group, a record counts as done once the next is asked for; offsets of what is done are committed, so
    that a subscriber that ends goes on where it was, and sees again what it could not finish.
    Raises BrokerUnreachableError, MissingTopicError, and BrokerRefusedError also in the middle.
    """
    client = consumer(
        settings,
        [settings.topics.enriched.name],
        group_id=group,
        auto_offset_reset="earliest" if from_beginning else "latest",
    )
    handed: dict[TopicPartition, OffsetAndMetadata] = {}
    heard = time.monotonic()
    try:
        check_topic(settings, settings.topics.enriched.name, client.topics())
        while True:
            batch = client.poll(timeout_ms=poll_ms)
            if batch:
                heard = time.monotonic()
            else:
                yield None
            if time.monotonic() - heard > SILENCE:
                check_access(settings)
                heard = time.monotonic()
            for partition, records in batch.items():
                for record in records:
                    yield _received(record)
                    # Not before: who asks for the next record is done with this one, who ends may not be.
                    handed[partition] = OffsetAndMetadata(record.offset + 1, "", -1)
            if handed and group:
                client.commit(handed)
                handed = {}
    finally:
        if handed and group:
            client.commit(handed)
        client.close()


def _received(record: Any) -> Received:
    headers = clean_headers(record.headers)
    result = codec.decode(record.value, EnrichedArticle)
    if isinstance(result, Ok):
        return Received(result.value, headers, record.value)
    return Received(None, headers, record.value or b"", f"{result.reason}: {result.message}")
