"""What a server asks for, and errors in words."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest

from streams.feeds.failures import in_words, retry_after


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120), (" 0 ", 0), ("9" * 40, 86_400), ("-5", 0), ("morgen", 0), ("", 0), ("١٢٠", 0)],
)
def test_seconds_to_wait(header: str, seconds: float) -> None:
    assert retry_after(header) == seconds


def test_a_moment_to_wait_for() -> None:
    now = datetime.now(UTC)
    assert retry_after(format_datetime(now + timedelta(minutes=10), usegmt=True)) == pytest.approx(600, abs=5)
    assert retry_after(format_datetime(now - timedelta(minutes=10), usegmt=True)) == 0
    assert retry_after("Fri, 31 Dec 9999 23:59:59 GMT") == 86_400


def test_words_quote_neither_address_nor_answer() -> None:
    for error in (aiohttp.InvalidURL("http://klant:geheim@x"), ValueError("geheim"), OSError(5, "Input/output error")):
        assert "geheim" not in in_words(error)
    assert in_words(OSError(5, "Input/output error", "geheim")) == "Input/output error"
