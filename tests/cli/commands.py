"""Runs commands as the console script does, in this process."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from streams.cli import main


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    status: int
    out: str
    err: str


def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], *arguments: str, stdin: Any = None) -> Done:
    """`streams ARGUMENTS`, with `stdin` (a binary file) as standard input."""
    monkeypatch.setattr("sys.argv", ["streams", *arguments])
    if stdin is not None:
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=stdin))
    with pytest.raises(SystemExit) as ended:
        main()
    shown = capfd.readouterr()
    status = ended.value.code
    return Done(status if isinstance(status, int) else 0, shown.out, shown.err)
