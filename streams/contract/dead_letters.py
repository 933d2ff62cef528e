"""A dead letter: the original bytes, key and headers, and Kafka Connect's headers that say why."""

from streams.contract.message import Headers, Message, Outgoing
from streams.contract.outcome import DeadLetter

PREFIX = "__connect.errors."
REASON = PREFIX + "reason"
_MESSAGE_LIMIT = 500  # characters: an exception may quote the whole payload
_STACKTRACE_LIMIT = 4_000  # characters, the last ones: they name the line that failed


def dead_letter(topic: str, stage: str, message: Message, error: DeadLetter) -> Outgoing:
    """The record for the dead-letter topic. Its value is what the failing stage read, byte for byte.

    Headers of an earlier failure of the same record (it was retried) are replaced.
    """
    why = {
        "topic": message.topic,
        "partition": str(message.partition),
        "offset": str(message.offset),
        "stage": stage,
        "reason": error.reason.value,
        "exception.class.name": error.exception_class or error.reason.value,
        "exception.message": f"{error.reason}: {error.message}"[:_MESSAGE_LIMIT],
    }
    if error.stacktrace:
        why["exception.stacktrace"] = error.stacktrace[-_STACKTRACE_LIMIT:]
    headers = without_errors(message.headers) + tuple((PREFIX + k, _bytes(v)) for k, v in why.items())
    # Kafka's clients refuse a record that has neither key nor value, though one may have come in.
    value = b"" if message.key is None and message.value is None else message.value
    return Outgoing(topic, message.key, value, headers)


def _bytes(text: str) -> bytes:
    """UTF-8; an exception may quote half a surrogate pair, which has none."""
    return text.encode("utf-8", "backslashreplace")


def without_errors(headers: Headers) -> Headers:
    """The original headers of a dead letter."""
    return tuple((name, value) for name, value in headers if not name.startswith(PREFIX))
