"""Starts and ends the nodes of a Kafka cluster on loopback, each a process of its own."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from streams.broker.clients import BrokerUnreachableError, admin
from streams.broker.embedded import free_port
from streams.settings import Settings
from tests.broker.kafka.certificates import Certificates, make_certificates

HERE = Path(__file__).parent
LIBRARIES = HERE.parents[2] / ".cache/kafka"  # outside version control
JAVA = 17
CLUSTER_ID = "AAAAAAAAAAAAAAAAAAAAAA"
LISTENERS = ("PLAINTEXT", "SSL", "MUTUAL", "SASL_PLAINTEXT", "SASL_SSL", "PROXIED")
USER, PASSWORD = "newsdesk", "zeer geheim"
_FETCH_TIMEOUT = 300.0  # seconds
_START_TIMEOUT = 120.0  # seconds; three nodes on two busy cores take most of a minute


class KafkaUnavailableError(RuntimeError):
    """This machine cannot run Kafka: no Java, an old one, no Maven, or nothing to fetch from."""


@dataclass
class Node:
    """One node: its process, and the port of each listener.

    `proxied` is the port under which clients of the PROXIED listener are told to come: a test puts a proxy there.
    """

    number: int
    folder: Path
    controller: int = field(default_factory=free_port)
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in LISTENERS})
    proxied: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def advertised(self, listener: str) -> int:
        """The port that clients are told."""
        return self.proxied if listener == "PROXIED" else self.ports[listener]

    def start(self) -> None:
        """Starts the process; also again after `kill`, with the same data and ports."""
        with (self.folder / "server.log").open("ab") as log:
            # A group of its own: Ctrl-C is for pytest, which ends the clients before their broker.
            self.process = subprocess.Popen(
                # Nodes and workers share few cores: a garbage collector without threads of its own.
                java("-Xmx512m", "-XX:+UseSerialGC", "kafka.Kafka", str(self.folder / "server.properties")),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,
            )

    def kill(self) -> None:
        """SIGKILL: what was not flushed to the operating system is gone, as when a machine goes."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


@dataclass(frozen=True)
class Kafka:
    """A running cluster."""

    nodes: Sequence[Node]
    certificates: Certificates

    def address(self, listener: str = "PLAINTEXT") -> str:
        """Bootstrap servers, through one of LISTENERS."""
        return ",".join(f"127.0.0.1:{node.advertised(listener)}" for node in self.nodes)


@contextmanager
def kafka(folder: Path, nodes: int = 1) -> Iterator[Kafka]:
    """A fresh cluster while the context lasts: with three nodes, replication 3 and two in-sync replicas at least.

    Raises KafkaUnavailableError where there is nothing to start it with.
    """
    fetch()
    cluster = Kafka([Node(n, folder / f"node{n}") for n in range(1, nodes + 1)], make_certificates(folder / "tls"))
    with ExitStack() as stack:
        for node in cluster.nodes:
            _format(node, cluster)
            stack.callback(node.kill)
            node.start()
        wait_until_up(cluster)
        yield cluster


def fetch() -> None:
    """Has Maven fetch Kafka's libraries once (54 MB). Raises KafkaUnavailableError."""
    for tool in ("java", "openssl"):
        if not shutil.which(tool):
            raise KafkaUnavailableError(f"Kafka needs {tool}, which is not installed")
    said = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr
    if java_version(said) < JAVA:
        raise KafkaUnavailableError(f"Kafka needs Java {JAVA} or newer; `java -version` says: {said.strip()[:300]}")
    done, pom = LIBRARIES / "pom.xml", HERE / "pom.xml"
    if done.is_file() and done.read_text() == pom.read_text():
        return
    if not shutil.which("mvn"):
        raise KafkaUnavailableError("Kafka is fetched with mvn, which is not installed")
    shutil.rmtree(LIBRARIES, ignore_errors=True)
    command = ["mvn", "-q", "-B", "-f", str(pom), "dependency:copy-dependencies", f"-DoutputDirectory={LIBRARIES}"]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=_FETCH_TIMEOUT)
    except subprocess.SubprocessError as error:
        said = getattr(error, "stdout", None) or str(error)
        raise KafkaUnavailableError(f"mvn cannot fetch Kafka: {said.strip()[:300]}") from None
    done.write_text(pom.read_text())


def java_version(said: str) -> int:
    """The release that `java -version` tells of, 0 where it tells of none: until 8 it was written 1.8."""
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(found[1]) if found else 0


def wait_until_up(cluster: Kafka) -> None:
    """Returns once every node is registered. Raises RuntimeError when one ends or the time is over."""
    end = time.monotonic() + _START_TIMEOUT
    while time.monotonic() < end:
        for node in cluster.nodes:
            if node.process is None or node.process.poll() is not None:
                log = (node.folder / "server.log").read_text(errors="replace")
                raise RuntimeError(f"Kafka node {node.number} ended:\n{log[-3000:]}")
        if _registered(cluster) == len(cluster.nodes):
            return
        time.sleep(0.2)
    raise RuntimeError(f"Kafka did not come up within {_START_TIMEOUT:.0f} s")


def _registered(cluster: Kafka) -> int:
    try:
        for node in cluster.nodes:
            socket.create_connection(("127.0.0.1", node.ports["PLAINTEXT"]), timeout=1).close()
        client = admin(Settings(broker=cluster.address()))
    except (OSError, BrokerUnreachableError):
        return 0
    try:
        return len(client.describe_cluster()["brokers"])
    finally:
        client.close()


def _format(node: Node, cluster: Kafka) -> None:
    """Writes the node's properties, and its data folder with the SCRAM user."""
    node.folder.mkdir(parents=True)
    size = len(cluster.nodes)
    addresses = [f"{name}://127.0.0.1:{port}" for name, port in node.ports.items()]
    told = [f"{name}://127.0.0.1:{node.advertised(name)}" for name in LISTENERS]
    login = "org.apache.kafka.common.security.plain.PlainLoginModule required"
    values = {
        "node": node.number,
        "voters": ",".join(f"{n.number}@127.0.0.1:{n.controller}" for n in cluster.nodes),
        "listeners": ",".join([*addresses, f"CONTROLLER://127.0.0.1:{node.controller}"]),
        "advertised": ",".join(told),
        "data": node.folder / "data",
        "replicas": min(3, size),
        "insync": 2 if size > 2 else 1,
        "keystore": cluster.certificates.broker.together(),
        "truststore": cluster.certificates.authority.cert,
        "plain_users": f'{login} user_{USER}="{PASSWORD}";',
    }
    properties = node.folder / "server.properties"
    properties.write_text(Template((HERE / "server.properties").read_text()).substitute(values))
    scram = [
        argument
        for mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-512")
        for argument in ("-S", f'{mechanism}=[name={USER},password="{PASSWORD}"]')
    ]
    command = java("kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(properties), *scram)
    subprocess.run(command, check=True, capture_output=True)


def java(*arguments: str) -> list[str]:
    return ["java", "-cp", f"{LIBRARIES}/*", f"-Dlog4j2.configurationFile={HERE / 'log4j2.properties'}", *arguments]
