"""Our own rules for dashboards; the JSON is what the Python builds."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from streams.telemetry.describe import name
from streams.telemetry.metrics import all_metrics
from tests.deploy.panels import DASHBOARDS, DEPLOY, PANELS, Panel, marks, metrics_in, rules

each_panel = pytest.mark.parametrize("panel", PANELS, ids=str)
RECORDED = dict(rules("record"))


def test_the_json_is_what_the_python_builds(tmp_path: Path) -> None:
    """After a change: python deploy/grafana/build.py"""
    pytest.importorskip("grafana_foundation_sdk", reason="pip install 'streams[deploy]'")
    subprocess.run([sys.executable, DEPLOY / "grafana" / "build.py", tmp_path], check=True)
    built = {path.name: path.read_text() for path in tmp_path.glob("*.json")}
    assert built == {path.name: path.read_text() for path in (DEPLOY / "grafana" / "dashboards").glob("*.json")}


def test_the_dashboards() -> None:
    titles = {"Overview", "Stage detail", "Content and models", "Brokers"}
    assert {board["title"] for board in DASHBOARDS.values()} == titles
    assert len({board["uid"] for board in DASHBOARDS.values()}) == 4
    assert all(board["description"] for board in DASHBOARDS.values())
    variables = {name: [v["name"] for v in board["templating"]["list"]] for name, board in DASHBOARDS.items()}
    assert variables == {
        "overview": ["datasource", "job", "instance"],
        "content": ["datasource", "job", "instance"],
        "stages": ["datasource", "job", "instance", "stage"],
        "brokers": ["datasource", "kafka_job", "kafka_instance"],
    }


def test_the_chosen_job_decides_on_the_instances_to_choose_from() -> None:
    for board, metric, prefix in (("content", "news_build_info", ""), ("brokers", "kafka_brokers", "kafka_")):
        _, job, instance = DASHBOARDS[board]["templating"]["list"]
        assert job["query"] == f"label_values({metric}, job)"
        assert instance["query"] == f'label_values({metric}{{job=~"${prefix}job"}}, instance)'
        assert job["multi"] and job["includeAll"] and instance["multi"] and instance["includeAll"]


def test_every_dashboard_leads_to_all_others_and_takes_time_and_choices_along() -> None:
    uids = {board["uid"]: board["title"] for board in DASHBOARDS.values()}
    for board in DASHBOARDS.values():
        (link,) = board["links"]
        assert (link["type"], link["keepTime"], link["includeVars"]) == ("dashboards", True, True)
        assert all(set(link["tags"]) <= set(other["tags"]) for other in DASHBOARDS.values())
    links = [(str(panel), link) for panel in PANELS for link in panel.json.get("links") or []]
    assert "overview: Waiting time" in dict(links)
    for _, link in links:
        path, _, choices = link["url"].partition("?")
        assert uids[path.removeprefix("/d/")] == link["title"]
        assert choices.split("&") == [
            "${__url_time_range}",
            *(f"${{{v}:queryparam}}" for v in ("datasource", "job", "instance")),
        ]


def test_the_overview_lists_the_alerts_that_fire() -> None:
    """All of ours, whatever the datasource is called; with each its text and its runbook's link."""
    (panel,) = [panel.json for panel in PANELS if panel.json["type"] == "alertlist"]
    assert panel["options"]["stateFilter"]["firing"]
    assert panel["options"]["datasource"] == ""
    assert all(panel["options"]["alertName"] in alert for alert, _ in rules("alert"))


def test_what_happened_is_marked_on_every_dashboard() -> None:
    kinds = ["Alerts", "Starts", "Builds", "Models", "Rebalances"]
    for title, board in DASHBOARDS.items():
        assert list(marks(title)) == (kinds if title != "brokers" else ["Alerts"])
        for mark in board["annotations"]["list"]:
            assert mark["datasource"]["uid"] == "${datasource}"
            labels = set(re.findall(r"{{(\w+)}}", mark["titleFormat"]))
            assert labels, "a mark says of what it is one"


