"""What the README's first command does, by itself."""

import subprocess
import sys

import pytest

from streams.broker.embedded import EmbeddedBrokerError, binary

pytestmark = pytest.mark.broker


def test_the_demo_shows_every_readable_article_and_keeps_the_malformed_one() -> None:
    """`streams demo --exit` ends by itself, with 0."""
    try:
        binary()
    except EmbeddedBrokerError as error:
        pytest.skip(str(error))
    demo = subprocess.run(
        [sys.executable, "-m", "streams", "demo", "--exit"], capture_output=True, text=True, timeout=300
    )
    assert demo.returncode == 0, demo.stdout[-3000:] + demo.stderr[-3000:]
    assert "All 47 readable articles came out enriched, 1 malformed item as a dead letter" in demo.stdout
    assert "/metrics" in demo.stdout
    assert "dead letter: not_parsed" in demo.stdout
