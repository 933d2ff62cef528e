"""`make bench`: one worker through the embedded broker beside its bare stages, on the same texts, in one run.

The bare stages are entities, quotes and sentiment called in a loop on articles already normalised: no
broker, no codec. The worker does all three stages of the flow. Worker and bare loop run on one core;
broker, producer and this program on the other. Bare and worker take turns, and the ratio is the median
over the turns, since timings on a shared machine drift.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from statistics import median

from streams.broker.admin import create_topics
from streams.broker.clients import consumer, producer
from streams.broker.embedded import QUICK_GROUPS, embedded_broker, free_port
from streams.settings import Settings
from tests.bench.machine import ONE_THREAD, cores, pin
from tests.bench.texts import raw_items

_READY = 120.0  # seconds that a worker may take to load its models and join


def pinned(command: list[str], core: int, env: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    """A process on one core."""
    with log.open("ab") as out:
        process = subprocess.Popen(command, env={**os.environ, **ONE_THREAD, **env}, stdout=subprocess.PIPE, stderr=out)
    pin(process.pid, core)
    return process


def bare(count: int, core: int, folder: Path) -> float:
    """Articles a second of the bare stages."""
    process = pinned([sys.executable, "-m", "tests.bench.bare", str(count)], core, {}, folder / "bare.log")
    output, _ = process.communicate()
    if process.returncode:
        raise SystemExit((folder / "bare.log").read_text())
    return float(output)


def through_worker(count: int, core: int, folder: Path, turn: int) -> float:
    """Articles a second of one worker, from the first sent to the last enriched event in the topic."""
    with embedded_broker(folder / "broker.log") as broker:
        settings = Settings(broker=broker, topic_prefix=f"bench{turn}.")
        create_topics(settings)
        port = free_port()
        env = QUICK_GROUPS | {
            "STREAMS_BROKER": broker,
            "STREAMS_TOPIC_PREFIX": settings.topic_prefix,
            "STREAMS_WEB_PORT": str(port),
            "STREAMS_DATADIR": str(folder / f"data{turn}"),
        }
        worker = pinned([sys.executable, "-m", "streams", "worker"], core, env, folder / "worker.log")
        try:
            _wait_ready(port)
            client = producer(settings)
            began = time.time()
            for key, payload, headers in raw_items(count):
                client.send(settings.topics.raw.name, key=key, value=payload, headers=headers)
            client.flush()
            return count / (_last_enriched(settings, count) - began)
        finally:
            worker.terminate()
            worker.wait(60)


def _wait_ready(port: int) -> None:
    end = time.monotonic() + _READY
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2)
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the worker did not get ready")


def _last_enriched(settings: Settings, count: int) -> float:
    """Unix time at which the last of `count` enriched events was written."""
    client = consumer(settings, [settings.topics.enriched.name])
    seen, last = 0, 0.0
    while seen < count:
        for records in client.poll(timeout_ms=1000).values():
            seen += len(records)
            last = max(last, *(record.timestamp / 1000 for record in records))
    client.close()
    return last


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=480)
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    mine = cores()
    core = mine[-1]
    os.sched_setaffinity(0, {mine[0]})
    if len(mine) == 1:
        print("one core only: broker, producer and worker share it, so the ratio says less")
    words = sum(len(payload.split()) for _, payload, _ in raw_items(options.articles)) / options.articles
    print(f"{options.articles} articles of the sample wire, {words:.0f} words each on average, one core")
    print(f"{'turn':>4}  {'bare stages':>12}  {'worker':>12}  {'ratio':>6}   articles/s")
    ratios = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for turn in range(1, options.turns + 1):
            alone, flow = bare(options.articles, core, folder), through_worker(options.articles, core, folder, turn)
            ratios.append(flow / alone)
            print(f"{turn:>4}  {alone:>12.2f}  {flow:>12.2f}  {ratios[-1]:>6.3f}", flush=True)
    print(f"median ratio {median(ratios):.3f}")


if __name__ == "__main__":
    main()
