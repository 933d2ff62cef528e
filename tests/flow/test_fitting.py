"""A record that was small when compressed, and is larger than any topic takes: its beginning is kept."""

import pytest

from streams.contract.message import Message
from streams.flow.fitting import fitting
from streams.settings import Settings

SETTINGS = Settings(max_item_bytes=1_000)  # the topics between the stages take 8,000 bytes
SMALL = (("source", b"npd"),)


def test_what_fits_is_whole() -> None:
    message = Message(b"x" * 7_000, b"key", SMALL)
    assert fitting(message, SETTINGS) == (message, "")


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        (Message(b"x" * 9_000, b"key", SMALL), Message(b"x" * 1_000, b"key", SMALL)),
        (Message(b"x", b"k" * 9_000, SMALL), Message(b"x", b"k" * 1_000, SMALL)),
        (Message(None, b"key", (*SMALL, ("large", b"h" * 20_000))), Message(None, b"key", SMALL)),
        (Message(b"x" * 9_000), Message(b"x" * 1_000)),
    ],
)
def test_what_does_not_is_cut_and_says_so(message: Message, kept: Message) -> None:
    cut, words = fitting(message, SETTINGS)
    assert (cut.value, cut.key, cut.headers) == (kept.value, kept.key, kept.headers)
    assert words.startswith("a record of ")
