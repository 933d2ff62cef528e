"""An item as it came in: bytes, and what the feed says about them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from streams.contract.message import Headers, Message
from streams.contract.outcome import Ok
from streams.feeds.readers import read


@dataclass(frozen=True)
class RawItem:
    """A wire item on its way to `news.raw`. `origin` tells a person where it came from (file and line)."""

    payload: bytes
    content_type: str | None = None
    source: str | None = None
    language: str | None = None
    origin: str = ""
    received: datetime = field(default_factory=lambda: datetime.now(UTC))

    def key(self) -> bytes | None:
        """The item's id where the payload can be read, else None."""
        item = read(self.payload, self.content_type)
        return item.value.id.encode() if isinstance(item, Ok) else None

    def headers(self) -> Headers:
        """The headers of `news.raw`."""
        values = {
            "content-type": self.content_type,
            "source": self.source,
            "language": self.language,
            "received": self.received.isoformat().replace("+00:00", "Z"),
        }
        return tuple((name, value.encode()) for name, value in values.items() if value)

    def message(self) -> Message:
        """The item as the first stage reads it, which finds the id by itself."""
        return Message(self.payload, None, self.headers(), timestamp=self.received)
