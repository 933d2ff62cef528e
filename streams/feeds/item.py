"""What any wire format gives: one version of one item, as the feed wrote it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from streams.contract.records import Status


class BodyFormat(StrEnum):
    """How the body is marked up."""

    HTML = "html"
    TEXT = "text"


@dataclass(frozen=True, kw_only=True)
class WireItem:
    """One version of one item. Texts are as received; times are UTC.

    `language` is the tag that the feed declares (BCP 47), `place` where the item is written from,
    `note` what the agency tells the desk and not the reader.
    """

    id: str
    version: int = 1
    status: Status = Status.USABLE
    headline: str | None = None
    body: str | None = None
    body_format: BodyFormat = BodyFormat.TEXT
    language: str | None = None
    place: str | None = None
    published: datetime | None = None
    embargo: datetime | None = None
    note: str | None = None
