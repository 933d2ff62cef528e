"""The list of ACLs is whole, and enough: each command runs on an Apache Kafka that allows it nothing else."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
)
from kafka.admin import KafkaAdminClient as Admin

from streams.broker.clients import admin
from streams.contract.access import Grant, grants
from streams.contract.graph import stage_names
from streams.contract.topics import consumer_group, topics
from streams.settings import Settings
from tests.broker.kafka import nodes
from tests.broker.kafka.certificates import make_certificates
from tests.broker.support import Run

OPERATIONS = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
AUTHORIZER = "\nallow.everyone.if.no.acl.found=false\n"  # the tests' nodes allow what no ACL speaks of


def test_every_topic_and_group_is_in_the_list() -> None:
    """Each topic is created by one command and, with the last one, read by somebody; each group has its worker."""
    granted = list(grants())
    made = [grant.name for grant in granted if "Create" in grant.operations]
    assert made == [topic.name for topic in (*topics(), topics().retried)]
    assert {grant.name for grant in granted if "Read" in grant.operations and grant.kind == "topic"} == set(made)
    groups = [(grant.command, grant.name) for grant in granted if grant.kind == "group"]
    assert groups == [(f"worker --stages {stage}", consumer_group("news.", stage)) for stage in stage_names()]


def test_names_follow_the_prefix() -> None:
    assert all(grant.name.startswith(("anp.", "anp-")) for grant in grants("anp."))


class Guarded:
    """A broker, and the one user that comes with a password."""

    def __init__(self, run: Run, client: Admin, address: str, folder: Path) -> None:
        self.run, self._admin = run, client
        password = folder / "password"
        password.write_text(nodes.PASSWORD)
        self.login = {
            "BROKER": address,
            "SECURITY_PROTOCOL": "SASL_PLAINTEXT",
            "SASL_USERNAME": nodes.USER,
            "SASL_PASSWORD_FILE": str(password),
        }

    def allow(self, *commands: str) -> None:
        """These commands' grants and no others. A worker's are those of all its stages."""
        everything = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
        self._admin.delete_acls([ACLFilter(None, None, ACLOperation.ANY, ACLPermissionType.ANY, everything)])
        wanted = [grant for grant in grants(self.run.settings.topic_prefix) if grant.command.startswith(commands)]
        assert wanted
        self._admin.create_acls([_acl(grant, name) for grant in wanted for name in grant.operations])

    def streams(self, *arguments: str, stdin: str = "", **settings: str) -> "subprocess.CompletedProcess[str]":
        """`streams …` as that user."""
        env = {**self.login, "TOPIC_PREFIX": self.run.settings.topic_prefix, **settings}
        return subprocess.run(
            [sys.executable, "-m", "streams", *arguments],
            env={"COLUMNS": "200", **{f"STREAMS_{name}": value for name, value in env.items()}},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
        )


def _acl(grant: Grant, operation: str) -> ACL:
    kind = ResourceType.TOPIC if grant.kind == "topic" else ResourceType.GROUP
    named = {"DescribeConfigs": ACLOperation.DESCRIBE_CONFIGS}
    what = named.get(operation) or ACLOperation[operation.upper()]
    return ACL(f"User:{nodes.USER}", "*", what, ACLPermissionType.ALLOW, ResourcePattern(kind, grant.name))


@pytest.fixture(scope="module", params=["kafka"])  # named so that its tests count as those that need Apache Kafka
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """A node with an authorizer, on which that user made the topics; the test's own way in may do all."""
    folder = tmp_path_factory.mktemp("access")
    try:
        nodes.fetch()
    except nodes.KafkaUnavailableError as error:
        pytest.skip(str(error))
    with ExitStack() as stack:
        cluster = nodes.Kafka([nodes.Node(1, folder / "node")], make_certificates(folder / "tls"))
        (node,) = cluster.nodes
        nodes._format(node, cluster)
        with (node.folder / "server.properties").open("a") as properties:
            properties.write(AUTHORIZER)
        stack.callback(node.kill)
        node.start()
        nodes.wait_until_up(cluster)
        settings = Settings(broker=cluster.address(), topic_prefix="acl.", partitions=2)
        client = admin(settings)
        stack.callback(client.close)
        run = Run(settings, folder)
        broker = Guarded(run, client, cluster.address("SASL_PLAINTEXT"), folder)
        broker.allow("topics")
        made = broker.streams("topics", PARTITIONS="2")
        assert made.returncode == 0 and made.stdout.count("created") == 6, made.stdout + made.stderr
        with run:
            yield broker


@pytest.mark.broker
def test_topics_are_checked(guarded: Guarded) -> None:
    """Retention that differs from the settings is told, and no error."""
    guarded.allow("topics")
    checked = guarded.streams("topics", PARTITIONS="2", RETENTION_DAYS="3")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout.count("retention.ms is 604800000") == 3


@pytest.mark.broker
def test_an_article_in_a_worker_and_a_subscriber(guarded: Guarded) -> None:
    """And a dead letter, listed and sent again; the worker with all its stages, as each alone has its own."""
    guarded.allow("ingest")
    sent = guarded.streams(
        "ingest", "files", "--format", "ninjs", stdin='{"uri": "urn:a", "text": "een"}\n{"uri": kapot'
    )
    assert sent.returncode == 0, sent.stderr
    guarded.allow("worker")
    worker = guarded.run.start(**guarded.login)
    run = guarded.run
    run.wait_until(lambda: len(run.enriched.records) == 1 and len(run.dead_letters.records) == 1, 60, "both")
    assert worker.stop() == 0
    guarded.allow("subscribe")
    followed = guarded.streams("subscribe", "--from-beginning", "--json", "--limit", "1")
    assert "urn:a" in followed.stdout, followed.stderr
    guarded.allow("dead-letters")
    assert "not_parsed" in guarded.streams("dead-letters", "list", "--json").stdout
    retried = guarded.streams("dead-letters", "retry", "--all")
    assert retried.returncode == 0, retried.stderr


@pytest.mark.broker
def test_what_is_not_granted_is_refused(guarded: Guarded) -> None:
    """Else the tests above would show nothing."""
    guarded.allow("subscribe")
    sent = guarded.streams("ingest", "files", "--format", "ninjs", stdin='{"uri": "urn:b", "text": "twee"}')
    assert sent.returncode == 1


# Kafka's scripts of docs/operations.md, by the classes that they start.
CLASSES = {
    "kafka-configs.sh": "kafka.admin.ConfigCommand",
    "kafka-consumer-groups.sh": "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
}


@pytest.mark.broker
@pytest.mark.parametrize("line", re.findall(r"^kafka-.*$", OPERATIONS.replace("\\\n", ""), re.MULTILINE))
def test_kafkas_own_commands_in_the_operations_page(line: str, guarded: Guarded) -> None:
    """Only the address and the prefix are other ones."""
    settings = guarded.run.settings
    for said, here in {"kafka1:9092": settings.broker, "news.": settings.topic_prefix, "news-": "acl-"}.items():
        line = line.replace(said, here)
    script, *arguments = shlex.split(line)
    done = subprocess.run(nodes.java(CLASSES[script], *arguments), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "acl" in done.stdout
