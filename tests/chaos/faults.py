"""The faults. Each strikes in mid-stream and says how many seconds it took until output flowed again."""

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from kafka import TopicPartition

from tests.broker.kafka.nodes import wait_until_up
from tests.broker.support import PLAIN, SHIPPED
from tests.chaos.clock import COMPILER, ENVIRONMENT, set_clock
from tests.chaos.disk import small_disk
from tests.chaos.keeping_worker import TABLE
from tests.chaos.scene import Scene

SLOW, TOO_SLOW = 15.0, 45.0  # seconds of one batch: above the session timeout (6), and above the rebalance timeout (30)
_HOUR = 3600.0
KEEPING = ("tests.chaos.keeping_worker",)  # a worker with a table
_GOING_ROUND = 600.0  # seconds that a batch may go from worker to worker


@dataclass(frozen=True)
class Fault:
    """A fault, and the wire and the workers that it strikes. `rate` in articles a second, `poisoned` a share."""

    name: str
    what: str
    strike: Callable[[Scene], float]
    env: dict[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = PLAIN
    rate: float = 150.0
    poisoned: float = 0.01
    listener: str = "PLAINTEXT"
    tables: tuple[str, ...] = ()  # that the workers keep
    needs: str | None = None  # what this machine lacks for it


def _calm(scene: Scene) -> float:
    scene.pause(10, 20)
    return scene.recovered(time.monotonic())


def _kill(scene: Scene) -> float:
    seconds = []
    for _ in range(scene.times(6)):
        scene.pause(1, 5)
        moment = time.monotonic()
        scene.random.choice(scene.workers).kill()
        seconds.append(scene.recovered(moment))
    return max(seconds)


def _stop(scene: Scene) -> float:
    seconds = []
    for _ in range(scene.times(5)):
        scene.pause(1, 4)
        worker = scene.ready(scene.random.choice(scene.workers))
        moment = time.monotonic()
        status = worker.stop(90)
        assert status == 0, f"a worker that was told to stop ended with {status}"
        seconds.append(scene.recovered(moment))
    return max(seconds)


def _join_and_leave(scene: Scene) -> float:
    seconds = []
    for _ in range(scene.times(3)):
        scene.pause(1, 3)
        guest = scene.ready(scene.guest())
        seconds.append(scene.recovered(time.monotonic()))
        scene.pause(1, 3)
        moment = time.monotonic()
        assert guest.stop(90) == 0
        seconds.append(scene.recovered(moment))
    return max(seconds)


def _broker_killed(scene: Scene) -> float:
    seconds = []
    for _ in range(scene.times(2)):
        node = scene.random.choice(scene.cluster.nodes)
        moment = time.monotonic()
        node.kill()
        seconds.append(scene.recovered(moment))
        time.sleep(max(0.0, 12 - (time.monotonic() - moment)))
        node.start()
        wait_until_up(scene.cluster)
        seconds.append(scene.recovered(time.monotonic()))
    return max(seconds)


def _all_brokers_gone(scene: Scene) -> float:
    for node in scene.cluster.nodes:
        node.kill()
    time.sleep(60)
    for node in scene.cluster.nodes:
        node.start()
    wait_until_up(scene.cluster)
    return scene.recovered(time.monotonic())


def _election(scene: Scene) -> float:
    seconds = []
    for _ in range(scene.times(3)):
        scene.pause(1, 3)
        moment = time.monotonic()
        scene.ask(_move_leaders)
        seconds.append(scene.recovered(moment))
    return max(seconds)


def _move_leaders(client: Any) -> None:
    """Every partition gets the next of its replicas as leader, those of the consumer offsets too."""
    turned = {
        TopicPartition(topic["name"], p["partition_index"]): [*p["replica_nodes"][1:], p["replica_nodes"][0]]
        for topic in client.describe_topics()
        for p in topic["partitions"]
    }
    refused = {k: v for k, v in client.alter_partition_reassignments(turned).items() if v}
    assert not refused, refused
    client.elect_leaders(0)  # preferred, never unclean


def _hang(scene: Scene) -> float:
    for proxy in scene.proxies:
        proxy.hang()
    time.sleep(scene.seconds(20))
    for proxy in scene.proxies:
        proxy.go_on()
    return scene.recovered(time.monotonic())


def _forgotten(scene: Scene) -> float:
    moment = time.monotonic()
    for proxy in scene.proxies:
        proxy.forget()
    return scene.recovered(moment)


def _broker_disk_full(scene: Scene) -> float:
    node = scene.cluster.nodes[-1]
    node.kill()
    with small_disk(node.folder / "data") as disk:
        try:
            node.start()
            wait_until_up(scene.cluster)
            scene.recovered(time.monotonic())
            moment = time.monotonic()
            disk.fill()
            node.process.wait(120)  # a broker that cannot write any more ends itself
            full = scene.recovered(moment)
            time.sleep(5)
            disk.empty()
            node.start()
            wait_until_up(scene.cluster)
            again = scene.recovered(time.monotonic())
        finally:
            node.kill()
    node.start()
    wait_until_up(scene.cluster)
    return max(full, again)


def _worker_disk_full(scene: Scene) -> float:
    for disk in scene.disks:
        disk.fill()
    end = time.monotonic() + 90
    while not scene.ended:  # the first write of a table that finds no room
        assert time.monotonic() < end, "no worker noticed the full disk"
        time.sleep(0.1)
    time.sleep(15)
    for disk in scene.disks:
        disk.empty()
    return scene.recovered(time.monotonic())


def _slow_batch(seconds: float) -> Callable[[Scene], float]:
    def strike(scene: Scene) -> float:
        moment = time.monotonic()
        scene.slow_article()
        time.sleep(seconds / 3)
        guest = scene.guest()  # a rebalance that has to wait for the batch
        late = scene.recovered(moment, _GOING_ROUND) - seconds
        assert scene.ready(guest).stop(90) == 0
        return max(0.0, late)

    return strike


def _clock(*jumps: float) -> Callable[[Scene], float]:
    def strike(scene: Scene) -> float:
        seconds = []
        for jump in (*jumps, 0.0):
            set_clock(scene.folder, jump)
            seconds.append(scene.recovered(time.monotonic()))
            scene.pause(5, 8)
        return max(seconds)

    return strike


_NOT_ROOT = None if os.geteuid() == 0 and shutil.which("mount") else "needs root, to mount a small disk"
_NO_COMPILER = None if COMPILER else "needs a C compiler, for the library that sets the clock"

FAULTS = (
    Fault("calm", "nothing happens: what the others are compared with", _calm),
    Fault("sigkill", "six times a worker is killed with SIGKILL", _kill),
    Fault(
        "sigterm",
        "five times a worker is told to stop while it works on a batch",
        _stop,
        env={"PLAIN_WORKER_SLEEP": "0.004"},
    ),
    Fault("join-leave", "three times a third worker joins, and leaves again", _join_and_leave),
    Fault(
        "broker-killed",
        "twice one of three brokers is killed with SIGKILL, and started again after 12 s",
        _broker_killed,
    ),
    Fault("brokers-gone", "all three brokers are killed with SIGKILL, and started again after 60 s", _all_brokers_gone),
    Fault("election", "three times every partition gets another leader", _election),
    Fault("hang", "no byte passes between workers and brokers for 20 s, then all go on", _hang, listener="PROXIED"),
    Fault(
        "forgotten",
        "all connections of the workers fall silent for good; new ones work",
        _forgotten,
        listener="PROXIED",
    ),
    Fault(
        "disk-full",
        "the disk of one broker, with the changelog of a table too, is full, and has room again later",
        _broker_disk_full,
        command=KEEPING,
        tables=(TABLE,),
        needs=_NOT_ROOT,
    ),
    Fault(
        "table-disk-full",
        "the disks with the workers' tables are full, and have room again 15 s after a worker ended of it",
        _worker_disk_full,
        env={"STORE": "rocksdb"},
        command=KEEPING,
        tables=(TABLE,),
        needs=_NOT_ROOT,
    ),
    Fault(
        "slow", "a batch takes 15 s, a worker joins meanwhile", _slow_batch(SLOW), env={"PLAIN_WORKER_SLOW": str(SLOW)}
    ),
    Fault(
        "too-slow",
        "a batch takes 45 s, more than a rebalance waits",
        _slow_batch(TOO_SLOW),
        env={"PLAIN_WORKER_SLOW": str(TOO_SLOW)},
    ),
    Fault("poison", "every fifth message is poisoned", _calm, poisoned=0.2),
    Fault(
        "clock-forward",
        "the workers' clocks jump ahead by 2 h, and back",
        _clock(2 * _HOUR),
        env=ENVIRONMENT,
        needs=_NO_COMPILER,
    ),
    Fault(
        "clock-back",
        "the workers' clocks jump back by 20 days, and forth",
        _clock(-480 * _HOUR),
        env=ENVIRONMENT,
        needs=_NO_COMPILER,
    ),
    Fault(
        "sigkill-models",
        "as sigkill, with the models that ship and the sample wire",
        _kill,
        command=SHIPPED,
        rate=6.0,
        poisoned=0.0,
    ),
)
