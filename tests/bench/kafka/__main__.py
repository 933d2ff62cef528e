"""`make bench-kafka`: measures, and writes docs/benchmarks.md with its plots. Half an hour; `--short` four minutes.

One-core rows: the system on the last core; broker, producer and this program on the first. Two-core rows: a
worker on each core, and the broker and this program wherever there is room, since there are no more cores.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import faust

from streams.flow.assignor import LeanAssignor
from tests.bench.kafka import guarantees, report
from tests.bench.kafka.cost import Measured
from tests.bench.kafka.load import capacity, latencies
from tests.bench.kafka.results import Results, Row
from tests.bench.kafka.running import running
from tests.bench.kafka.systems import ONE_HOP, OURS, PEERS, System
from tests.bench.machine import ONE_THREAD, busy, connections, cores, cpu_seconds, describe, pin
from tests.bench.texts import Raw, raw_items, size, spread
from tests.broker.kafka.nodes import Kafka, KafkaUnavailableError, kafka
from tests.flow.test_assignor import group_record

LOADS = {0.25: 0.6, 0.5: 1.5, 0.75: 0.6, 0.95: 0.6}  # share of capacity: share of --seconds
PEER_LOADS = {0.5: 1.5}
TWO_CORE_LOADS = {0.5: 0.6, 0.95: 0.6}


class Bench:
    """The run: its broker, its options, what it has found so far."""

    def __init__(self, broker: Kafka, folder: Path, options: argparse.Namespace, results: Results) -> None:
        self.broker, self.folder, self.options, self.results = broker, folder, options, results
        self.first, self.last = cores()[0], cores()[-1]
        self.busy, self.began, self.before = busy(), time.time(), 0.0
        self.connections = 0  # of a worker to the broker

    def begin_timing(self) -> None:
        """From here on a quiet machine matters."""
        self.busy, self.began, self.before = busy(), time.time(), self._mine()

    def others(self) -> float:
        """Share of the cores' time that other processes used since then."""
        foreign = sum(busy()) - sum(self.busy) - (self._mine() - self.before)
        return max(0.0, foreign) / ((time.time() - self.began) * len(self.busy))

    def _mine(self) -> float:
        usage = os.times()
        children = usage.children_user + usage.children_system
        return cpu_seconds(self._broker_pid) + usage.user + usage.system + children

    def one_core(self, system: System, row: Row, loads: Mapping[float, float]) -> None:
        """A turn of a system on one core: its capacity, then latencies, if any. One that fails is tried once more."""
        try:
            self._one_core(system, row, loads)
        except TimeoutError as error:
            say(f"{system.name} failed, once more: {error}")
            self._one_core(system, row, loads)

    def _one_core(self, system: System, row: Row, loads: Mapping[float, float]) -> None:
        self._place_broker(self.first)
        with running(system, self.broker.address(), self.folder, [self.last], _articles(6)) as one:
            found = capacity(one, self.options.articles)
            if system is OURS:
                port = int(self.broker.address().rsplit(":", 1)[1])
                self.connections = connections(one.run.workers[0].process.pid, port)
            row.latencies += latencies(one, self._seconds(loads), found.rate)
        row.capacities.append(found)
        say(f"{system.name}: {found.rate:.2f} articles/s")

    def two_cores(self) -> None:
        """Ours with a worker on each core, and with other numbers of partitions."""
        self._place_broker(self.first, self.last)
        os.sched_setaffinity(0, {self.first, self.last})
        row = self.results.two = Row(OURS, 2)
        for workers, partitions in ((2, 6), (2, 24)):
            if self.options.short and partitions != 6:
                continue
            on = [self.first, self.last][-workers:]
            with running(OURS, self.broker.address(), self.folder, on, _articles(partitions), partitions) as one:
                found = capacity(one, workers * self.options.articles)
                self.results.partitions[partitions, workers] = found.rate
                if partitions == 6:
                    row.capacities.append(found)
                    row.latencies += latencies(one, self._seconds(TWO_CORE_LOADS), row.rate)
            say(f"{workers} worker(s), {partitions} partitions: {found.rate:.2f} articles/s")
        os.sched_setaffinity(0, {self.first})

    def bare(self, *what: str) -> float:
        """Articles/s of the bare stages on one core."""
        return self._bare([self.last], *what)

    def bare_two(self) -> float:
        """Of two such processes on two cores."""
        return self._bare([self.first, self.last])

    def _bare(self, on: Sequence[int], *what: str) -> float:
        command = [sys.executable, "-m", "tests.bench.bare", str(self.options.articles), *what]
        processes = []
        for core in on:
            processes.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
            pin(processes[-1].pid, core)
        rates = [float(process.communicate()[0]) for process in processes]
        say(f"bare {' '.join(what)}: {sum(rates):.2f} articles/s on {len(on)} core(s)")
        return sum(rates)

    def _seconds(self, loads: Mapping[float, float]) -> dict[float, float]:
        return {load: share * self.options.seconds for load, share in loads.items()}

    @property
    def _broker_pid(self) -> int:
        process = self.broker.nodes[0].process
        assert process
        return process.pid

    def _place_broker(self, *on: int) -> None:
        pin(self._broker_pid, *on)


