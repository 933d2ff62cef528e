"""Rights that a worker's user lacks, or loses in mid-stream: the end with one line, and nothing lost once they return.

Never a worker that stands still while its pages say that it lives.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kafka.admin import ACL, ACLFilter, ACLOperation, ACLPermissionType, ResourcePattern, ResourceType

from streams.broker.admin import create_topics
from streams.broker.clients import admin
from streams.settings import Settings
from tests.broker.kafka.nodes import PASSWORD, USER, Kafka
from tests.broker.support import PLAIN, Run, Worker, is_ready

pytestmark = pytest.mark.broker


class Rights:
    """A run whose workers are a user of the broker, and what that user may do."""

    def __init__(self, run: Run, env: dict[str, str]) -> None:
        self.run, self.env = run, env
        self.client = admin(run.settings)
        self.sent = 0

    def start(self) -> Worker:
        return self.run.start(PLAIN, **self.env)

    def ready(self) -> Worker:
        worker = self.start()
        self.run.wait_until(lambda: is_ready(worker), 60, "a worker with partitions")
        return worker

    def forbid(self, kind: ResourceType, name: str, operation: ACLOperation) -> Callable[[], None]:
        """Takes a right away; what is returned gives it back."""
        resource = ResourcePattern(kind, name)
        denied = ACL(f"User:{USER}", "*", operation, ACLPermissionType.DENY, resource)
        everyone = ACL("User:*", "*", ACLOperation.ALL, ACLPermissionType.ALLOW, resource)
        self.client.create_acls([denied, everyone])

        def give_back() -> None:
            self.client.delete_acls(
                [ACLFilter(a.principal, a.host, a.operation, a.permission_type, resource) for a in (denied, everyone)]
            )

        return give_back

    def send(self, text: str = "tekst") -> None:
        """Six articles."""
        items = [f'{{"uri": "u{self.sent + i}", "text": "{text}"}}' for i in range(6)]
        self.run.send((f"u{self.sent + i}", item.encode(), []) for i, item in enumerate(items))
        self.sent += len(items)

    def ends(self, worker: Worker) -> str:
        """The one line with which the worker ends."""
        self.run.wait_until(lambda: worker.process.poll() is not None, 20, "the end of the worker")
        assert worker.process.returncode == 1
        last = worker.log.splitlines()[-1]
        assert " CRITICAL " in last
        return last

    def all_out(self) -> None:
        """With a fresh worker, which is stopped then."""
        worker = self.ready()
        results = (self.run.enriched, self.run.dead_letters)
        self.run.wait_until(lambda: sum(len(o.by_key()) for o in results) == self.sent, 40, "every article")
        assert worker.stop() == 0


@pytest.fixture
def rights(one_node: Kafka, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Rights]:
    password = tmp_path / "password"
    password.write_text(PASSWORD)
    settings = Settings(broker=one_node.address(), topic_prefix=f"rights{id(request)}.", partitions=2)
    create_topics(settings)
    env = {
        "BROKER": one_node.address("SASL_PLAINTEXT"),
        "SECURITY_PROTOCOL": "SASL_PLAINTEXT",
        "SASL_USERNAME": USER,
        "SASL_PASSWORD_FILE": str(password),
    }
    with Run(settings, tmp_path) as run:
        made = Rights(run, env)
        yield made
        made.client.close()


def test_a_consumer_group_that_is_forbidden_from_the_start(rights: Rights) -> None:
    give_back = rights.forbid(ResourceType.GROUP, rights.run.settings.group("entities"), ACLOperation.READ)
    rights.send()
    line = rights.ends(rights.start())
    assert "needs READ and DESCRIBE on this consumer group" in line
    assert rights.run.settings.group("entities") in line
    give_back()
    rights.all_out()


def _group(settings: Settings) -> tuple[ResourceType, str]:
    return ResourceType.GROUP, settings.group("sentiment")


def _topic(name: str) -> Callable[[Settings], tuple[ResourceType, str]]:
    return lambda settings: (ResourceType.TOPIC, settings.topics[name].name)


@pytest.mark.parametrize(
    ("resource", "operation", "text", "says"),
    [
        pytest.param(_group, ACLOperation.READ, "tekst", "on this consumer group", id="group"),
        pytest.param(_topic("raw"), ACLOperation.READ, "tekst", "READ on the topics", id="reading"),
        pytest.param(_topic("raw"), ACLOperation.ALL, "tekst", "DESCRIBE on all", id="seeing"),
        pytest.param(_topic("articles"), ACLOperation.WRITE, "tekst", "WRITE on those", id="writing"),
        pytest.param(_topic("dead-letters"), ACLOperation.WRITE, "raise", "WRITE on those", id="dead letters"),
    ],
)
def test_a_right_that_is_withdrawn_in_mid_stream(
    rights: Rights, resource: Any, operation: ACLOperation, text: str, says: str
) -> None:
    worker = rights.ready()
    kind, name = resource(rights.run.settings)
    give_back = rights.forbid(kind, name, operation)
    rights.send(text)
    assert says in rights.ends(worker)
    give_back()
    rights.all_out()
