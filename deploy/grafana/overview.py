"""Overview: is all well? The golden signals, and what is left of the error budget."""

from grafana_foundation_sdk.builders.dashboard import Dashboard
from panels import (
    COUNT,
    PER_SECOND,
    RATIO,
    SECONDS,
    WORKERS,
    AnyPanel,
    dashboard,
    firing,
    graph,
    leading_to,
    listing,
    number,
    quantiles,
)

GREEN, ORANGE, RED = "green", "orange", "red"


def overview() -> Dashboard:
    """The dashboard to open first."""
    return dashboard(
        "streams-overview",
        "Overview",
        "Traffic, latency, errors and saturation of the pipeline, and its error budget.",
        [
            ("Now", _now()),
            ("Alerts", [firing()]),
            ("Traffic and errors", _traffic()),
            ("Latency and saturation", _latency()),
        ],
    )


def _now() -> list[AnyPanel]:
    return [
        number(
            "Workers",
            "Worker processes that answer Prometheus.",
            COUNT,
            f"sum(up{WORKERS})",
            [(None, RED), (1, GREEN)],
        ),
        number(
            "Alerts",
            "Alerts that fire now; below they are by name, each with its runbook.",
            COUNT,
            'count(ALERTS{alertname=~"News.+", alertstate="firing"}) or vector(0)',
            [(None, GREEN), (1, RED)],
        ),
        number(
            "Articles out",
            "Enriched articles that the broker acknowledged, a second.",
            PER_SECOND,
            f"sum(rate(news_end_to_end_latency_seconds_count{WORKERS}[$__rate_interval]))",
            [(None, GREEN)],
        ),
        number(
            "95 % are out within",
            "From an article's reception to its enriched event acknowledged.",
            SECONDS,
            quantiles("news_end_to_end_latency_seconds")["95 %"],
            [(None, GREEN), (5, ORANGE), (10, RED)],
        ),
        number(
            "Oldest waiting",
            "Age of the oldest record that waits for any stage.",
            SECONDS,
            "max(stage:news_consumer_lag_seconds:max)",
            [(None, GREEN), (30, ORANGE), (60, RED)],
        ),
        number(
            "Error budget left",
            "Of the 1 % of a month's articles that may come out after 10 seconds, or fail: the part not yet spent.",
            RATIO,
            "1 - news:objective_errors:ratio_rate30d / 0.01",
            [(None, RED), (0, ORANGE), (0.25, GREEN)],
        ),
    ]


def _traffic() -> list[AnyPanel]:
    return [
        leading_to(
            graph(
                "Articles in",
                "Articles normalised, by feed; feeds that STREAMS_SOURCES does not name are other.",
                PER_SECOND,
                {"{{source}}": f"sum by (source) (rate(news_articles_total{WORKERS}[$__rate_interval]))"},
                stacked=True,
            ),
            "streams-content",
            "Content and models",
        ),
        graph(
            "Late or failed",
            "Share of articles that came out after 10 seconds, or on which a stage's own code failed. The objective "
            "is 1 % over 30 days; above 14.4 % for an hour somebody is woken.",
            RATIO,
            {f"over {window}": f"news:objective_errors:ratio_rate{window}" for window in ("5m", "1h", "6h")},
        ),
        leading_to(
            graph(
                "Dead letters",
                "Records that could not be worked, by stage. They are kept in news.dead-letters.",
                PER_SECOND,
                {"{{stage}}": f"sum by (stage) (rate(news_dead_letters_total{WORKERS}[$__rate_interval]))"},
                stacked=True,
            ),
            "streams-stages",
            "Stage detail",
        ),
    ]


def _latency() -> list[AnyPanel]:
    return [
        graph(
            "End to end",
            "From an article's reception to its enriched event acknowledged.",
            SECONDS,
            quantiles("news_end_to_end_latency_seconds"),
        ),
        leading_to(
            graph(
                "Waiting records",
                "Records before each stage: how far it is behind the end of its topic.",
                COUNT,
                {"{{stage}}": "stage:news_consumer_lag_records:sum"},
            ),
            "streams-stages",
            "Stage detail",
        ),
        leading_to(
            graph(
                "Waiting time",
                "Age of the oldest record before each stage.",
                SECONDS,
                {"{{stage}}": "stage:news_consumer_lag_seconds:max"},
            ),
            "streams-stages",
            "Stage detail",
        ),
        leading_to(
            graph(
                "Model busy",
                "Share of time that a stage with a model works, on the average worker. Near 100 % lag begins.",
                RATIO,
                {"{{model}}": "model:news_inference_busy:ratio_rate5m"},
            ),
            "streams-stages",
            "Stage detail",
        ),
        leading_to(
            graph(
                "Rebalances",
                "Times that a stage's consumer group handed out its partitions anew, in a quarter of an hour.",
                COUNT,
                {"{{stage}}": f"max by (stage) (increase(news_rebalances_total{WORKERS}[15m]))"},
            ),
            "streams-stages",
            "Stage detail",
        ),
        listing(
            "Builds",
            "The version that each worker runs.",
            COUNT,
            f"max by (instance, version) (news_build_info{WORKERS})",
            ["Value"],
        ),
    ]
