"""A record that is too large even for a dead letter: what is kept of it.

A broker compares a batch with a topic's limit as it comes, compressed: what is in it may be a thousand times as large.
"""

from dataclasses import replace

from streams.contract.message import Message
from streams.settings import Settings

_KEY, _HEADERS = 1_000, 10_000  # bytes that are kept of a key, and of all headers


def fitting(message: Message, settings: Settings) -> tuple[Message, str]:
    """The record as its dead letter can hold it, and what was cut, in words: nothing where it fits.

    Whole if it is no larger than what the topics between the stages take, of which a dead letter's has room to spare.
    """
    value, key = message.value or b"", message.key or b""
    size = len(value) + len(key) + sum(len(name) + len(content) for name, content in message.headers)
    if size <= settings.topics["articles"].max_message_bytes:
        return message, ""
    headers, room = [], _HEADERS
    for name, content in message.headers:
        room -= len(name) + len(content)
        if room >= 0:
            headers.append((name, content))
    kept = value[: settings.max_item_bytes]
    cut = replace(message, value=message.value and kept, key=message.key and key[:_KEY], headers=tuple(headers))
    return cut, f"a record of {size:,} bytes, of whose value the first {len(kept):,} are kept: "
