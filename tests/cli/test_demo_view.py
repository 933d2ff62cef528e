"""What the demo shows: a line that fits, commands that work, an end without noise."""

import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from streams.cli.called import called
from streams.cli.demo_view import next_steps, report, status
from streams.outputs.tally import Tally
from streams.settings import Settings
from tests.contract.examples import enriched

KAPOT = b"{kapot"


def tally(own: int = 0) -> Tally:
    """One article of two, and `own` that somebody else sent."""
    tally = Tally({("urn:x:1", 1), ("urn:x:2", 1)}, {KAPOT})
    for identity in ("urn:x:1", *(f"urn:own:{number}" for number in range(own))):
        tally.add(enriched(id=identity, version=1), 0.25)
    return tally


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120, 200])
@pytest.mark.parametrize("own", [0, 3])
def test_the_state_fits_on_a_line(width: int, own: int) -> None:
    shown = status(tally(own), restarts=1, width=width).plain
    assert cell_len(shown) < width
    assert " 1 of 2 articles " in shown
    assert ("+ 3 of yours" in shown) == (own > 0 and width >= 60)


def test_a_wide_line_has_it_all() -> None:
    shown = status(tally(), restarts=0, width=120).plain
    assert shown == (
        " 1 of 2 articles   dead letters 0  median 0.25 s  negative 1 neutral 0 positive 0  "
        f"PER 1 ORG 0 LOC 0 MISC 0  {len(enriched().text.split())} words"
    )


def test_what_to_do_next_can_be_typed_as_it_stands() -> None:
    shown = next_steps(Settings(broker="127.0.0.1:4567"), ".venv/bin/streams").plain
    assert "export STREAMS_BROKER=127.0.0.1:4567" in shown
    assert "| .venv/bin/streams ingest files -" in shown
    assert all(len(line) <= 80 for line in shown.splitlines())


def test_a_stop_is_one_quiet_line() -> None:
    assert report(tally(), "the worker's log", stopped=True).plain == "Stopped: 1 of 2 articles had come out."
    assert report(tally(own=1), "the worker's log", stopped=True).plain.endswith(" And 1 of yours.")


def test_what_went_wrong_by_itself_is_told_with_the_workers_log() -> None:
    wrong = tally()
    wrong.add_dead_letter("stage_raised", "news.articles/0/7", b"{}", b"urn:x:2")
    assert report(wrong, "the worker's log", stopped=False).plain.splitlines() == [
        "not out: urn:x:2 version 1",
        "dead letter: stage_raised, of news.articles/0/7",
        "dead letters: 1, expected 1",
        "the worker's log",
    ]


def test_one_s_own_do_not_make_it_wrong() -> None:
    right = tally(own=2)
    right.add(enriched(id="urn:x:2", version=1), 0.1)
    right.add_dead_letter("not_parsed", "news.raw/0/1", KAPOT)
    right.add_dead_letter("not_parsed", "news.raw/0/2", b"{own")
    assert report(right, "", stopped=True).plain == (
        "All 2 readable articles came out enriched, 1 malformed item as a dead letter. And 2 of yours."
    )


def test_as_it_was_called(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "streams"
    program.touch(mode=0o755)
    monkeypatch.setattr(sys, "argv", [str(program)])
    monkeypatch.setenv("PATH", str(tmp_path))
    assert called() == "streams"
    monkeypatch.setenv("PATH", "/nowhere")
    assert called() == str(program)
    monkeypatch.setattr(sys, "argv", [".venv/bin/streams"])
    assert called() == ".venv/bin/streams"
    monkeypatch.setattr(sys, "argv", ["/x/streams/__main__.py"])
    assert called() == f"{sys.executable} -m streams"
