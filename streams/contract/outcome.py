"""What a stage makes of a record: a value, nothing, or a dead letter. Errors are values until the edge."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T", covariant=True)


class Reason(StrEnum):
    """Why a record became a dead letter. The fixed list: a reason is also a metric's label."""

    EMPTY_PAYLOAD = "empty_payload"  # no bytes at all
    TOO_LARGE = "too_large"  # above STREAMS_MAX_ITEM_BYTES, or above what the broker takes
    UNKNOWN_FORMAT = "unknown_format"  # a content type that no reader knows
    WRONG_ENCODING = "wrong_encoding"  # bytes that are not the encoding they claim
    NOT_PARSED = "not_parsed"  # not JSON, not XML
    WRONG_FIELD = "wrong_field"  # a field missing, or of the wrong type
    NO_TEXT = "no_text"  # neither headline nor body
    STAGE_RAISED = "stage_raised"  # the stage's code failed on this record


@dataclass(frozen=True)
class Ok(Generic[T]):
    """The record went through."""

    value: T


@dataclass(frozen=True)
class DeadLetter:
    """The record cannot be processed; `message` says what is wrong with it, for a person.

    `stacktrace` is there where the stage's own code failed: then it is the code that is wrong.
    """

    reason: Reason
    message: str
    exception_class: str = ""
    stacktrace: str = ""


Outcome = Ok[T] | DeadLetter
