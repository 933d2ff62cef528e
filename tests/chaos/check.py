"""Says what was lost, repeated, or differs, from the topics alone: `python -m tests.chaos.check --broker HOST:PORT`.

Reads the raw, the enriched and the dead-letter topic from the beginning to their present end, with the
names that the event contract gives and kafka-python; it knows nothing of the code that filled them. Run it
when the stream is at rest: what is still on its way counts as lost.

An article is known by its item id and version: of a raw record that holds JSON its `uri` and `version`, of
any other its key and payload, which then may come out as any version of that item.

What a broker acknowledged and then lost is in no topic: a sender that kept account can say what there must be.
"""

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kafka import KafkaConsumer, TopicPartition

ERRORS = "__connect.errors."
POISONED = "poisoned"  # a raw record with this header has to become a dead letter
MAY_DIFFER = ("ce_time", "traceparent", "tracestate")  # headers, between repeats of one ce_id
_SILENCE = 60.0  # seconds without a record before reading gives up
_UNKNOWN = "payload "  # the version of what is no JSON

Article = tuple[str, str]  # item id, and the version or the payload's digest


@dataclass
class Verdict:
    """What the topics hold. Each list is of a wrong, and names articles, or `ce_id`s where it says so."""

    sent: int = 0  # articles in the raw topic, each once
    came_out: int = 0  # of those, enriched
    vanished: list[str] = field(default_factory=list)  # acknowledged to the sender, and not in the raw topic
    lost: list[str] = field(default_factory=list)  # neither enriched nor a dead letter
    invented: list[str] = field(default_factory=list)  # enriched, and not in the raw topic where that is whole
    repeated: int = 0  # events beyond the first of each `ce_id`, and dead letters beyond the first of each article
    dead_letters: int = 0  # articles that are dead letters
    unexpected_dead: list[str] = field(default_factory=list)  # dead letters that nobody poisoned
    missing_dead: list[str] = field(default_factory=list)  # poisoned, and not dead letters
    differing: list[str] = field(default_factory=list)  # `ce_id`s with unequal events, dead letters with changed bytes
    several_ids: list[str] = field(default_factory=list)  # articles enriched under more than one `ce_id`
    out_of_order: int = 0  # events of an older version after a newer one in the same partition
    stale: list[str] = field(default_factory=list)  # items whose last event is not their newest

    @property
    def holds(self) -> bool:
        """Whether everything that the contract promises is so."""
        return not any(value for value in vars(self).values() if isinstance(value, list))


class Check:
    """Takes records topic by topic, raw first, each partition in order; keeps digests, not payloads."""

    def __init__(
        self,
        raw_topic: str,
        poisoned: str = POISONED,
        any_dead_letters: bool = False,
        acknowledged: Iterable[Article] = (),
    ) -> None:
        self.raw_topic, self.poisoned, self.any_dead_letters = raw_topic, poisoned, any_dead_letters
        self._acknowledged = set(acknowledged)
        self.whole = True  # whether the raw topic holds all it ever did: its retention is the shortest
        self._sent: dict[Article, bool] = {}  # poisoned or not
        self._at: dict[tuple[int, int], tuple[Article, str]] = {}  # article and its bytes' digest by partition, offset
        self._events = self._letters = self._out_of_order = 0
        self._content: dict[str, str] = {}  # by ce_id
        self._ids: dict[Article, set[str]] = {}
        self._newest: dict[tuple[int, str], int] = {}  # version by partition and item
        self._last: dict[tuple[int, str], int] = {}
        self._dead: set[Article] = set()
        self._differing: set[str] = set()

    def raw(self, record: Any) -> None:
        """A record of the raw topic."""
        article = article_of(record.key, record.value)
        self._sent[article] = self.poisoned in _headers(record)
        self._at[record.partition, record.offset] = article, _digest(record.value)

    def enriched(self, record: Any) -> None:
        """A record of the enriched topic."""
        event, headers, item = json.loads(record.value), _headers(record), _text(record.key)
        identity, version, content = headers["ce_id"], int(event["version"]), _content(event, headers)
        self._events += 1
        if self._content.setdefault(identity, content) != content:
            self._differing.add(identity)
        self._ids.setdefault((item, str(version)), set()).add(identity)
        place = record.partition, item
        self._out_of_order += version < self._newest.get(place, version)
        self._newest[place] = max(version, self._newest.get(place, version))
        self._last[place] = version

    def dead_letter(self, record: Any) -> None:
        """A record of the dead-letter topic."""
        headers = _headers(record)
        if headers[ERRORS + "topic"] == self.raw_topic:
            place = int(headers[ERRORS + "partition"]), int(headers[ERRORS + "offset"])
            unknown = article_of(record.key, record.value), _digest(record.value)  # retention has taken the raw record
            article, digest = self._at.get(place, unknown)
            if digest != _digest(record.value):
                self._differing.add(f"the dead letter of {_name(article)}")
        else:
            article = article_of(record.key, record.value, "id")  # of a later stage, which reads articles
        self._letters += 1
        self._dead.add(article)

    def verdict(self) -> Verdict:
        """The counts, once everything has been read."""
        items = {item for item, _ in self._ids}
        unknown = {item for item, version in self._sent if version.startswith(_UNKNOWN)}
        out = {a for a in self._sent if a in self._ids or (a[1].startswith(_UNKNOWN) and a[0] in items)}
        invented = (a for a in self._ids if a not in self._sent and a[0] not in unknown)
        poisoned = {a for a, is_poisoned in self._sent.items() if is_poisoned}
        return Verdict(
            sent=len(self._sent),
            came_out=len(out),
            vanished=_names(self._acknowledged - self._sent.keys()),
            lost=_names(self._sent.keys() - out - self._dead),
            invented=_names(invented) if self.whole else [],
            repeated=self._events - len(self._content) + self._letters - len(self._dead),
            dead_letters=len(self._dead),
            unexpected_dead=[] if self.any_dead_letters else _names(self._dead - poisoned),
            missing_dead=_names(poisoned - self._dead),
            differing=sorted(self._differing),
            several_ids=_names(a for a, ids in self._ids.items() if len(ids) > 1),
            out_of_order=self._out_of_order,
            stale=sorted(item for (partition, item), v in self._newest.items() if self._last[partition, item] < v),
        )


