"""Times as feeds write them."""

from datetime import UTC, datetime


def parse_time(text: str) -> datetime:
    """An RFC 3339 or ISO 8601 time in UTC; without a zone it is taken as UTC. Raises `ValueError`."""
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:  # a year before 1 or after 9999 once in UTC
        raise ValueError(f"not a time within the calendar: {text}") from error
