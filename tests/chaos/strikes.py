"""What strikes: each function breaks something in mid-stream, and says how many seconds until output flowed again."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from kafka import TopicPartition

from tests.broker.kafka.nodes import wait_until_up
from tests.chaos.clock import set_clock
from tests.chaos.disk import small_disk
from tests.chaos.scene import Scene

Strike = Callable[[Scene], float]
_GOING_ROUND = 600.0  # seconds that a batch may go from worker to worker


def several(times: int, once: Strike) -> Strike:
    """Strikes at random moments (once in the short form); the longest recovery counts."""

    def strike(scene: Scene) -> float:
        seconds = []
        for _ in range(scene.times(times)):
            scene.pause(1, 5)
            seconds.append(once(scene))
        print(f"recovered in {', '.join(f'{one:.1f}' for one in seconds)} s", flush=True)
        return max(seconds)

    return strike


def calm(scene: Scene) -> float:
    """Nothing."""
    scene.pause(10, 20)
    return scene.recovered(time.monotonic())


def kill_worker(scene: Scene) -> float:
    """SIGKILL for one of the workers."""
    moment = time.monotonic()
    scene.random.choice(scene.workers).kill()
    return scene.recovered(moment)


def stop_worker(scene: Scene) -> float:
    """SIGTERM for one of the workers."""
    worker = scene.ready(scene.random.choice(scene.workers))
    moment = time.monotonic()
    status = worker.stop(90)
    assert status == 0, f"a worker that was told to stop ended with {status}"
    return scene.recovered(moment)


def stop_together(scene: Scene) -> float:
    """SIGTERM for two of three workers at once: each has the other's rebalance while it stops."""
    guest = scene.ready(scene.guest())
    both = [scene.ready(worker) for worker in scene.workers if worker is not guest]
    moment = time.monotonic()
    with ThreadPoolExecutor() as pool:
        statuses = list(pool.map(lambda worker: worker.stop(90), both))
    assert not any(statuses), f"workers that were told to stop ended with {statuses}"
    seconds = scene.recovered(moment)
    assert guest.stop(90) == 0
    return seconds


def join_and_leave(scene: Scene) -> float:
    """One more worker for a while."""
    guest = scene.ready(scene.guest())
    joined = scene.recovered(time.monotonic())
    scene.pause(1, 3)
    moment = time.monotonic()
    assert guest.stop(90) == 0
    return max(joined, scene.recovered(moment))


def kill_broker(scene: Scene) -> float:
    """SIGKILL for one of the brokers, which comes back after 12 s."""
    node = scene.random.choice(scene.cluster.nodes)
    moment = time.monotonic()
    node.kill()
    without = scene.recovered(moment)
    time.sleep(max(0.0, 12 - (time.monotonic() - moment)))
    node.start()
    wait_until_up(scene.cluster)
    return max(without, scene.recovered(time.monotonic()))


def kill_all_brokers(scene: Scene) -> float:
    """SIGKILL for all of them, and 60 s without any."""
    for node in scene.cluster.nodes:
        node.kill()
    time.sleep(60)
    for node in scene.cluster.nodes:
        node.start()
    wait_until_up(scene.cluster)
    return scene.recovered(time.monotonic())


def elect(scene: Scene) -> float:
    """Another leader for every partition."""
    moment = time.monotonic()
    scene.ask(_move_leaders)
    return scene.recovered(moment)


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


def hang(scene: Scene) -> float:
    """No byte passes between workers and brokers for a while."""
    for proxy in scene.proxies:
        proxy.hang()
    time.sleep(scene.seconds(20))
    for proxy in scene.proxies:
        proxy.go_on()
    return scene.recovered(time.monotonic())


def forget(scene: Scene) -> float:
    """The workers' connections fall silent for good."""
    moment = time.monotonic()
    for proxy in scene.proxies:
        proxy.forget()
    return scene.recovered(moment)


def fill_broker_disk(scene: Scene) -> float:
    """A broker that cannot write any more, until it can."""
    node = scene.cluster.nodes[-1]
    node.kill()
    with small_disk(node.folder / "data") as disk:
        try:
            node.start()
            wait_until_up(scene.cluster)
            scene.recovered(time.monotonic())
            moment = time.monotonic()
            disk.fill()
            assert node.process
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


def fill_worker_disks(scene: Scene) -> float:
    """Workers whose tables cannot be written any more, until they can."""
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


def slow_batch(seconds: float) -> Strike:
    """A batch that takes so long, and a worker that joins meanwhile; counted from its end."""

    def strike(scene: Scene) -> float:
        moment = time.monotonic()
        scene.slow_article()
        time.sleep(seconds / 3)
        guest = scene.guest()  # a rebalance that has to wait for the batch
        late = scene.recovered(moment, _GOING_ROUND) - seconds
        assert scene.ready(guest).stop(90) == 0
        return max(0.0, late)

    return strike


def jump(seconds: float) -> Strike:
    """The workers' clocks, wrong by so many seconds for a while, and right again."""

    def strike(scene: Scene) -> float:
        set_clock(scene.folder, seconds)
        wrong = scene.recovered(time.monotonic())
        scene.pause(5, 8)
        set_clock(scene.folder, 0)
        return max(wrong, scene.recovered(time.monotonic()))

    return strike
