"""Our own rules for dashboards; the JSON is what the Python builds."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from streams.telemetry.describe import name
from streams.telemetry.metrics import all_metrics
from tests.deploy.panels import DASHBOARDS, DEPLOY, PANELS, Panel, metrics_in, rules

each_panel = pytest.mark.parametrize("panel", PANELS, ids=str)
RECORDED = dict(rules("record"))


def test_the_json_is_what_the_python_builds(tmp_path: Path) -> None:
    """After a change: python deploy/grafana/build.py"""
    pytest.importorskip("grafana_foundation_sdk", reason="pip install 'streams[deploy]'")
    subprocess.run([sys.executable, DEPLOY / "grafana" / "build.py", tmp_path], check=True)
    built = {path.name: path.read_text() for path in tmp_path.glob("*.json")}
    assert built == {path.name: path.read_text() for path in (DEPLOY / "grafana" / "dashboards").glob("*.json")}


def test_the_dashboards() -> None:
    assert {board["title"] for board in DASHBOARDS.values()} == {"Overview", "Stage detail", "Content and models"}
    assert len({board["uid"] for board in DASHBOARDS.values()}) == 3
    assert all(board["description"] for board in DASHBOARDS.values())
    assert [v["name"] for v in DASHBOARDS["stages"]["templating"]["list"]] == ["datasource", "stage"]


@each_panel
def test_a_panel_says_what_it_shows(panel: Panel) -> None:
    assert panel.json["title"]
    assert re.search(r"[.]$", panel.json["description"])
    assert panel.json["fieldConfig"]["defaults"]["unit"]


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
    sources = [panel.json["datasource"], *(target["datasource"] for target in panel.json["targets"])]
    assert {source["uid"] for source in sources} == {"${datasource}"}


@each_panel
def test_series_can_be_told_apart(panel: Panel) -> None:
    """Each target has a letter and, on a graph, a legend of its own."""
    targets = panel.json["targets"]
    assert len({target["refId"] for target in targets}) == len(targets) == len(panel.queries)
    assert panel.json["type"] != "timeseries" or all(panel.queries)


@each_panel
def test_the_stage_dashboard_follows_its_variable(panel: Panel) -> None:
    whole_worker = ("CPU", "Memory")
    follows = all("$stage" in query for query in panel.queries.values())
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
