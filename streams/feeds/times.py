"""Times as feeds write them."""

from calendar import timegm
from datetime import UTC, datetime
from time import struct_time


def parse_time(text: str) -> datetime:
    """An RFC 3339 or ISO 8601 time in UTC; without a zone it is taken as UTC. Raises `ValueError`."""
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:  # a year before 1 or after 9999 once in UTC
        raise ValueError(f"not a time within the calendar: {text}") from error


def from_struct(parsed: struct_time | None) -> datetime | None:
    """A time as feedparser gives it (UTC); a date outside the calendar is no date."""
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError):
        return None
