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
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return unreadable(value, error)


def unreadable(value: bytes, error: Exception) -> DeadLetter:
    """The dead letter of JSON that msgspec refused. Bytes that are not UTF-8 are said to be so, whatever it raised:
    that is a UnicodeDecodeError up to its 0.22, a DecodeError from 0.23 on."""
    try:
        value.decode()
    except UnicodeDecodeError as wrong:
        return DeadLetter(Reason.WRONG_ENCODING, str(wrong), type(wrong).__name__)
    reason = Reason.WRONG_FIELD if isinstance(error, msgspec.ValidationError) else Reason.NOT_PARSED
    return DeadLetter(reason, str(error), type(error).__name__)
