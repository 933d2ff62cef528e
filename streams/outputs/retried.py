"""Which dead letters were sent again: a note of each in a topic of its own, for whoever retries next, on any machine.

A note is written once the broker has what was sent, so that what a retry did not finish is sent again, never lost.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from kafka import KafkaProducer

from streams.contract.message import Message

Notes = dict[str, dict[str, str]]
"""By place: when the letter there was written, and when it was sent again."""


def note(client: KafkaProducer, topic: str, place: str, letter: Message) -> Any:
    """Writes that the letter at this place was sent again now; gives the producer's future."""
    said = {"written": letter.timestamp.isoformat(), "retried": datetime.now(UTC).isoformat(timespec="seconds")}
    return client.send(topic, key=place.encode(), value=json.dumps(said).encode())


def notes(messages: Iterator[Message]) -> Notes:
    """The notes of a topic; what is none is passed over."""
    found: Notes = {}
    for message in messages:
        try:
            said = json.loads(message.value or b"")
            found[(message.key or b"").decode()] = {name: str(said[name]) for name in ("written", "retried")}
        except (ValueError, KeyError, TypeError):
            continue
    return found


def retried(letter: Message, place: str, known: Notes) -> str | None:
    """When the letter was sent again (RFC 3339), or None. A topic made anew has other letters at its places."""
    said = known.get(place)
    return said["retried"] if said and said["written"] == letter.timestamp.isoformat() else None
