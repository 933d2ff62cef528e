"""One fault on one cluster: strike, let the stream come to rest, and have the topics judged."""

import json
import subprocess
import sys
import time
import traceback
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.broker.kafka.nodes import Kafka, wait_until_up
from tests.broker.support import SHIPPED
from tests.chaos.check import Article, Verdict
from tests.chaos.faults import Fault
from tests.chaos.scene import PARTITIONS, Scene
from tests.chaos.states import states
from tests.chaos.wire import plain_wire, sample_wire


@dataclass(frozen=True)
class Row:
    """What came of a fault. `seconds` to recover, None if output did not flow again; `ended` workers by themselves;
    `states` of the tables, and whether each is right."""

    fault: Fault
    verdict: Verdict
    seconds: float | None
    ended: int
    took: float
    states: dict[str, bool]
    trouble: str = ""

    @property
    def wrong_states(self) -> list[str]:
        """Those of the tables that are not what a batch computation gives."""
        return sorted(name for name, right in self.states.items() if not right)

    @property
    def in_time(self) -> bool:
        """Whether output flowed again, within the fault's limit where it has one."""
        return self.seconds is not None and (self.fault.limit is None or self.seconds <= self.fault.limit)

    @property
    def passed(self) -> bool:
        """Whether the promise held, output flowed again in time, and the tables are right."""
        kept = bool(self.states) or not self.fault.tables
        return self.verdict.holds and kept and not self.wrong_states and self.in_time

    def __str__(self) -> str:
        v = self.verdict
        tables = f", {len(self.wrong_states)} of {len(self.states)} states wrong" if self.fault.tables else ""
        back = f"{self.seconds:.1f} s" if self.seconds is not None else "never"
        back += f" of {self.fault.limit:g} s allowed" if self.fault.limit else ""
        return (
            f"{self.fault.name}: {'passed' if self.passed else 'FAILED'} in {self.took:.0f} s: {v.sent} sent "
            f"({len(v.vanished)} more acknowledged and gone), {v.came_out} came out, {len(v.lost)} lost, "
            f"{len(v.invented)} invented, {v.repeated} repeated, {v.dead_letters} dead letters "
            f"({len(v.unexpected_dead)} unexpected, {len(v.missing_dead)} missing), {len(v.differing)} differing, "
            f"{len(v.several_ids)} with several ids, {v.out_of_order} out of order ({len(v.stale)} to the end), "
            f"recovered: {back}{tables}, {self.ended} workers ended by themselves"
            f"{self.trouble and chr(10) + self.trouble}"
        )

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "fault": self.fault.name,
            "passed": self.passed,
            "seconds_to_recover": self.seconds,
            "seconds_allowed": self.fault.limit,
            "workers_ended": self.ended,
            "seconds": self.took,
            "states": len(self.states),
            "wrong_states": self.wrong_states,
            **asdict(self.verdict),
        }


def run(fault: Fault, cluster: Kafka, folder: Path, seed: str, size: float = 1.0, short: bool = False) -> Row:
    """Runs a fault from the first article to the verdict."""
    began, seconds, trouble = time.monotonic(), None, ""
    wire = sample_wire(PARTITIONS) if fault.command == SHIPPED else plain_wire(fault.poisoned)
    env = {name: value.format(folder=folder) for name, value in fault.env.items()}
    env["BROKER"] = cluster.address(fault.listener)
    prefix = f"{fault.name}-{int(time.time())}."
    rate, chance = fault.rate * size, f"{seed} {fault.name}"
    kind = (fault.command, env, fault.tables, short, fault.replicas)
    with Scene(cluster, folder, prefix, wire, rate, chance, *kind) as scene:
        try:
            scene.begin()
            seconds = fault.strike(scene)
        except Exception:  # the verdict comes all the same
            trouble = traceback.format_exc(limit=-1)
        scene.drain()
    wait_until_up(cluster)
    verdict = judge(cluster, prefix, scene.wire.acknowledged, folder / "acknowledged.json")
    kept: dict[str, bool] = {}
    for table in fault.tables:
        kept |= states(cluster.address(), scene.settings.topics.raw.name, scene.settings.changelog(table).name)
    scene.delete_topics()
    return Row(fault, verdict, seconds, scene.ended, time.monotonic() - began, kept, trouble)


def judge(cluster: Kafka, prefix: str, acknowledged: Iterable[Article], file: Path) -> Verdict:
    """The verdict of the checker, a program of its own, which is given in a file what the broker acknowledged."""
    file.write_text(json.dumps(sorted(acknowledged)))
    command = [sys.executable, "-m", "tests.chaos.check", "--broker", cluster.address(), "--prefix", prefix]
    command += ["--acknowledged", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if not done.stdout:
        raise RuntimeError(f"the checker failed: {done.stderr[-2000:]}")
    return Verdict(**json.loads(done.stdout))
