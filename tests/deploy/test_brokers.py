"""Queries whose data this machine cannot make, asked by promtool of series that are written down here.

kafka_exporter's names and labels are those of its own documentation; the marks need workers of two builds.
"""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.panels import PANELS, filled_in, marks

pytestmark = pytest.mark.skipif(not shutil.which("promtool"), reason="no promtool: apt-get install prometheus")
EXPORTER = 'job="kafka", instance="kafka-exporter:9308"'
BROKERS = {
    str(panel.json["title"]): query
    for panel in PANELS
    if panel.dashboard == "brokers"
    for query in panel.queries.values()
}


def partition(topic: str, number: int, **values: str) -> dict[str, str]:
    """The series of a partition, each a value a minute: `leader="2x20"` is 2 for twenty minutes."""
    labels = f'topic="{topic}", partition="{number}", {EXPORTER}'
    return {f"kafka_topic_partition_{name}{{{labels}}}": value for name, value in values.items()}


def healthy(current_offset: str, oldest_offset: str = "0x20") -> dict[str, str]:
    """All three replicas in sync, and led by broker 1 as planned."""
    state = {"replicas": "3x20", "in_sync_replica": "3x20", "leader": "1x20", "leader_is_preferred": "1x20"}
    return {
        "current_offset": current_offset,
        "oldest_offset": oldest_offset,
        "under_replicated_partition": "0x20",
        **state,
    }


BEHIND = {"in_sync_replica": "2x20", "under_replicated_partition": "1x20"}
LEFT = 'consumergroup="news-normalise", topic="news.raw", partition='
# Three brokers. One partition has lost a replica and its planned leader, and another has no leader at all.
CLUSTER = {
    f"kafka_brokers{{{EXPORTER}}}": "3x20",
    **partition("__consumer_offsets", 0, **healthy("0+600x20")),
    **partition("news.raw", 0, **healthy("0+60x20")),
    **partition(
        "news.raw", 1, **{**healthy("0+120x20", "100x20"), **BEHIND, "leader": "2x20", "leader_is_preferred": "0x20"}
    ),
    **partition(
        "news.articles",
        0,
        current_offset="500x20",
        oldest_offset="500x20",
        replicas="3x20",
        in_sync_replica="1x20",
        under_replicated_partition="1x20",
    ),
    f'kafka_consumergroup_lag{{{LEFT}"0", {EXPORTER}}}': "5x20",
    f'kafka_consumergroup_lag{{{LEFT}"1", {EXPORTER}}}': "7x20",
    f'kafka_consumergroup_current_offset{{{LEFT}"0", {EXPORTER}}}': "0+30x20",
    f'kafka_consumergroup_members{{consumergroup="news-normalise", {EXPORTER}}}': "2x20",
}
GROUP = '{consumergroup="news-normalise", topic="news.raw"}'


def asked(folder: Path, series: dict[str, str], questions: Mapping[str, tuple[str, Mapping[str, float]]]) -> None:
    """Fails unless each query (PromQL, minutes) gives exactly these series."""
    tests: list[dict[str, Any]] = [
        {
            "expr": query,
            "eval_time": when,
            "exp_samples": [{"labels": labels, "value": value} for labels, value in expected.items()],
        }
        for (query, (when, expected)) in questions.items()
    ]
    inputs = [{"series": name, "values": values} for name, values in series.items()]
    file = folder / "queries.yml"
    file.write_text(yaml.safe_dump({"tests": [{"interval": "1m", "input_series": inputs, "promql_expr_test": tests}]}))
    done = subprocess.run(["promtool", "test", "rules", file], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


SHOWN: list[tuple[str, dict[str, float]]] = [
    ("Brokers", {"{}": 3}),
    ("Partitions without a leader", {"{}": 1}),
    ("Under-replicated partitions", {"{}": 2}),
    ("Fewest in-sync replicas", {"{}": 1}),
    ("Not on their preferred leader", {"{}": 1}),
    ("Records written", {"{}": 3}),
    ("Written", {'{topic="news.raw"}': 3, '{topic="news.articles"}': 0}),
    ("Kept", {'{topic="news.raw"}': 1700, '{topic="news.articles"}': 0}),
    ("Partitions by leader", {'{broker="1"}': 2, '{broker="2"}': 1}),
    ("Lag by group", {GROUP: 12}),
    ("Members", {'{consumergroup="news-normalise"}': 2}),
    ("Read", {GROUP: 0.5}),
]


@pytest.mark.parametrize(("panel", "expected"), SHOWN)
def test_a_panel_of_brokers(panel: str, expected: dict[str, float], tmp_path: Path) -> None:
    """Kafka's own topics count as partitions, and not as news."""
    asked(tmp_path, CLUSTER, {filled_in(BROKERS[panel], "5m"): ("10m", expected)})


def test_every_panel_of_brokers_is_tried_above() -> None:
    assert {panel for panel, _ in SHOWN} == set(BROKERS)


def test_marks_come_when_something_happens_and_go(tmp_path: Path) -> None:
    """A worker is started with a new build after ten minutes, and its group hands out its partitions."""
    worker = 'job="streams", instance="host:9108"'
    series = {
        f"process_start_time_seconds{{{worker}}}": "-3600x9 600x20",
        f'news_build_info{{version="1.0.0", {worker}}}': "1x9 stale",
        f'news_build_info{{version="1.1.0", {worker}}}': "_x10 1x20",
        f'news_model_info{{stage="entities", model="nl", version="1", digest="sha256:a", {worker}}}': "1x30",
        f'news_rebalances_total{{stage="entities", {worker}}}': "1x10 2x20",
        'ALERTS{alertname="NewsWorkerDown", alertstate="firing"}': "_x5 1x2 stale",
    }
    query = {name: filled_in(expression, "1m") for name, expression in marks().items()}
    asked(
        tmp_path,
        series,
        {query["Starts"]: ("9m", {}), query["Builds"]: ("9m", {}), query["Models"]: ("5m", {})}
        | {query["Rebalances"]: ("9m", {}), query["Alerts"]: ("4m", {})},
    )
    asked(
        tmp_path,
        series,
        {
            query["Starts"]: ("10m", {f"{{{worker}}}": 0}),
            query["Builds"]: ("11m", {'{version="1.1.0"}': 1}),
            query["Rebalances"]: ("11m", {'{stage="entities"}': 1}),
            query["Alerts"]: ("6m", {'ALERTS{alertname="NewsWorkerDown", alertstate="firing"}': 1}),
        },
    )
    asked(tmp_path, series, {query[name]: ("20m", {}) for name in marks()})
