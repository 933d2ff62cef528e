"""Tables cut nothing, in a pipe and on a narrow terminal."""

import pytest
from rich.console import Console

from streams.cli import tables
from streams.cli.tables import show_table

HEADER = ("place", "time", "reason", "key", "problem")
ROW = ("3-42", "2026-11-30 05:55:19", "wrong_encoding", "urn:newsml:example.org:20261130:abc", "byte 17: " + 90 * "x")


def shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], terminal: bool, width: int) -> str:
    def console(**options: int) -> Console:
        return Console(**({"width": width} | options), force_terminal=terminal, color_system=None)  # type: ignore[arg-type]

    monkeypatch.setattr(tables, "Console", console)
    show_table(HEADER, [ROW, ("0-1", *ROW[1:])], beside=3)
    return capsys.readouterr().out


def test_a_pipe_is_as_wide_as_it_takes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(monkeypatch, capsys, terminal=False, width=80).splitlines()
    assert len(lines) == 6
    assert all(cell in lines[3] for cell in ROW)


def test_a_wide_terminal_has_a_table(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert all(cell in shown(monkeypatch, capsys, terminal=True, width=220).splitlines()[3] for cell in ROW)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_narrow_terminal_has_lines(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = shown(monkeypatch, capsys, terminal=True, width=width).splitlines()
    assert lines[:3] == [
        "3-42  2026-11-30 05:55:19  wrong_encoding",
        "    key: urn:newsml:example.org:20261130:abc",
        f"    problem: {ROW[4]}",
    ]
    assert lines[3] == "0-1   2026-11-30 05:55:19  wrong_encoding"
