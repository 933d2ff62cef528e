"""What is drawn across every graph: alerts, and what the workers themselves did at that time."""

from typing import Any

from grafana_foundation_sdk.builders.dashboard import AnnotationQuery
from panels import CHOSEN, SOURCE, WORKERS

# name -> colour, PromQL, title of a mark. A mark lasts as long as the query has a series.
_MARKS = {
    "Alerts": ("red", 'ALERTS{alertname=~"News.+", alertstate="firing"}', "{{alertname}} {{stage}} {{source}}"),
    "Starts": ("blue", f"time() - process_start_time_seconds{WORKERS} < 60", "{{instance}} started"),
    "Builds": (
        "purple",
        f"count by (version) (news_build_info{WORKERS}) unless count by (version) (news_build_info{WORKERS} offset 2m)",
        "build {{version}}",
    ),
    "Models": (
        "purple",
        f"count by (stage, model, version, digest) (news_model_info{WORKERS}) "
        f"unless count by (stage, model, version, digest) (news_model_info{WORKERS} offset 2m)",
        "{{stage}}: {{model}} {{version}} {{digest}}",
    ),
    "Rebalances": (
        "orange",
        f'sum by (stage) (increase(news_rebalances_total{{stage=~".+", {CHOSEN}}}[1m])) > 0',
        "{{stage}} rebalanced",
    ),
}


def annotations(dashboard: str) -> list[AnnotationQuery]:
    """One toggle a kind, above the panels; where no workers are chosen there are the alerts alone."""
    return [
        AnnotationQuery().name(name).datasource(SOURCE).enable(True).icon_color(colour).expr(query)
        for name, (colour, query, _) in _MARKS.items()
        if dashboard != "brokers" or name == "Alerts"
    ]


def titled(annotation: dict[str, Any]) -> dict[str, Any]:
    """An annotation of a dashboard's JSON with its title and its step, for which the SDK has no words."""
    return {**annotation, "titleFormat": _MARKS[annotation["name"]][2], "step": "15s"}
