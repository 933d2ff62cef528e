"""The settings of a stage's app that Faust would choose otherwise."""

from pathlib import Path

import pytest

from streams.flow.app import make_app
from streams.settings import Settings


def test_a_connection_that_is_dead_is_given_up_soon_but_a_join_may_take_a_whole_rebalance(tmp_path: Path) -> None:
    """Faust waits 20 minutes for the answer to a produce request, and 90 s for a join however long it may take."""
    app = make_app("entities", Settings(datadir=tmp_path, rebalance_timeout=300))
    assert app.conf.producer_request_timeout <= 30
    assert 300 < app.conf.broker_request_timeout <= 310
    quick = make_app("entities", Settings(datadir=tmp_path, rebalance_timeout=10, session_timeout=30))
    assert 30 < quick.conf.broker_request_timeout <= 40


def test_files_that_cannot_be_used_name_their_setting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match=r"^STREAMS_DATADIR: .*/file: File exists$"):
        make_app("entities", Settings(datadir=tmp_path / "file"))
    user = {"security_protocol": "SASL_PLAINTEXT", "sasl_username": "desk", "sasl_password_file": tmp_path / "absent"}
    with pytest.raises(ValueError, match=r"^STREAMS_SASL_PASSWORD_FILE: .*/absent: No such file or directory$"):
        make_app("entities", Settings(datadir=tmp_path, **user))  # type: ignore[arg-type]
