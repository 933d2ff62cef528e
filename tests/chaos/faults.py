"""The faults: what strikes, and the wire and the workers that it strikes."""

import os
import shutil
from dataclasses import dataclass, field

from streams.broker.embedded import QUICK_GROUPS
from tests.broker.support import PLAIN, SHIPPED
from tests.chaos import held_up, strikes
from tests.chaos.clock import COMPILER, ENVIRONMENT
from tests.chaos.keeping_worker import TABLE
from tests.chaos.strikes import Strike, several

SLOW, TOO_SLOW = 15.0, 45.0  # seconds of one batch: above the session timeout (6), and above the rebalance timeout (30)
SOON = float(QUICK_GROUPS["STREAMS_SESSION_TIMEOUT"]) + 5  # seconds: until a killed worker is missed, and some
_HOUR = 3600.0
KEEPING = ("tests.chaos.keeping_worker",)  # a worker with a table


@dataclass(frozen=True)
class Fault:
    """A fault, and the wire and the workers that it strikes. `rate` in articles a second, `poisoned` a share."""

    name: str
    what: str
    strike: Strike
    env: dict[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = PLAIN
    rate: float = 150.0
    poisoned: float = 0.01
    listener: str = "PLAINTEXT"
    tables: tuple[str, ...] = ()  # that the workers keep
    replicas: int = 3  # of each topic
    limit: float | None = None  # seconds to recover, at most
    needs: str | None = None  # what this machine lacks for it


_NOT_ROOT = None if os.geteuid() == 0 and shutil.which("mount") else "needs root, to mount a small disk"
_NO_COMPILER = None if COMPILER else "needs a C compiler, for the library that sets the clock"

FAULTS = (
    Fault("calm", "nothing happens: what the others are compared with", strikes.calm),
    Fault("sigkill", "six times a worker is killed with SIGKILL", several(6, strikes.kill_worker)),
    Fault(
        "sigterm",
        "five times a worker is told to stop while it works on a batch",
        several(5, strikes.stop_worker),
        env={"PLAIN_WORKER_SLEEP": "0.004"},
    ),
    Fault(
        "stop-together",
        "three times two of three workers are told to stop at once, in batches of 3 s",
        several(3, strikes.stop_together),
        env={"PLAIN_WORKER_SLEEP": "0.1"},
        rate=30.0,
    ),
    Fault("join-leave", "three times a third worker joins, and leaves again", several(3, strikes.join_and_leave)),
    Fault(
        "broker-killed",
        "twice one of three brokers is killed with SIGKILL, and started again after 12 s",
        several(2, strikes.kill_broker),
    ),
    Fault(
        "brokers-gone",
        "all three brokers are killed with SIGKILL, and started again after 60 s",
        strikes.kill_all_brokers,
    ),
    Fault("election", "three times every partition gets another leader", several(3, strikes.elect)),
    Fault(
        "few-replicas",
        "one of three brokers is gone, and a topic wants all three copies: the workers are alive, and not ready",
        held_up.few_replicas,
        env={"STALL_SECONDS": str(held_up.STALL)},
    ),
    Fault(
        "no-leader",
        "a broker is gone that held the only copy of some partitions: the workers are alive, and not ready",
        held_up.no_leader,
        env={"STALL_SECONDS": str(held_up.STALL)},
        replicas=1,
    ),
    Fault(
        "hang", "no byte passes between workers and brokers for 20 s, then all go on", strikes.hang, listener="PROXIED"
    ),
    Fault(
        "forgotten",
        "all connections of the workers fall silent for good; new ones work",
        strikes.forget,
        listener="PROXIED",
    ),
    Fault(
        "disk-full",
        "the disk of one broker, with the changelog of a table too, is full, and has room again later",
        strikes.fill_broker_disk,
        command=KEEPING,
        tables=(TABLE,),
        needs=_NOT_ROOT,
    ),
    Fault(
        "table-disk-full",
        "the disks with the workers' tables are full, and have room again 15 s after a worker ended of it",
        strikes.fill_worker_disks,
        env={"STORE": "rocksdb"},
        command=KEEPING,
        tables=(TABLE,),
        needs=_NOT_ROOT,
    ),
    Fault(
        "slow",
        "a batch takes 15 s, a worker joins meanwhile",
        strikes.slow_batch(SLOW),
        env={"PLAIN_WORKER_SLOW": str(SLOW)},
    ),
    Fault(
        "too-slow",
        "a batch takes 45 s, more than a rebalance waits",
        strikes.slow_batch(TOO_SLOW),
        env={"PLAIN_WORKER_SLOW": str(TOO_SLOW)},
    ),
    Fault("poison", "every fifth message is poisoned", strikes.calm, poisoned=0.2),
    Fault(
        "clock-forward",
        "the workers' clocks jump ahead by 2 h, and back",
        strikes.jump(2 * _HOUR),
        env=ENVIRONMENT,
        needs=_NO_COMPILER,
    ),
    Fault(
        "clock-back",
        "the workers' clocks jump back by 20 days, and forth",
        strikes.jump(-480 * _HOUR),
        env=ENVIRONMENT,
        needs=_NO_COMPILER,
    ),
    Fault(
        "sigkill-models",
        "as sigkill, with the models that ship and the sample wire",
        several(6, strikes.kill_worker),
        command=SHIPPED,
        rate=2.0,
        poisoned=0.0,
        limit=SOON,
    ),
)
