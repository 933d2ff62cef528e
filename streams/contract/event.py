"""What a stage says of an article: a record for a topic, under a key."""

from dataclasses import dataclass

from streams.contract.outcome import DeadLetter, Outcome
from streams.contract.records import Article, Record


@dataclass(frozen=True)
class Event:
    """One record to be sent. Without a `topic` (its name without prefix) it goes to the first that the stage writes,
    without a `key` under the item's id, without a `kind` as the stage's own CloudEvents type.

    `article` is what it is about: with `part`, which tells apart what one stage says of one article, it makes the
    event's id. A `record` of None is a tombstone.
    """

    record: Record | None
    article: Article
    topic: str | None = None
    key: str | None = None
    kind: str | None = None
    part: str = ""


def of(outcome: Outcome[Article]) -> tuple[Event | DeadLetter, ...]:
    """An article as the one event of a stage, or the dead letter as it is."""
    return (outcome,) if isinstance(outcome, DeadLetter) else (Event(outcome.value, outcome.value),)
