"""What the overlays render, and what their README says it takes beside them."""

import re
import shutil
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.contract.access import grants
from tests.command_line import parsed
from tests.deploy.panels import DASHBOARDS, DEPLOY

KUBERNETES = DEPLOY / "kubernetes"
README = (KUBERNETES / "README.md").read_text()
Objects = dict[str, dict[str, dict[str, Any]]]  # by kind and name


@cache
def rendered(overlay: str) -> Objects:
    """The objects of an overlay; skips where there is no kustomize."""
    kustomize = shutil.which("kustomize") or str(DEPLOY.parent / "build" / "deploy" / "bin" / "kustomize")
    if not Path(kustomize).exists():
        pytest.skip("no kustomize: `make lint-deploy` builds it where there is Go")
    command = [kustomize, "build", str(KUBERNETES / "overlays" / overlay)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    objects: Objects = defaultdict(dict)
    for thing in yaml.safe_load_all(done.stdout):
        objects[thing["kind"]][thing["metadata"]["name"]] = thing
    return objects


def pods(objects: Objects) -> dict[str, dict[str, Any]]:
    """Pods' specifications by the name of what starts them."""
    starters = {**objects["Deployment"], **objects["Job"]}
    return {name: thing["spec"]["template"]["spec"] for name, thing in starters.items()}


@pytest.mark.parametrize(
    ("overlay", "names"),
    [
        ("development", {"streams-worker", "streams-topics"}),
        ("production", {"streams-worker", "streams-topics", "streams-feed"}),
    ],
)
def test_an_overlay_renders(overlay: str, names: set[str]) -> None:
    assert set(pods(rendered(overlay))) == names
    for pod in pods(rendered(overlay)).values():
        container = pod["containers"][0]
        assert pod["securityContext"]["runAsNonRoot"] and isinstance(pod["securityContext"]["runAsUser"], int)
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert container["resources"]["limits"]["memory"]
        assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}


def test_every_pod_in_production_has_the_way_to_kafka() -> None:
    """The secret's files, the user's name, and the settings that name them; the feed too."""
    for name, pod in pods(rendered("production")).items():
        assert {"name": "kafka", "secret": {"secretName": "streams-kafka", "defaultMode": 0o440}} in pod["volumes"], (
            name
        )
        assert pod["containers"][0]["env"][0]["name"] == "STREAMS_SASL_USERNAME"
        (settings,) = pod["containers"][0]["envFrom"]
        assert settings["configMapRef"]["name"] in rendered("production")["ConfigMap"]


def test_a_feed_is_polled_by_one_pod_that_reaches_the_web() -> None:
    feed = rendered("production")["Deployment"]["streams-feed"]["spec"]
    assert (feed["replicas"], feed["strategy"]) == (1, {"type": "Recreate"})
    arguments = feed["template"]["spec"]["containers"][0]["args"]
    assert parsed(arguments) == "streams ingest feed"
    assert arguments[2].startswith("https://")
    policies = rendered("production")["NetworkPolicy"]
    for policy in ("streams", "streams-feed"):  # Kafka and names by the one, the web by the other
        chosen = policies[policy]["spec"]["podSelector"].get("matchLabels", {})
        assert chosen.items() <= feed["template"]["metadata"]["labels"].items()
    ports = [port["port"] for port in policies["streams-feed"]["spec"]["egress"][0]["ports"]]
    assert ports == [443, 80]


def test_dashboards_are_config_maps_that_grafanas_sidecar_finds() -> None:
    maps = [
        m
        for m in rendered("production")["ConfigMap"].values()
        if m["metadata"].get("labels", {}).get("grafana_dashboard")
    ]
    assert {file: text for one in maps for file, text in one["data"].items()} == {
        f"{name}.json": (DEPLOY / "grafana" / "dashboards" / f"{name}.json").read_text() for name in DASHBOARDS
    }
    assert all(len(str(one["data"])) < 1_000_000 for one in maps)  # a ConfigMap's limit is 1 MiB


def test_kube_prometheus_stack_finds_what_bears_its_release() -> None:
    for kind in ("PodMonitor", "PrometheusRule"):
        (thing,) = rendered("production")[kind].values()
        assert thing["metadata"]["labels"]["release"] == "kube-prometheus-stack"


def test_one_address_of_kafka_in_an_overlay() -> None:
    """Strimzi's: the workers' and KEDA's."""
    for overlay, port in (("development", 9092), ("production", 9093)):
        objects = rendered(overlay)
        named = {
            *(m["data"]["STREAMS_BROKER"] for m in objects["ConfigMap"].values() if "STREAMS_BROKER" in m["data"]),
            *(
                trigger["metadata"]["bootstrapServers"]
                for scaled in objects["ScaledObject"].values()
                for trigger in scaled["spec"]["triggers"]
            ),
        }
        assert named == {f"news-kafka-bootstrap.kafka:{port}"}
    assert "`news-kafka-bootstrap.kafka`" in README


def test_strimzis_users_have_what_the_commands_need(tmp_path: Path) -> None:
    """After a change: python deploy/kubernetes/strimzi/build.py"""
    folder = KUBERNETES / "strimzi"
    subprocess.run([sys.executable, folder / "build.py", tmp_path / "users.yaml"], check=True, cwd=DEPLOY.parent)
    text = (folder / "kafka-users.yaml").read_text()
    assert (tmp_path / "users.yaml").read_text() == text
    users = {user["metadata"]["name"]: user["spec"]["authorization"]["acls"] for user in yaml.safe_load_all(text)}
    given = {
        (rule["resource"]["type"], rule["resource"]["name"], operation)
        for rule in users["streams"]
        for operation in rule["operations"]
    }
    assert given == {(grant.kind, grant.name, operation) for grant in grants() for operation in grant.operations}
    for rule in users["streams"]:
        row = f"| {rule['resource']['type']} | `{rule['resource']['name']}` | {', '.join(rule['operations'])} |"
        assert row in README
    assert [(rule["resource"]["name"], rule["operations"]) for rule in users["streams-reader"]] == [
        ("news.enriched", ["Describe", "Read"])
    ]


def test_the_secret_of_the_readme_has_every_key_that_is_read() -> None:
    production = rendered("production")
    authentication = production["TriggerAuthentication"]["streams-kafka"]["spec"]["secretTargetRef"]
    keys = {reference["key"] for reference in authentication}
    (settings,) = (m["data"] for m in production["ConfigMap"].values() if "STREAMS_BROKER" in m["data"])
    keys |= {path.rpartition("/")[2] for path in settings.values() if path.startswith("/etc/streams/kafka/")}
    made = re.search(r"create secret generic streams-kafka (.*?)\nrm", README, re.DOTALL)
    assert made
    assert set(re.findall(r"--from-(?:file|literal)=([\w.]+)", made[1])) == keys


def test_what_the_readme_names_is_there() -> None:
    for path in re.findall(r"`((?:base|components|strimzi|deploy)/[\w./-]+)`", README):
        assert (DEPLOY.parent / path).exists() or (KUBERNETES / path).exists(), path
