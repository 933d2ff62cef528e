"""Counts what came out of a run, and what is still expected."""

from collections import Counter
from dataclasses import dataclass, field

from streams.contract.records import EnrichedArticle

Version = tuple[str, int]


@dataclass
class Tally:
    """`expected` are the (id, version) pairs that should come out enriched; `unreadable` the dead letters due."""

    expected: set[Version]
    unreadable: int
    seen: set[Version] = field(default_factory=set)
    dead: dict[str, str] = field(default_factory=dict)
    entities: Counter[str] = field(default_factory=Counter)
    sentiment: Counter[str] = field(default_factory=Counter)
    words: int = 0
    latencies: list[float] = field(default_factory=list)

    def add(self, article: EnrichedArticle, latency: float) -> bool:
        """Counts an article that came out, `latency` in seconds; False for one that was counted before."""
        version = (article.id, article.version)
        if version in self.seen:
            return False
        self.seen.add(version)
        self.entities.update(entity.type for entity in article.entities)
        self.sentiment[article.sentiment.label if article.sentiment else "none"] += 1
        self.words += len(article.text.split())
        self.latencies.append(latency)
        return True

    def add_dead_letter(self, reason: str, origin: str) -> bool:
        """Counts a dead letter, once by `origin` (the record that it was); False for a repeat."""
        if origin in self.dead:
            return False
        self.dead[origin] = reason
        return True

    @property
    def complete(self) -> bool:
        """Whether everything that is expected has come out, enriched or dead."""
        return self.expected <= self.seen and len(self.dead) >= self.unreadable

    @property
    def through(self) -> bool:
        """Whether as much has come out as went in, right or wrong."""
        return len(self.seen) + len(self.dead) >= len(self.expected) + self.unreadable

    @property
    def right(self) -> bool:
        """Whether it came out as it should: every readable item enriched, and only the others dead."""
        return self.complete and len(self.dead) == self.unreadable

    def missing(self) -> list[Version]:
        """What has not come out yet."""
        return sorted(self.expected - self.seen)

    def median_latency(self) -> float:
        """Median seconds from reception to enriched; 0 before the first."""
        ordered = sorted(self.latencies)
        return ordered[len(ordered) // 2] if ordered else 0.0