@each_panel
def test_a_panel_says_what_it_shows(panel: Panel) -> None:
    assert panel.json["title"]
    assert re.search(r"[.]$", panel.json["description"])
    assert panel.json["type"] == "alertlist" or panel.json["fieldConfig"]["defaults"]["unit"]


@each_panel
def test_rates_follow_the_time_on_the_screen(panel: Panel) -> None:
    """`rate` over `$__rate_interval`; a fixed time only where the description names it."""
    for query in panel.queries.values():
        assert set(re.findall(r"\brate\([^[]*\[([^]]*)\]", query)) <= {"$__rate_interval"}
        assert "irate(" not in query
        for window in re.findall(r"\bincrease\([^[]*\[([^]]*)\]", query):
            assert {"15m": "quarter of an hour", "1h": "hour"}[window] in panel.json["description"]


@each_panel
def test_no_datasource_is_written_in(panel: Panel) -> None:
    sources = [panel.json["datasource"], *(target["datasource"] for target in panel.json.get("targets", []))]
    assert {source["uid"] for source in sources} == {"${datasource}"}


@each_panel
def test_series_can_be_told_apart(panel: Panel) -> None:
    """Each target has a letter and, on a graph, a legend of its own."""
    targets = panel.json.get("targets", [])
    assert len({target["refId"] for target in targets}) == len(targets) == len(panel.queries)
    assert panel.json["type"] != "timeseries" or all(panel.queries)


@each_panel
def test_a_query_is_of_the_chosen_workers(panel: Panel) -> None:
    """Every metric in it, but for series that rules record of all workers together, and alerts."""
    prefix = "kafka_" if panel.dashboard == "brokers" else ""
    chosen = f'job=~"${prefix}job", instance=~"${prefix}instance"}}'
    for query in panel.queries.values():
        plain = re.findall(r"(?<![\w:])(?:news_|kafka_|process_|up\b)[a-z0-9_]*(?![\w:])(?:{[^}]*})?(?!:)", query)
        plain = [selector for selector in plain if ":" not in selector]
        assert all(selector.endswith(chosen) for selector in plain), query
        assert plain or ":" in query or "ALERTS" in query


@each_panel
def test_the_stage_dashboard_follows_its_variable(panel: Panel) -> None:
    whole_worker = ("CPU", "Memory", "Lag by worker")
    follows = bool(panel.queries) and all("$stage" in query for query in panel.queries.values())
    assert follows == (panel.dashboard == "stages" and panel.json["title"] not in whole_worker)


def test_panels_do_not_overlap() -> None:
    for board in DASHBOARDS.values():
        taken: set[tuple[int, int]] = set()
        for panel in board["panels"]:
            at = panel["gridPos"]
            cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
            assert at["x"] + at["w"] <= 24
            assert not taken & cells, panel["title"]
            taken |= cells


def test_what_runbooks_name_is_there() -> None:
    titles = {str(panel.json["title"]) for panel in PANELS}
    for page in (DEPLOY / "runbooks").glob("News*.md"):
        assert set(re.findall(r"\*([A-Z][^*]+)\*", page.read_text())) <= titles, page.name


def test_every_metric_is_used_and_every_metric_used_is_exported() -> None:
    queries = [query for panel in PANELS for query in panel.queries.values()] + list(RECORDED.values())
    queries += [expression for _, expression in rules("alert")]
    used = {metric for query in queries for metric in metrics_in(query)}
    assert {metric for metric in used if ":" not in metric} == {name(metric) for metric in all_metrics()}
    assert {metric for metric in used if ":" in metric} <= set(RECORDED)


def test_every_recorded_series_is_used() -> None:
    queries = [query for panel in PANELS for query in panel.queries.values()]
    queries += [expression for kind in ("record", "alert") for _, expression in rules(kind)]
    used = " ".join(queries)
    assert [record for record in RECORDED if record not in used] == []
