"""The settings of a stage's app that Faust would choose otherwise."""

from pathlib import Path

from streams.flow.app import make_app
from streams.settings import Settings


def test_a_connection_that_is_dead_is_given_up_soon_but_a_join_may_take_a_whole_rebalance(tmp_path: Path) -> None:
    """Faust waits 20 minutes for the answer to a produce request, and 90 s for a join however long it may take."""
    app = make_app("entities", Settings(datadir=tmp_path, rebalance_timeout=300))
    assert app.conf.producer_request_timeout <= 30
    assert 300 < app.conf.broker_request_timeout <= 310
    quick = make_app("entities", Settings(datadir=tmp_path, rebalance_timeout=10, session_timeout=30))
    assert 30 < quick.conf.broker_request_timeout <= 40
