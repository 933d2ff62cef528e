"""`make bench`: one worker through the embedded broker beside its bare stages, on the same texts, in one run.

The bare stages are entities, quotes and sentiment called in a loop on articles already normalised: no
broker, no codec. The worker does all three stages of the flow. Worker and bare loop run on one core, in turns;
broker, producer and this program on the other. The ratio is the median over the turns, since the speed of a shared
machine drifts.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from statistics import median

from streams.broker.admin import create_topics
from streams.broker.clients import consumer, producer
from streams.broker.embedded import QUICK_GROUPS, embedded_broker, free_port
from streams.settings import Settings
from tests.bench.bare import bare
from tests.bench.machine import ONE_THREAD, cores, pin
from tests.bench.texts import raw_items, size, wire

_WARM = 10  # articles
_WIRES = 4  # a turn: the embedded broker makes a consumer at rest wait for half a second, a tenth of one wire's time
_READY = 120.0  # seconds that a worker may take to load its models and join


class Worker:
    """One worker on a core, with topics of its own on the embedded broker."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._items, self._producer = settings, wire(settings.partitions), producer(settings)
        self._consumer = consumer(settings, [settings.topics.enriched.name])

    def rate(self, count: int) -> float:
        """Articles a second, from the first sent to the last enriched event in the topic."""
        began, seen, last = time.time(), 0, 0.0
        for (key, payload, headers), _ in islice(self._items, count):
            self._producer.send(self._settings.topics.raw.name, key=key, value=payload, headers=headers)
        self._producer.flush()
        while seen < count:
            for records in self._consumer.poll(timeout_ms=1000).values():
                seen += len(records)
                last = max(last, *(record.timestamp / 1000 for record in records))
        return count / (last - began)


@contextmanager
def worker(core: int, folder: Path) -> Iterator[Worker]:
    """It is ready and warm when the context begins, and ends with it."""
    with embedded_broker(folder / "broker.log") as broker, (folder / "worker.log").open("wb") as log:
        settings, port = Settings(broker=broker, topic_prefix="bench."), free_port()
        create_topics(settings)
        env = QUICK_GROUPS | {
            "STREAMS_BROKER": broker,
            "STREAMS_TOPIC_PREFIX": settings.topic_prefix,
            "STREAMS_WEB_PORT": str(port),
            "STREAMS_DATADIR": str(folder / "data"),
        }
        command = [sys.executable, "-m", "streams", "worker"]
        process = subprocess.Popen(command, env={**os.environ, **env}, stdout=log, stderr=log)
        pin(process.pid, core)
        try:
            _wait_ready(port)
            one = Worker(settings)
            one.rate(_WARM)
            yield one
        finally:
            process.terminate()
            process.wait(60)


def _wait_ready(port: int) -> None:
    end = time.monotonic() + _READY
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2)
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the worker did not get ready")


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=_WIRES * size(), help="articles a turn")
    parser.add_argument("--turns", type=int, default=4)
    options = parser.parse_args()
    os.environ.update(ONE_THREAD)
    mine = cores()
    core = mine[-1]
    if len(mine) == 1:
        print("one core only: broker, producer and worker share it, so the ratio says less")
    words = sum(len(payload.split()) for _, payload, _ in raw_items(options.articles)) / options.articles
    print(f"{options.articles} articles of the sample wire a turn, {words:.0f} words each on average, one core")
    print(f"{'turn':>4}  {'bare stages':>12}  {'worker':>12}  {'ratio':>6}   articles/s")
    ratios = []
    pin(os.getpid(), mine[0])
    with tempfile.TemporaryDirectory() as name, bare([core]) as limit, worker(core, Path(name)) as one:
        for turn in range(1, options.turns + 1):
            alone, flow = limit.rate(options.articles), one.rate(options.articles)
            ratios.append(flow / alone)
            print(f"{turn:>4}  {alone:>12.2f}  {flow:>12.2f}  {ratios[-1]:>6.3f}", flush=True)
    print(f"median ratio {median(ratios):.3f}")


if __name__ == "__main__":
    main()
