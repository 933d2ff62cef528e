"""The kill tests of all systems, kept in a file: they need no quiet machine, so they may run before the rest."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests.bench.kafka.kills import KILLS, STRIKES, Killed, kill_test, strike_test
from tests.bench.kafka.results import Results
from tests.bench.kafka.systems import OURS
from tests.bench.machine import cpu_seconds, describe
from tests.broker.kafka.nodes import Kafka


def measure_guarantees(broker: Kafka, folder: Path, messages: int, struck: int, short: bool, results: Results) -> None:
    """Kills every system of the rows; for a short run once each."""
    kills, strikes = (KILLS[:1], STRIKES[:1]) if short else (KILLS, STRIKES)
    process = broker.nodes[0].process
    assert process
    results.killed_on = describe()
    for row in results.rows:
        before = cpu_seconds(process.pid)
        row.killed = kill_test(row.system, broker.address(), folder, messages, kills)
        if row.system is OURS:  # at hundreds of articles a second: what the broker uses idle hardly counts
            results.broker_cpu = (cpu_seconds(process.pid) - before) / (row.killed.sent + row.killed.repeats)
        row.struck = strike_test(row.system, broker.address(), folder, struck, strikes)
        print(f"{row.system.name}: {_words(row.killed)}; right after a commit: {_words(row.struck)}", flush=True)


def save(results: Results, file: Path) -> None:
    """Writes what the kill tests found."""
    rows = {row.system.name: [asdict(k) for k in (row.killed, row.struck) if k] for row in results.rows}
    kept = {"killed_on": results.killed_on, "broker_cpu": results.broker_cpu, "rows": rows}
    file.write_text(json.dumps(kept, indent=1))


def load(results: Results, file: Path) -> None:
    """Reads it back. Raises KeyError where a system is not in it."""
    kept = json.loads(file.read_text())
    results.killed_on, results.broker_cpu = kept["killed_on"], kept["broker_cpu"]
    for row in results.rows:
        row.killed, row.struck = _both(kept["rows"][row.system.name])


def _both(kept: Sequence[dict[str, int]]) -> tuple[Killed, Killed]:
    killed, struck = (Killed(**values) for values in kept)
    return killed, struck


def _words(killed: Killed) -> str:
    return f"{killed.lost} of {killed.sent} lost, {killed.repeats} repeats, {killed.kills} kills"
