"""An installation without a codec's library: one line that says so, from a command that meets such a batch."""

from collections.abc import Callable
from typing import Any

import pytest
from kafka.errors import UnsupportedCodecError

from streams.cli import subscribe
from tests.cli.commands import Done


def test_it_is_named(streams: Callable[..., Done], monkeypatch: pytest.MonkeyPatch) -> None:
    def follow(*_: Any, **__: Any) -> Any:
        raise UnsupportedCodecError("Libraries for zstd compression codec not found")

    monkeypatch.setattr(subscribe, "follow", follow)
    done = streams("subscribe")
    assert done.status == 1
    (line,) = done.err.splitlines()
    assert "Libraries for zstd compression codec not found" in line
    assert "install streams anew" in line
