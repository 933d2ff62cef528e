"""Where a fault strikes: a cluster, a wire that goes on, two workers that are started again whenever they end."""

import contextlib
import json
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from kafka.errors import KafkaError

from streams.broker.admin import create_topics
from streams.broker.clients import BrokerUnreachableError, admin
from streams.settings import Settings
from tests.broker.kafka.nodes import Kafka
from tests.broker.proxy import Proxy
from tests.broker.support import PLAIN, Run, Worker, is_ready
from tests.chaos.check import Article
from tests.chaos.clock import make_clock
from tests.chaos.disk import Disk, small_disk
from tests.chaos.standing import standing
from tests.chaos.wire import Item, Wire, slow_item

PARTITIONS = 6
WORKERS = 2
STARTING = 120.0  # seconds that the first output may take
PATIENCE = 150.0  # seconds without any new output before what is missing counts as lost
_PAUSE = 1.0  # seconds before a worker that ended is started again, as a supervisor does


class Scene:
    """One fault's topics, wire and workers, while the context lasts."""

    def __init__(
        self,
        cluster: Kafka,
        folder: Path,
        prefix: str,
        wire: Iterator[Item],
        rate: float,
        seed: int | str = 0,
        command: Sequence[str] = PLAIN,
        env: dict[str, str] | None = None,
        tables: Sequence[str] = (),
        short: bool = False,
        replicas: int = 3,
    ) -> None:
        self.cluster, self.folder, self.command, self.env, self.short = cluster, folder, command, env or {}, short
        self.tables = tables
        self.random = random.Random(seed)
        self.settings = Settings(
            broker=cluster.address(),
            topic_prefix=prefix,
            partitions=PARTITIONS,
            replication=min(replicas, len(cluster.nodes)),
        )
        self.run = Run(self.settings, folder)
        self.wire = Wire(self.settings, wire, rate)
        self.ended = 0  # workers that ended by themselves, with a status that is not 0
        self.workers: list[Worker] = []
        self.proxies: list[Proxy] = []
        self.disks: list[Disk] = []  # of workers with tables, in their order
        self._out: set[Article] = set()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=target, daemon=True) for target in (self._look, self._supervise)]
        self._stack = ExitStack()

    def __enter__(self) -> "Scene":
        self.folder.mkdir(parents=True, exist_ok=True)
        if "CHAOS_CLOCK" in self.env:
            make_clock(self.folder)
        create_topics(self.settings, tables=self.tables)
        for place in range(WORKERS if self.tables else 0):
            self._data(place).mkdir()
            self.disks.append(self._stack.enter_context(small_disk(self._data(place))))
        for node in self.cluster.nodes:
            proxy = Proxy(node.proxied, node.ports["PROXIED"])
            self._stack.callback(proxy.cut)
            self.proxies.append(proxy)
        self._stack.enter_context(self.run)
        self._stack.callback(self._stop.set)
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(TimeoutError):
            self.wire.stop(1)
        self._stack.close()

    def begin(self) -> None:
        """Starts workers and wire; returns once every partition brings something out."""
        self.wire.start()
        self.workers += [self._start(place) for place in range(WORKERS)]
        self.recovered(time.monotonic(), STARTING)

    def times(self, full: int) -> int:
        """How often to strike: once in the short form."""
        return 1 if self.short else full

    def seconds(self, full: float) -> float:
        """How long a fault lasts: half as long in the short form."""
        return full / 2 if self.short else full

    def pause(self, low: float, high: float) -> None:
        """Waits for a random time, in seconds."""
        time.sleep(self.random.uniform(low, high))

    def guest(self) -> Worker:
        """One more worker, which nobody starts again; it is starting."""
        return self._start(WORKERS)

    def ready(self, worker: Worker) -> Worker:
        """Waits until a worker has partitions."""
        self.run.wait_until(lambda: is_ready(worker), STARTING, "a worker with partitions")
        return worker

    def recovered(self, moment: float, timeout: float = PATIENCE) -> float:
        """Seconds from a moment until every partition has brought out an article that was sent after it."""

        def missing() -> str:
            waited = self.wire.after(moment)
            missing = sorted(article for article in waited if article not in self._out)
            return f"of {len(waited)} partitions {missing} are missing" if missing or len(waited) < PARTITIONS else ""

        end = time.monotonic() + timeout
        while missing():
            if time.monotonic() > end:
                raise AssertionError(
                    f"no output from every partition within {timeout:.0f} s: {missing()}\n{self._where()}"
                )
            time.sleep(0.05)
        return time.monotonic() - moment

    def drain(self) -> None:
        """Ends the wire, waits until all of it is out or nothing comes any more, and stops the workers."""
        self.wire.stop(PATIENCE)
        count, last = -1, time.monotonic()
        while self.wire.articles - self._out and time.monotonic() - last < PATIENCE:
            if len(self._out) != count:
                count, last = len(self._out), time.monotonic()
            time.sleep(0.2)
        time.sleep(2)  # the last dead letters, and repeats
        self._stop.set()
        for thread in self._threads:
            thread.join()
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.stop(120)

    def slow_article(self) -> None:
        """The next article is one that takes long."""
        self.wire.insert(slow_item(self.random.randrange(10**6)))

    def delete_topics(self) -> None:
        """Frees the brokers' disks."""
        changelogs = (self.settings.changelog(table) for table in self.tables)
        names = [topic.name for topic in (*self.settings.topics, *changelogs)]
        self.ask(lambda client: client.delete_topics(names))

    def ask(self, action: Callable[[Any], Any]) -> Any:
        """What an admin client answers."""
        client = admin(self.settings)
        try:
            return action(client)
        finally:
            client.close()

    def _where(self) -> str:
        sent = {partition: len(articles) for partition, articles in sorted(self.wire.sent.items())}
        try:
            lines = standing(self.settings)
        except (BrokerUnreachableError, KafkaError) as error:
            lines = f"the brokers do not answer: {error!r}"
        return f"acknowledged to the wire, by partition: {sent}\n{lines}"

    def _start(self, place: int) -> Worker:
        own = {"DATADIR": str(self._data(place))} if self.tables else {}
        with self._lock:
            return self.run.start(self.command, **self.env, **own)

    def _data(self, place: int) -> Path:
        return self.folder / f"disk{place}"

    def _look(self) -> None:
        """Takes note of what has come out."""
        seen, records = 0, self.run.enriched.records
        while not self._stop.wait(0.02):
            for record in records[seen:]:
                self._out.add(_article(record))
                seen += 1
            self.wire.came_out = len(self._out)

    def _supervise(self) -> None:
        while not self._stop.wait(0.1):
            for place, worker in enumerate(self.workers):
                status = worker.process.poll()
                if status is None:
                    continue
                self.ended += status > 0  # not by a signal, not in order
                if self._stop.wait(_PAUSE):
                    return
                self.workers[place] = self._start(place)


def _article(record: Any) -> Article:
    return (record.key or b"").decode(), str(json.loads(record.value)["version"])
