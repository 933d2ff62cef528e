"""The stages in one call, without a broker."""

from collections.abc import Iterator, Sequence
from typing import cast

import msgspec

from streams.contract.message import Message
from streams.contract.outcome import DeadLetter
from streams.contract.records import EnrichedArticle
from streams.settings import Settings
from streams.stages.graph import build_stages
from streams.stages.stage import Stage, apply


class Enricher:
    """All stages, models loaded once."""

    def __init__(self, settings: Settings | None = None, stages: Sequence[Stage] | None = None) -> None:
        """Raises OSError or ValueError where a model does not load."""
        self.stages = stages or build_stages(settings or Settings())

    def enrich(self, message: Message) -> list[EnrichedArticle | DeadLetter]:
        """One wire item through every stage, as the worker would do it: what came of each of its parts."""
        return list(self._through(message, self.stages))

    def _through(self, message: Message, stages: Sequence[Stage]) -> Iterator[EnrichedArticle | DeadLetter]:
        stage, *others = stages
        applied = apply(stage, message)
        for result, sent in zip(applied.results, applied.outgoing, strict=True):
            if isinstance(result, DeadLetter):
                yield result
            elif others:
                yield from self._through(Message(sent.value, sent.key, sent.headers), others)
            else:
                yield cast(EnrichedArticle, result.record)


_enricher: list[Enricher] = []


def enrich_text(text: str, headline: str | None = None, language: str = "nl") -> EnrichedArticle:
    """A plain text, enriched: the record whose JSON is the value of `news.enriched`.

    `language` (BCP 47) is taken as the feed's declared language. The models are loaded at the first call
    and kept. Raises ValueError for a text that the stages refuse (an empty one, for example).
    """
    if not _enricher:
        _enricher.append(Enricher())
    item = {"uri": "urn:text", "language": language, "headline": headline, "body_text": text}
    payload = msgspec.json.encode({name: value for name, value in item.items() if value})
    message = Message(payload, headers=(("content-type", b"application/vnd.iptc.ninjs+json"),))
    (result,) = _enricher[0].enrich(message)
    if isinstance(result, DeadLetter):
        raise ValueError(f"{result.reason}: {result.message}")
    return result