def _articles(partitions: int) -> Iterator[Raw]:
    """The sample wire without end, every article under an id of its own, the partitions in turn."""
    return spread(raw_items(sys.maxsize), lambda item: item[0], partitions)


def measure(bench: Bench) -> None:
    """Everything, in turns where timings are compared."""
    results, options = bench.results, bench.options
    results.one_hop = Row(ONE_HOP, 1)
    bench.begin_timing()
    os.sched_setaffinity(0, {bench.first})
    for turn in range(options.turns):
        results.bare.append(bench.bare())
        for row in results.rows:
            loads = LOADS if row.system is OURS else PEER_LOADS
            bench.one_core(row.system, row, loads if turn == 0 else {})
        bench.one_core(ONE_HOP, results.one_hop, {})
    results.pipe, results.bare_two = bench.bare("pipe"), bench.bare_two()
    bench.two_cores()
    began = time.process_time()
    size, _ = group_record(LeanAssignor(faust.App("bench")), 1000)
    results.assign_seconds = (time.process_time() - began) / 2
    assert results.two
    results.measured = Measured(
        articles=results.ours.rate,
        cpu=results.ours.cpu,
        broker_cpu=results.broker_cpu,
        efficiency=min(1.0, results.two.rate / (2 * results.ours.rate)),
        connections=bench.connections,
        group_bytes=size / 1000,
    )


def say(*what: object) -> None:
    """A line of progress."""
    print(time.strftime("%H:%M:%S"), *what, flush=True)


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="make bench-kafka", description=__doc__)
    parser.add_argument("--rounds", type=int, default=2, help="times the sample wire, for each capacity")
    parser.add_argument("--turns", type=int, default=2, help="turns for capacities on one core; the median counts")
    parser.add_argument("--seconds", type=float, default=40, help="seconds of sending for each latency")
    parser.add_argument("--messages", type=int, default=3_000, help="messages of the kill test")
    parser.add_argument("--struck", type=int, default=60, help="messages of the kill test with long work")
    parser.add_argument(
        "--kills", type=Path, help="a file for the kill tests: made, and nothing else, if not there; else read"
    )
    parser.add_argument("--core-hour", type=float, default=0.04, help="price of a core for an hour, any currency")
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks.md"), help="where the page goes")
    parser.add_argument("--short", action="store_true", help="a smoke run: tiny numbers that mean nothing")
    chosen = parser.parse_args()
    chosen.articles = chosen.rounds * size()
    if chosen.short:
        chosen.articles, chosen.turns, chosen.seconds, chosen.messages, chosen.struck = 8, 1, 3, 300, 20
    return chosen


def main() -> None:
    """Measures and writes."""
    chosen, began = options(), time.time()
    os.environ.update(ONE_THREAD)
    words = sum(len(payload.split()) for _, payload, _ in raw_items(size())) / size()
    command = " ".join(["make bench-kafka", *([f"ARGS='{' '.join(sys.argv[1:])}'"] if sys.argv[1:] else [])])
    results = Results(describe(), command, chosen.articles, words, chosen.core_hour, short=chosen.short)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            cluster = stack.enter_context(kafka(folder / "kafka"))
        except KafkaUnavailableError as error:
            raise SystemExit(f"no Apache Kafka: {error}") from None
        results.rows = [Row(system, 1) for system in (OURS, *PEERS)]
        if chosen.kills and chosen.kills.exists():
            guarantees.load(results, chosen.kills)
        else:
            guarantees.measure_guarantees(cluster, folder, chosen.messages, chosen.struck, chosen.short, results)
        if chosen.kills and not chosen.kills.exists():
            guarantees.save(results, chosen.kills)
            return
        bench = Bench(cluster, folder, chosen, results)
        measure(bench)
        results.others = bench.others()
    results.minutes = (time.time() - began) / 60
    report.write(results, chosen.out)
    print(f"\n{chosen.out.read_text()}")


if __name__ == "__main__":
    main()
