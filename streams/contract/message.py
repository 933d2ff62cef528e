"""A Kafka record as the stages see it: bytes in, bytes out, without a client library."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

Headers = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True)
class Message:
    """A record as read. `timestamp` is the broker's, UTC."""

    value: bytes | None
    key: bytes | None = None
    headers: Headers = ()
    topic: str = ""
    partition: int = 0
    offset: int = 0
    timestamp: datetime = field(default_factory=lambda: datetime.now(UTC))

    def header(self, name: str) -> str | None:
        """The last header of that name as text (undecodable bytes replaced), or None."""
        return next((v.decode("utf-8", "replace") for k, v in reversed(self.headers) if k == name), None)


def clean_headers(pairs: Iterable[tuple[str, bytes | None]] | None) -> Headers:
    """Headers of any client as a tuple; a null value becomes empty bytes."""
    return tuple((name, value or b"") for name, value in pairs or ())


@dataclass(frozen=True)
class Outgoing:
    """A record to be sent. `value` is None for a dead letter that had none, and for a deleted key of a table.

    Without a partition, the key says which.
    """

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    partition: int | None = None
