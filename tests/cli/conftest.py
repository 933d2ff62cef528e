"""Commands run in this process, without a broker."""

from collections.abc import Callable
from typing import Any

import pytest

from streams.broker import clients
from streams.settings import Settings
from tests.cli.commands import Done, run


@pytest.fixture
def streams(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """`streams("topics")` runs a command; nothing listens on the broker's port."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"STREAMS_{name.upper()}", raising=False)
    monkeypatch.setenv("STREAMS_BROKER", "127.0.0.1:9")
    monkeypatch.setenv("STREAMS_WEB_PORT", "0")  # any
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(clients, "_PATIENCE_MS", 0)

    def command(*arguments: str, stdin: Any = None) -> Done:
        return run(monkeypatch, capfd, *arguments, stdin=stdin)

    return command