def check(servers: str, prefix: str, client: dict[str, Any], **options: Any) -> Verdict:
    """The verdict on a cluster's topics. Raises TimeoutError when a topic cannot be read to its end."""
    judge = Check(f"{prefix}raw", **options)
    takes = {"raw": judge.raw, "enriched": judge.enriched, "dead-letters": judge.dead_letter}
    for topic, take in takes.items():
        for record in read(servers, prefix + topic, client):
            take(record)
        if topic == "raw":
            judge.whole = _is_whole(servers, prefix + topic, client)
    return judge.verdict()


def read(servers: str, topic: str, client: dict[str, Any]) -> Iterator[Any]:
    """Every record of a topic from its beginning to its present end."""
    consumer, partitions = _open(servers, topic, client)
    try:
        ends = consumer.end_offsets(partitions)
        consumer.assign(partitions)
        consumer.seek_to_beginning()
        last = time.monotonic()
        while any(consumer.position(partition) < end for partition, end in ends.items()):
            if time.monotonic() - last > _SILENCE:
                raise TimeoutError(f"{topic} cannot be read to its end")
            for partition, records in consumer.poll(timeout_ms=500).items():
                last = time.monotonic()
                yield from (record for record in records if record.offset < ends[partition])
    finally:
        consumer.close()


def _is_whole(servers: str, topic: str, client: dict[str, Any]) -> bool:
    """Whether nothing of a topic has been deleted."""
    consumer, partitions = _open(servers, topic, client)
    try:
        return not any(consumer.beginning_offsets(partitions).values())
    finally:
        consumer.close()


def _open(servers: str, topic: str, client: dict[str, Any]) -> tuple[Any, list[TopicPartition]]:
    """A consumer, and the topic's partitions."""
    consumer = KafkaConsumer(bootstrap_servers=servers.split(","), group_id=None, **client)
    return consumer, [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]


def article_of(key: bytes | None, payload: bytes | None, field: str = "uri") -> Article:
    """The article in a record whose JSON has the item's id under `field`."""
    try:
        item = json.loads(payload or b"")
        return str(item[field]), str(item.get("version", 1))
    except (ValueError, TypeError, KeyError):
        return _text(key), _UNKNOWN + _digest(payload)


def _content(event: dict[str, Any], headers: dict[str, str]) -> str:
    """A digest of what must be equal under one `ce_id`."""
    event = {name: value for name, value in event.items() if name != "times"}
    event["produced_by"] = [{k: v for k, v in step.items() if k != "seconds"} for step in event["produced_by"]]
    kept = {name: value for name, value in headers.items() if name not in MAY_DIFFER}
    return _digest(json.dumps([event, kept], sort_keys=True).encode())


def _headers(record: Any) -> dict[str, str]:
    return {name: _text(value) for name, value in record.headers}


def _text(value: bytes | None) -> str:
    return (value or b"").decode("utf-8", "replace")


def _digest(value: bytes | None) -> str:
    return hashlib.sha256(value or b"").hexdigest()


def _name(article: Article) -> str:
    return f"{article[0]} {article[1]}"


def _names(articles: Iterable[Article]) -> list[str]:
    return sorted(map(_name, articles))


def main() -> None:
    """Prints the verdict as JSON; status 1 if it does not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--broker", default="localhost:9092", help="bootstrap servers, comma-separated")
    parser.add_argument("--prefix", default="news.", help="prefix of the topics")
    parser.add_argument("--client", type=json.loads, default={}, help="more options of KafkaConsumer, as JSON")
    parser.add_argument("--poisoned", default=POISONED, help="header of raw records that have to become dead letters")
    parser.add_argument("--any-dead-letters", action="store_true", help="a dead letter is no fault, poisoned or not")
    parser.add_argument("--acknowledged", type=Path, help="what must be in the raw topic: JSON, [[item, version], …]")
    options = parser.parse_args()
    verdict = check(
        options.broker,
        options.prefix,
        options.client,
        poisoned=options.poisoned,
        any_dead_letters=options.any_dead_letters,
        acknowledged=map(tuple, json.loads(options.acknowledged.read_text())) if options.acknowledged else (),
    )
    print(json.dumps(asdict(verdict), indent=1))
    sys.exit(not verdict.holds)


if __name__ == "__main__":
    main()
