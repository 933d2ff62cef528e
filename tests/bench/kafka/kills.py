"""The guarantee, measured: what is lost and what comes twice when the process is killed in mid-stream."""

import json
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kafka.errors import KafkaError

from streams.broker.admin import create_topics
from streams.broker.clients import admin
from streams.settings import Settings
from tests.bench.kafka.running import group_names
from tests.bench.kafka.systems import System
from tests.broker.support import Run, Worker

KILLS = (0.1, 0.3, 0.5, 0.7)  # share of the messages that is out when the process is killed
STRIKES = (0.1, 0.4, 0.7)  # the same, for kills that wait for a commit
_WORK = "0.0003"  # seconds of pretended work per message and stage, so that the kills come mid-stream
_LONG_WORK = "0.05"  # the same, about as long as a model's, so that a commit finds a message in work
_QUICK = {"SESSION_TIMEOUT": "2", "HEARTBEAT_INTERVAL": "0.5"}  # seconds; the dead are missed sooner
_STILL = 20.0  # seconds without output, and without a commit, after which what is missing counts as lost
_COMMIT = 10.0  # seconds in which any of the systems commits


@dataclass(frozen=True)
class Killed:
    """Messages sent, lost, and events that came again, with `kills` SIGKILLs."""

    sent: int
    lost: int
    repeats: int
    kills: int

    @property
    def lost_per_10_000(self) -> float:
        """Lost, for as many kills over 10,000 messages."""
        return self.lost * 10_000 / self.sent


def kill_test(system: System, broker: str, folder: Path, messages: int, shares: Sequence[float] = KILLS) -> Killed:
    """All messages wait in the topic; the process is killed and started again when these shares are out."""
    return _killed(system, broker, folder, messages, shares, _WORK, lambda run, worker: worker.kill())


def strike_test(system: System, broker: str, folder: Path, messages: int, shares: Sequence[float] = STRIKES) -> Killed:
    """The same, but each kill waits for the next commit of offsets and strikes right after it.

    Whoever commits what is not delivered yet loses it.
    """
    return _killed(system, broker, folder, messages, shares, _LONG_WORK, _strike)


def _killed(
    system: System,
    broker: str,
    folder: Path,
    messages: int,
    shares: Sequence[float],
    work: str,
    kill: Callable[[Run, Worker], None],
) -> Killed:
    settings = Settings(broker=broker, topic_prefix=f"k{uuid.uuid4().hex[:8]}.", partitions=6)
    create_topics(settings)
    place = folder / settings.topic_prefix
    place.mkdir()
    system = system.without_models()
    env = {**system.env, **_QUICK, "PLAIN_WORKER_SLEEP": work}
    with Run(settings, place) as run:
        run.send((f"u{i}", json.dumps({"uri": f"u{i}", "text": f"tekst {i}"}).encode(), []) for i in range(messages))

        def start() -> Worker:
            return run.start(system.command, **env)

        start()
        kills = 0
        for share in shares:
            if _wait(run, int(share * messages), start) >= messages:
                break
            kill(run, run.workers[-1])
            kills += 1
            start()
        out = _wait(run, messages, start)
        return Killed(messages, messages - out, len(run.enriched.records) - out, kills)


def _wait(run: Run, target: int, start: Callable[[], Worker]) -> int:
    """Distinct messages that are out, once there are `target` of them or nothing comes any more.

    Who works off one topic before the next brings out nothing for long, but commits. A process that ends by itself
    is started again, as a supervisor would.
    """
    keys: set[bytes] = set()
    client, committed = admin(run.settings), None
    seen, since, looked = 0, time.monotonic(), time.monotonic()
    while len(keys) < target and time.monotonic() - since < _STILL:
        records = run.enriched.records
        if (end := len(records)) > seen:
            keys.update(record.key for record in records[seen:end])
            seen, since = end, time.monotonic()
        if time.monotonic() - looked > 1:
            now, looked = _committed(client, group_names(client, run.settings)), time.monotonic()
            if now and now != committed:
                committed, since = now, looked
        if run.workers[-1].process.poll() is not None:
            start()
        time.sleep(0.01)
    client.close()
    return len(keys)


def _strike(run: Run, worker: Worker) -> None:
    client = admin(run.settings)
    groups = group_names(client, run.settings)
    before, end = _committed(client, groups), time.monotonic() + _COMMIT
    while _committed(client, groups) == before and time.monotonic() < end:
        time.sleep(0.002)
    worker.kill()
    client.close()


def _committed(client: Any, groups: list[str]) -> Any:
    with suppress(KafkaError):  # a coordinator that is not there for a moment
        return client.list_group_offsets(groups)
    return None
