"""`make bench-kafka`: measures, and writes docs/benchmarks.md with its plots. Half an hour; `--short` four minutes.

On one core: all systems side by side on the last core, one at work at a time, in turns with the bare stages; broker,
producer and this program on the first. On two cores: a worker on each, the broker beside one of them and this program
beside the other, since there are no more cores.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

import faust

from streams.flow.assignor import LeanAssignor
from tests.bench.bare import What, bare
from tests.bench.kafka import guarantees, report
from tests.bench.kafka.cost import Measured
from tests.bench.kafka.load import WIRES_A_WORKER, capacity, latencies, plumbing
from tests.bench.kafka.profile import sampled, shares
from tests.bench.kafka.results import Results, Row
from tests.bench.kafka.running import Running, running
from tests.bench.kafka.systems import ONE_HOP, OURS, PEERS, PROFILED, System
from tests.bench.kafka.timing import HALF
from tests.bench.machine import ONE_THREAD, busy, connections, cores, cpu_seconds, describe, pin
from tests.bench.texts import plain_items, raw_items, size
from tests.broker.kafka.nodes import Kafka, KafkaUnavailableError, kafka
from tests.flow.test_assignor import group_record

T = TypeVar("T")
LOADS = (0.25, 0.5, 0.75, 0.95)  # shares of capacity
LATENCY_TURNS = 6


class Bench:
    """The run: its broker, its options, what it has found so far."""

    def __init__(self, broker: Kafka, folder: Path, options: argparse.Namespace, results: Results) -> None:
        self.broker, self.folder, self.options, self.results = broker, folder, options, results
        self.first, self.last = cores()[0], cores()[-1]
        self.busy, self.began, self.before = busy(), time.time(), 0.0

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

    def one_core(self) -> float:
        """All systems on one core, side by side, each working in its turn. Connections of our worker to the broker."""
        results = self.results
        self._place(self.first, self.first)
        with ExitStack() as stack:
            limit = stack.enter_context(bare([self.last]))
            rows = [*results.rows, *([results.one_hop] if results.one_hop else [])]
            pairs = [(row, self._start(stack, row.system, [self.last])) for row in rows]
            results.at_rest = _at_rest([one for _, one in pairs])
            for turn in range(self.options.turns):
                results.bare.append(limit.rate(self.options.articles))
                for row, one in _rotated(pairs, turn):
                    row.capacities.append(capacity(one, self.options.articles))
                say(f"turn {turn + 1}: bare {results.bare[-1]:.2f}", *(f"{row.rates[-1]:.2f}" for row, _ in pairs))
            for turn in range(LATENCY_TURNS):  # all get the same articles, each at the same moment of its schedule
                for row, one in _rotated(pairs[: len(results.rows)], turn):
                    self._latencies(row, one, [HALF], turn)
                say("latencies at half load:", *(f"{at.p99:.2f}" for row in results.rows if (at := row.at(HALF))))
            for turn in range(LATENCY_TURNS):
                self._latencies(results.ours, pairs[0][1], (load for load in LOADS if load != HALF), turn)
            port = int(self.broker.address().rsplit(":", 1)[1])
            return connections(pairs[0][1].run.workers[0].process.pid, port)

    def two_cores(self) -> None:
        """Ours with a worker on each core, beside one worker, and with another number of partitions."""
        results, both = self.results, [self.first, self.last]
        self._place(self.first, self.last)  # left to itself, Linux keeps both beside the same worker
        results.two, results.beside_two, many = Row(OURS, 2), Row(OURS, 1), Row(OURS, 2)
        with ExitStack() as stack:
            two = self._start(stack, OURS, both)
            pairs = [(results.beside_two, self._start(stack, OURS, [self.last])), (results.two, two)]
            pairs += [] if self.options.short else [(many, self._start(stack, OURS, both, 24))]
            for turn in range(self.options.turns * 3 // 4 or 1):
                for row, system in _rotated(pairs, turn):
                    articles, before = WIRES_A_WORKER * row.workers * self.options.articles, self._around()
                    row.capacities.append(capacity(system, articles))
                    row.around.append((self._around() - before) / articles)
                say(f"turn {turn + 1}: one, two, more partitions", *(f"{row.rates[-1]:.2f}" for row, _ in pairs))
            for turn in range(2):
                self._latencies(results.two, two, LOADS, turn)
        grown = ((6, results.beside_two), (6, results.two), (24, many))
        results.grown = [(partitions, row) for partitions, row in grown if row.capacities]
        self._place(self.first, self.first)

    def plumbing(self) -> None:
        """What is left of each system on one core when the models are taken away."""
        self._place(self.first, self.first)
        for row in self.results.rows:
            plain = row.system.without_models()
            with running(plain, self.broker.address(), self.folder, [self.last], items=plain_items()) as one:
                row.plumbing = plumbing(one, self.options.plumbing)
                if row.system in PROFILED:
                    samples = self.folder / f"{one.run.settings.topic_prefix}raw"
                    with sampled(one.run.workers[0].process.pid, samples):
                        plumbing(one, self.options.plumbing)
                    row.profile = shares(samples.read_text())
        say("plumbing:", *(f"{row.plumbing * 1000:.1f} ms" for row in self.results.rows))

    def bare(self, on: Sequence[int], what: What) -> float:
        """Articles/s of bare stages, or of `nlp.pipe`, with nothing beside them."""
        with bare(on, what) as limit:
            return limit.rate(2 * self.options.articles)

    def _latencies(self, row: Row, one: Running, loads: Iterable[float], turn: int) -> None:
        for load in loads:
            seconds = self.options.seconds / (1 if load == HALF else 3)
            before = one.cpu()
            row.samples.setdefault(load, []).append(latencies(one, load * row.rate, seconds, seed=turn))
            row.spent[load] = row.spent.get(load, 0.0) + one.cpu() - before

    def _start(self, stack: ExitStack, system: System, on: Sequence[int], partitions: int = 6) -> Running:
        """One that does not get going is tried once more."""
        address = self.broker.address()
        try:
            return stack.enter_context(running(system, address, self.folder, on, partitions))
        except TimeoutError as error:
            say(f"{system.name} failed, once more: {error}")
            return stack.enter_context(running(system, address, self.folder, on, partitions))

    def _around(self) -> float:
        """Processor seconds so far of the broker and of this program."""
        return cpu_seconds(self._broker_pid) + time.process_time()

    @property
    def _broker_pid(self) -> int:
        process = self.broker.nodes[0].process
        assert process
        return process.pid

    def _place(self, broker: int, program: int) -> None:
        """On which core the broker runs, and on which this program."""
        pin(self._broker_pid, broker)
        pin(os.getpid(), program)


def _at_rest(systems: Sequence[Running], seconds: float = 5.0) -> float:
    """Share of a core that all take together while nothing is sent."""
    before = sum(one.cpu() for one in systems)
    time.sleep(seconds)
    return (sum(one.cpu() for one in systems) - before) / seconds


def _rotated(pairs: Sequence[T], turn: int) -> list[T]:
    """In another order each turn, so that none always comes after the same."""
    first = turn % len(pairs)
    return [*pairs[first:], *pairs[:first]]


def measure(bench: Bench) -> None:
    """Everything, in turns where timings are compared."""
    results = bench.results
    results.one_hop = Row(ONE_HOP, 1)
    bench.begin_timing()
    held = bench.one_core()
    results.pipe = bench.bare([bench.last], "pipe")
    results.bare_two = bench.bare([bench.first, bench.last], "stages") / bench.bare([bench.last], "stages")
    bench.plumbing()
    bench.two_cores()
    began = time.process_time()
    size, _ = group_record(LeanAssignor(faust.App("bench")), 1000)
    results.assign_seconds = (time.process_time() - began) / 2
    assert results.two and results.beside_two
    results.measured = Measured(
        articles=results.ours.rate,
        cpu=results.ours.cpu,
        broker_cpu=results.broker_cpu,
        efficiency=min(1.0, results.two.over(results.beside_two.rates) / 2),
        connections=held,
        group_bytes=size / 1000,
    )


def say(*what: object) -> None:
    """A line of progress."""
    print(time.strftime("%H:%M:%S"), *what, flush=True)


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="make bench-kafka", description=__doc__)
    parser.add_argument("--turns", type=int, default=8, help="turns, in each of which all do the sample wire once")
    parser.add_argument("--seconds", type=float, default=20, help="seconds of sending at half load, in each of 6 turns")
    parser.add_argument("--plumbing", type=int, default=150, help="articles for what each costs without models")
    parser.add_argument("--messages", type=int, default=3_000, help="messages of the kill test")
    parser.add_argument("--struck", type=int, default=200, help="messages of the kill test with long work")
    parser.add_argument("--kills", type=Path, help="a file for the kill tests: read if there, else made")
    parser.add_argument("--core-hour", type=float, default=0.04, help="price of a core for an hour, any currency")
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks.md"), help="where the page goes")
    parser.add_argument("--short", action="store_true", help="a smoke run: tiny numbers that mean nothing")
    chosen = parser.parse_args()
    chosen.articles = size()
    if chosen.short:
        chosen.articles, chosen.turns, chosen.seconds, chosen.messages, chosen.struck = 8, 1, 3, 300, 20
        chosen.plumbing = 20
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
            if chosen.kills:
                guarantees.save(results, chosen.kills)
        bench = Bench(cluster, folder, chosen, results)
        measure(bench)
        results.others = bench.others()
    results.minutes = (time.time() - began) / 60
    report.write(results, chosen.out)
    print(f"\n{chosen.out.read_text()}")


if __name__ == "__main__":
    main()
