"""SIGTERM and a hang-up end a command in order."""

import os
import signal

import pytest

from streams.cli.signals import StopSignal, stop_signals


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_what_runs_and_the_handlers_are_as_before(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with pytest.raises(StopSignal) as stopped, stop_signals():
        os.kill(os.getpid(), number)
    assert stopped.value.status == 128 + number
    assert signal.getsignal(number) is before


def test_a_second_one_does_not_disturb_the_end() -> None:
    ended = False
    with pytest.raises(StopSignal), stop_signals():
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            os.kill(os.getpid(), signal.SIGHUP)
            ended = True
    assert ended


def test_nohup_is_respected() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stop_signals():
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
