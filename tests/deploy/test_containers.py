"""What compose and Kubernetes run is closed by default, bounded, and of one mind about versions."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.contract.graph import stage_names
from streams.settings import Settings
from tests.deploy.panels import DEPLOY

ROOT = DEPLOY.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
each_service = pytest.mark.parametrize("name", SERVICES)
WITHOUT_END = sorted(set(SERVICES) - {"certificates", "topics"})
BY_TAG = {"grafana", "kafka-exporter"}  # of these no digest was found published that could be checked


@each_service
def test_nothing_is_published_but_two_pages_on_localhost(name: str) -> None:
    ports = {"prometheus": ["127.0.0.1:9090:9090"], "grafana": ["127.0.0.1:3000:3000"]}
    assert SERVICES[name].get("ports", []) == ports.get(name, [])


@pytest.mark.parametrize("name", ["topics", "worker", "feed", "kafka-exporter"])
def test_a_client_has_its_certificate_and_the_broker_has_its_own(name: str) -> None:
    assert "client-certificate:/certificates:ro" in SERVICES[name]["volumes"]
    assert "broker-certificate:/etc/kafka/secrets:ro" in SERVICES["kafka"]["volumes"]
    both = [name for name, service in SERVICES.items() if len(re.findall("-certificate:", str(service))) > 1]
    assert both == ["certificates"]


@each_service
def test_a_container_is_bounded_and_has_no_privileges(name: str) -> None:
    service = SERVICES[name]
    assert service["mem_limit"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("read_only") or name == "kafka"  # writes its configuration at the start


@pytest.mark.parametrize("name", WITHOUT_END)
def test_what_keeps_running_is_watched_and_started_again(name: str) -> None:
    """The worker's check is the image's own."""
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert "healthcheck" in SERVICES[name] or name == "worker"


def test_no_password_is_written_down() -> None:
    assert "PASSWORD" not in (ROOT / "docker-compose.yml").read_text()
    assert SERVICES["grafana"]["environment"]["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"] == "true"


def test_what_is_mounted_is_there() -> None:
    mounts = [v for service in SERVICES.values() for v in service.get("volumes", []) if v.startswith("./")]
    assert mounts
    assert all((ROOT / mount.split(":")[0]).exists() for mount in mounts)


def test_grafana_serves_the_runbooks_that_alerts_lead_to() -> None:
    """Grafana serves what is in its public folder, without a login, under /public."""
    assert "./deploy/runbooks:/usr/share/grafana/public/runbooks:ro" in SERVICES["grafana"]["volumes"]


def test_the_image_the_sdk_and_the_types_are_of_one_grafana() -> None:
    image = SERVICES["grafana"]["image"].split("@")[0].split(":")[1]
    types = json.loads((DEPLOY / "types" / "package.json").read_text())["dependencies"]["@grafana/schema"]
    sdk = re.search(r"grafana-foundation-sdk==\d+!(\d+\.\d+)", (ROOT / "pyproject.toml").read_text())
    assert image == types
    assert sdk and image.startswith(sdk[1] + ".")


def test_the_dockerfile() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER")] == ["USER 10001:10001"]
    assert sum(line.startswith("FROM") for line in lines) == 2
    assert any(line.startswith("HEALTHCHECK") for line in lines)


def test_base_images_are_named_by_digest() -> None:
    """The Dockerfile's, and the compose file's but for those that say why not."""
    digest = re.compile(r"[a-z/-]+:[\w.-]+@sha256:[0-9a-f]{64}")
    froms = re.findall(r"^FROM (\S+)", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    assert len(froms) == 2
    assert all(digest.fullmatch(image) for image in froms)
    images = {name: service["image"] for name, service in SERVICES.items() if service["image"] != "streams:local"}
    assert {name for name, image in images.items() if not digest.fullmatch(image)} <= BY_TAG
    for line in (ROOT / "docker-compose.yml").read_text().splitlines():
        if line.startswith("    image:") and "@" not in line:
            assert " # by tag: " in line


def test_digests_are_renewed_where_there_is_docker(tmp_path: Path) -> None:
    """With a `docker` that gives one digest to every image: nothing but the digests changes."""
    (tmp_path / "deploy").mkdir()
    for name in ("docker-compose.yml", "deploy/Dockerfile", "deploy/pin.sh"):
        shutil.copy(ROOT / name, tmp_path / name)
    docker, digest = tmp_path / "docker", "sha256:" + "0123abcd" * 8
    docker.write_text(f"#!/bin/sh\necho {digest}\n")
    docker.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    subprocess.run([tmp_path / "deploy" / "pin.sh"], env={"PATH": path}, check=True, capture_output=True)
    for name in ("docker-compose.yml", "deploy/Dockerfile"):
        before, after = (ROOT / name).read_text(), (tmp_path / name).read_text()
        plain = re.compile(r"(@sha256:[0-9a-f]{64})|( +# by tag:.*)")
        assert plain.sub("", before) == plain.sub("", after)
        assert set(re.findall(r"sha256:[0-9a-f]{64}", after)) == {digest}
    assert "# by tag:" not in (tmp_path / "docker-compose.yml").read_text().partition("services:")[2]
    docker.write_text("#!/bin/sh\necho no such image\n")
    failed = subprocess.run([tmp_path / "deploy" / "pin.sh"], env={"PATH": path}, capture_output=True, text=True)
    assert failed.returncode == 1
    assert "no such image" in failed.stderr
    assert "no such image" not in (tmp_path / "docker-compose.yml").read_text()


def test_the_health_check_does_not_take_the_brokers_heap() -> None:
    """It is a JVM of its own inside the broker's memory limit: with both heaps full there must be room left."""
    check = " ".join(SERVICES["kafka"]["healthcheck"]["test"])
    heaps = [re.findall(r"-Xmx(\d+)m", text) for text in (SERVICES["kafka"]["environment"]["KAFKA_HEAP_OPTS"], check)]
    assert heaps == [["512"], ["64"]]
    assert check.index("KAFKA_HEAP_OPTS=") < check.index("kafka-broker-api-versions.sh")


def _settings_of(texts: list[str]) -> set[str]:
    return {name for text in texts for name in re.findall(r"\bSTREAMS_[A-Z_]+[A-Z]\b", text)}


def test_every_setting_that_deploy_names_is_one() -> None:
    files = [ROOT / "docker-compose.yml", DEPLOY / "Dockerfile"]
    files += [file for pattern in ("*.yaml", "*.yml", "*.md") for file in DEPLOY.rglob(pattern)]
    named = _settings_of([file.read_text() for file in files])
    assert named <= {f"STREAMS_{name.upper()}" for name in Settings.model_fields}


def test_keda_looks_at_the_groups_and_topics_of_the_flow() -> None:
    scaled = yaml.safe_load((DEPLOY / "kubernetes" / "components" / "keda" / "scaled-object.yaml").read_text())["spec"]
    settings = Settings()
    looked = {(t["metadata"]["consumerGroup"], t["metadata"]["topic"]) for t in scaled["triggers"]}
    assert looked == {(settings.group(stage), settings.topics.source(stage).name) for stage in stage_names()}
    assert scaled["maxReplicaCount"] == settings.partitions
