"""The panels and rules as they are in the files, for the tests."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"
DASHBOARDS = {path.stem: json.loads(path.read_text()) for path in (DEPLOY / "grafana" / "dashboards").glob("*.json")}


@dataclass(frozen=True)
class Panel:
    """One panel of one dashboard."""

    dashboard: str
    json: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.dashboard}: {self.json.get('title')}"

    @property
    def queries(self) -> dict[str, str]:
        """PromQL by legend."""
        return {target.get("legendFormat", ""): target["expr"] for target in self.json.get("targets", [])}


PANELS = [
    Panel(name, panel) for name, board in DASHBOARDS.items() for panel in board["panels"] if panel["type"] != "row"
]


# The panels that workers have data for; kafka_exporter's would be empty here (tests/deploy/test_brokers.py has them).
OF_WORKERS = [panel for panel in PANELS if panel.dashboard != "brokers"]


def marks(dashboard: str = "overview") -> dict[str, str]:
    """PromQL of a dashboard's annotations, by name."""
    return {mark["name"]: mark["expr"] for mark in DASHBOARDS[dashboard]["annotations"]["list"]}


def rules(kind: str) -> Iterator[tuple[str, str]]:
    """Name and expression of the recording rules (`record`), or of the alerts (`alert`)."""
    for file in sorted((DEPLOY / "prometheus" / "rules").glob("*.yml")):
        for group in yaml.safe_load(file.read_text())["groups"]:
            yield from ((rule[kind], rule["expr"]) for rule in group["rules"] if kind in rule)


def filled_in(query: str, rate_interval: str, instance: str = ".*") -> str:
    """A query as Grafana sends it, with all stages, jobs and brokers chosen, and all instances or one."""
    chosen = {"stage": "normalise|entities|sentiment", "job": "streams"}
    chosen |= {"__rate_interval": rate_interval, "kafka_job": "kafka", "kafka_instance": ".*"}
    chosen["instance"] = instance if instance == ".*" else re.escape(instance).replace("\\", "\\\\")
    return re.sub(r"\$(\w+)", lambda name: chosen[name[1]], query)


def metrics_in(query: str) -> set[str]:
    """Our metrics that a query uses, histograms by their own name; and recorded series."""
    names = set(re.findall(r"\b(?:[a-z_]+:)?news[a-z0-9_:]*", query))
    return {name if ":" in name else re.sub(r"_(bucket|sum|count)$", "", name) for name in names}
