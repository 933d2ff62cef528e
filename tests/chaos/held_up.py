"""Strikes that hold up a worker at the brokers: it is not ready, with the reason, and alive; nobody restarts it."""

import time
import urllib.error
import urllib.request
from typing import Any

from kafka.admin import ConfigResource, ConfigResourceType

from tests.broker.kafka.nodes import wait_until_up
from tests.broker.support import Worker, status
from tests.chaos.scene import Scene

_FENCED = 45.0  # seconds until a node that is gone has been missed, at most
STALL = 5.0  # seconds without progress after which a worker that is to blame says so


def few_replicas(scene: Scene) -> float:
    """Every copy is asked for, and one of three brokers is gone."""
    topic = scene.settings.topics["articles"]

    def ask_for(copies: int) -> None:
        config = {**topic.config, "min.insync.replicas": str(copies)}
        resource = ConfigResource(ConfigResourceType.TOPIC, topic.name, config)
        scene.ask(lambda client: client.alter_configs([resource], raise_on_unknown=False))

    ask_for(3)
    try:
        return _without_a_node(scene, "NotEnoughReplicas")
    finally:
        ask_for(2)


def no_leader(scene: Scene) -> float:
    """The only broker that holds some partitions is gone."""
    return _without_a_node(scene, "no broker leads")


def _without_a_node(scene: Scene, reason: str) -> float:
    node = scene.cluster.nodes[-1]
    node.kill()
    try:
        end = time.monotonic() + _FENCED
        while not any(reason in _not_ready(worker) for worker in scene.workers):
            assert time.monotonic() < end, f"no worker says: {reason}"
            time.sleep(0.2)
        time.sleep(scene.seconds(3 * STALL))
        alive = [status(worker.web_port, "healthz") for worker in scene.workers]
        assert set(alive) == {200}, f"/healthz says {alive}"
        assert not scene.ended, "a worker ended, for what no restart can mend"
    finally:
        node.start()
        wait_until_up(scene.cluster)
    return scene.recovered(time.monotonic())


def _not_ready(worker: Worker) -> Any:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{worker.web_port}/readyz", timeout=5)
    except urllib.error.HTTPError as error:
        return error.read().decode()
    except OSError:
        pass
    return ""
