"""Counts what came out of a run: of the sample, and of what others sent meanwhile."""

from collections import Counter
from dataclasses import dataclass, field

from streams.contract.records import EnrichedArticle

Version = tuple[str, int]


@dataclass
class Tally:
    """`expected` are the (id, version) pairs of the sample that should come out enriched; `unreadable` the payloads of
    it that should become dead letters. What else comes is somebody's own, and counted beside it."""

    expected: set[Version]
    unreadable: set[bytes]
    seen: set[Version] = field(default_factory=set)
    own: set[Version] = field(default_factory=set)
    kept: set[bytes] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)
    own_dead: dict[str, str] = field(default_factory=dict)
    entities: Counter[str] = field(default_factory=Counter)
    sentiment: Counter[str] = field(default_factory=Counter)
    words: int = 0
    latencies: list[float] = field(default_factory=list)

    def add(self, article: EnrichedArticle, latency: float) -> bool:
        """Counts an article that came out, `latency` in seconds; False for one that was counted before."""
        version = (article.id, article.version)
        if version in self.seen or version in self.own:
            return False
        (self.seen if version in self.expected else self.own).add(version)
        self.entities.update(entity.type for entity in article.entities)
        self.sentiment[article.sentiment.label if article.sentiment else "none"] += 1
        self.words += len(article.text.split())
        self.latencies.append(latency)
        return True

    def add_dead_letter(self, reason: str, origin: str, value: bytes = b"", key: bytes | None = None) -> bool:
        """Counts a dead letter, once by `origin` (the record that it was); False for a repeat.

        Of the sample is what has its payload, or the id of one of its articles as key.
        """
        if value in self.unreadable:
            new = value not in self.kept
            self.kept.add(value)
            return new
        mine = (key or b"").decode(errors="replace") in {identity for identity, _ in self.expected}
        dead = self.failed if mine else self.own_dead
        if origin in dead:
            return False
        dead[origin] = reason
        return True

    @property
    def dead(self) -> int:
        """Dead letters of the sample."""
        return len(self.kept) + len(self.failed)

    @property
    def complete(self) -> bool:
        """Whether everything of the sample that is expected has come out, enriched or dead."""
        return self.expected <= self.seen and self.unreadable <= self.kept

    @property
    def through(self) -> bool:
        """Whether as much of the sample has come out as went in, right or wrong."""
        return len(self.seen) + self.dead >= len(self.expected) + len(self.unreadable)

    @property
    def right(self) -> bool:
        """Whether it came out as it should: every readable item enriched, and only the others dead."""
        return self.complete and not self.failed

    def missing(self) -> list[Version]:
        """What has not come out yet."""
        return sorted(self.expected - self.seen)

    def median_latency(self) -> float:
        """Median seconds from reception to enriched; 0 before the first."""
        ordered = sorted(self.latencies)
        return ordered[len(ordered) // 2] if ordered else 0.0
