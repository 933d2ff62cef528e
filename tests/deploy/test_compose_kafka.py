"""The broker of docker-compose.yml with its settings, certificates and clients, run here without Docker.

Only folders, ports and the name `kafka` are other ones.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.broker.clients import BrokerUnreachableError, admin
from streams.broker.embedded import free_port
from streams.settings import Settings
from tests.broker.kafka.nodes import CLUSTER_ID, KafkaUnavailableError, fetch, java
from tests.deploy.test_containers import ROOT, SERVICES

pytestmark = [pytest.mark.broker, pytest.mark.services]
LOCAL, CONTROLLER, CLIENTS = free_port(), free_port(), free_port()


def moved(value: str, folder: Path) -> str:
    """A value of the compose file as it is on this machine."""
    for there, here in {
        "/etc/kafka/secrets": f"{folder}/broker",
        "/var/lib/kafka/data": f"{folder}/data",
        "/certificates/": f"{folder}/client/",
        "localhost:9094": f"127.0.0.1:{LOCAL}",
        "localhost:9093": f"127.0.0.1:{CONTROLLER}",
        "kafka:9092": f"127.0.0.1:{CLIENTS}",
        "//:9092": f"//:{CLIENTS}",
        "DNS:kafka": "IP:127.0.0.1",
    }.items():
        value = value.replace(there, here)
    return value


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of its certificates; the broker runs."""
    folder = tmp_path_factory.mktemp("compose")
    try:
        fetch()
    except KafkaUnavailableError as error:
        pytest.skip(str(error))
    for name in ("broker", "client", "data"):
        (folder / name).mkdir()
    _, _, _, name = SERVICES["certificates"]["entrypoint"]
    certificates = ROOT / "deploy" / "certificates.sh"
    script: list[str | Path] = [certificates, folder / "broker", folder / "client", moved(name, folder)]
    subprocess.run(script, check=True)
    made = {path: path.read_bytes() for path in folder.rglob("*.*")}
    subprocess.run(script, check=True)
    assert {path: path.read_bytes() for path in folder.rglob("*.*")} == made, "a second start makes no others"

    # The image's own rule for properties.
    properties = {
        name.removeprefix("KAFKA_").lower().replace("_", "."): moved(value, folder)
        for name, value in SERVICES["kafka"]["environment"].items()
        if name != "KAFKA_HEAP_OPTS"
    }
    file = folder / "server.properties"
    file.write_text("\n".join(f"{name}={value}" for name, value in properties.items()))
    subprocess.run(java("kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(file)), check=True)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(java("-Xmx512m", "kafka.Kafka", str(file)), stdout=log, stderr=log)
    try:
        assert any(_answers() for _ in range(12)), (folder / "log").read_text()[-2000:]
        yield folder
    finally:
        process.kill()
        process.wait()


def _answers() -> bool:
    """What the health check asks: from inside, without a certificate. Waits for ten seconds."""
    try:
        admin(Settings(broker=f"127.0.0.1:{LOCAL}")).close()
    except BrokerUnreachableError:
        return False
    return True


def topics(folder: Path, *without: str) -> "subprocess.CompletedProcess[str]":
    """`streams topics` with the environment of the compose file, less the settings that begin like this."""
    settings = SERVICES["topics"]["environment"]
    env = {name: moved(value, folder) for name, value in settings.items() if not name.startswith(without)}
    command = [sys.executable, "-m", "streams", *SERVICES["topics"]["command"]]
    return subprocess.run(command, env={**os.environ, **env}, capture_output=True, text=True, timeout=60)


def test_the_health_check_has_enough_with_its_small_heap(broker: Path) -> None:
    """The class behind kafka-broker-api-versions.sh, with the heap that the compose file gives it."""
    (heap,) = re.findall(r"KAFKA_HEAP_OPTS=(\S+)", " ".join(SERVICES["kafka"]["healthcheck"]["test"]))
    tool = "org.apache.kafka.tools.BrokerApiVersionsCommand"
    asked = java(heap, tool, "--bootstrap-server", f"127.0.0.1:{LOCAL}")
    done = subprocess.run(asked, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Produce(0)" in done.stdout


def test_clients_of_the_stack_get_in(broker: Path) -> None:
    done = topics(broker)
    assert done.returncode == 0, done.stderr
    assert "created" in done.stdout


@pytest.mark.parametrize(
    ("without", "says"), [("STREAMS_SSL_CERT_FILE STREAMS_SSL_KEY_FILE", "TLS failed"), ("STREAMS_S", "it wants TLS")]
)
def test_nobody_else_does(broker: Path, without: str, says: str) -> None:
    done = topics(broker, *without.split())
    assert done.returncode == 1
    assert says in done.stderr
