"""A worker's log: one line an event on standard error, without the client libraries' chatter."""

import logging
import threading
from collections.abc import Iterator

import pytest

from streams.telemetry.logs import set_up_logging


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in ("kafka", "aiokafka", "faust", "mode"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def test_own_lines_are_shown_and_chatter_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("info")
    logging.getLogger("streams.flow.worker").info("stages %s", "entities")
    logging.getLogger("aiokafka.consumer").info("heartbeat")
    logging.getLogger("aiokafka.consumer").warning("no coordinator")
    shown = capsys.readouterr()
    assert shown.out == ""
    lines = shown.err.splitlines()
    assert [line.split(" ", 2)[2] for line in lines] == [
        "INFO streams.flow.worker: stages entities",
        "WARNING aiokafka.consumer: no coordinator",
    ]


def test_debug_shows_the_chatter_too(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("debug")
    logging.getLogger("aiokafka.consumer").info("heartbeat")
    assert "heartbeat" in capsys.readouterr().err


def test_clients_are_never_at_debug_where_they_log_passwords(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("debug")
    for name in ("kafka.admin.client", "aiokafka.conn"):
        logging.getLogger(name).debug("sasl_plain_password: zeer geheim")
    assert "geheim" not in capsys.readouterr().err


FORGED = "x\n2026-11-30 03:30:00,000 CRITICAL streams.flow.ending: forged \x1b[31m\x9b\u202e\u2028\r\x7f"


@pytest.mark.parametrize("name", ["streams.flow.agent", "faust.app.base", "mode.worker", "aiokafka.conn", "kafka"])
def test_text_of_the_wire_makes_no_line_of_its_own(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("info")
    logging.getLogger(name).warning("dead letter: %s", FORGED)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith(
        f"WARNING {name}: dead letter: x␊2026-11-30 03:30:00,000 CRITICAL streams.flow.ending: forged ␛[31m���␍␡"
    )


def test_a_traceback_is_indented_and_its_text_is_safe(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("debug")
    try:
        raise ValueError(FORGED)
    except ValueError:
        logging.getLogger("faust").exception("not expected", stack_info=True)
    first, *rest = capsys.readouterr().err.split("\n")[:-1]
    assert first.endswith("ERROR faust: not expected")
    assert all(line.startswith("    ") for line in rest)
    assert any("forged ␛[31m" in line for line in rest)


@pytest.mark.parametrize(("level", "shown_at"), [("info", 0), ("debug", -1)])
def test_a_traceback_is_for_debugging(level: str, shown_at: int, capsys: pytest.CaptureFixture[str]) -> None:
    """What failed is in the line all the same."""
    set_up_logging(level)
    try:
        raise OSError("no room")
    except OSError:
        logging.getLogger("faust.consumer").exception("%s crashed", "fetcher")
    shown = capsys.readouterr().err.splitlines()
    assert "fetcher crashed" in shown[0]
    assert shown[shown_at].endswith("OSError: no room")
    assert (len(shown) == 1) == (level == "info")


def test_what_a_thread_raises_is_a_line_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)  # put back after the test

    def fail() -> None:
        raise ValueError(FORGED)

    set_up_logging("info")
    thread = threading.Thread(target=fail, name="sender")
    thread.start()
    thread.join()
    (line,) = capsys.readouterr().err.splitlines()
    assert "sender ended: ValueError: x␊" in line
