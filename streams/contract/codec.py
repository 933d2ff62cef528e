"""Bytes to records and back; what cannot be read is a value, not an exception."""

from typing import TypeVar

import msgspec

from streams.contract.outcome import DeadLetter, Ok, Outcome, Reason
from streams.contract.records import Record

R = TypeVar("R", bound=Record)


def encode(record: Record) -> bytes:
    """A record as JSON (UTF-8, no escapes for non-ASCII, times in UTC with Z)."""
    return msgspec.json.encode(record)


def decode(value: bytes | None, kind: type[R]) -> Outcome[R]:
    """JSON bytes as a record of that kind, every field checked."""
    if not value:
        return DeadLetter(Reason.EMPTY_PAYLOAD, "the record has no value")
    try:
        return Ok(msgspec.json.decode(value, type=kind))
    except msgspec.ValidationError as error:
        return DeadLetter(Reason.WRONG_FIELD, str(error), type(error).__name__)
    except (msgspec.DecodeError, RecursionError) as error:
        return DeadLetter(Reason.NOT_PARSED, str(error), type(error).__name__)
    except UnicodeDecodeError as error:
        return DeadLetter(Reason.WRONG_ENCODING, str(error), type(error).__name__)
