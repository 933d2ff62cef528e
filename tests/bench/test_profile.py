"""py-spy's samples by package."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bench.kafka.profile import PY_SPY, PYTHON, sampled, shares

RAW = """\
main (asyncio/base_events.py:1922);send (aiokafka/conn.py:80);write (asyncio/streams.py:12) 6
main (asyncio/base_events.py:1922);getmany (/venv/lib/python3.11/site-packages/faust/transport/consumer.py:7) 1
main (asyncio/base_events.py:1922);deliver (/srv/news/streams/flow/delivery.py:69);wait (asyncio/tasks.py:3) 2
main (<frozen runpy>:198);_run_once (asyncio/base_events.py:1922) 1
main (faust/worker.py:3);EpollSelector.select (selectors.py:468) 500
"""


def test_a_sample_belongs_to_the_innermost_package() -> None:
    """And one that begins to wait to none."""
    assert shares(RAW) == {"aiokafka": 0.6, "streams/flow": 0.2, "faust": 0.1, PYTHON: 0.1}


@pytest.mark.skipif(not PY_SPY.exists(), reason="needs py-spy, of the extra `bench`")
def test_a_process_is_sampled(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "print(1, flush=True)\nwhile True: pass"], stdout=-1) as busy:
        assert busy.stdout
        busy.stdout.readline()
        with sampled(busy.pid, tmp_path / "raw"):
            time.sleep(1)
        busy.kill()
    assert shares((tmp_path / "raw").read_text()) == {PYTHON: 1.0}
