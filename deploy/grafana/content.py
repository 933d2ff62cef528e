"""Content and models: what the wire is made of, what the models make of it, and whether that changes."""

from grafana_foundation_sdk.builders.dashboard import Dashboard
from panels import CHOSEN, COUNT, RATIO, SECONDS, WORKERS, AnyPanel, dashboard, graph, listing, number


def content() -> Dashboard:
    """Sources, languages, entities, sentiment and drift."""
    return dashboard(
        "streams-content",
        "Content and models",
        "Sources and languages of the articles; entities, sentiment and its drift; models in use.",
        [("Wire", _wire()), ("Entities", _entities()), ("Sentiment", _sentiment()), ("Models", _models())],
    )


def share(metric: str, label: str) -> dict[str, str]:
    """Shares of a counter's label, which add up to 1."""
    rate = f"rate({metric}{WORKERS}[$__rate_interval])"
    return {f"{{{{{label}}}}}": f"sum by ({label}) ({rate}) / ignoring ({label}) group_left sum({rate})"}


def _wire() -> list[AnyPanel]:
    return [
        graph(
            "Sources",
            "Articles by feed, in an hour.",
            COUNT,
            {"{{source}}": f"sum by (source) (increase(news_articles_total{WORKERS}[1h]))"},
            stacked=True,
        ),
        graph(
            "Languages",
            "Share of articles by language, as declared or detected.",
            RATIO,
            share("news_articles_total", "language"),
            stacked=True,
        ),
        graph(
            "Age of the last item",
            "Time since a feed's last item. An hour is an alert.",
            SECONDS,
            {"{{source}}": "source:news_feed_age_seconds:min"},
        ),
    ]


def _entities() -> list[AnyPanel]:
    return [
        graph(
            "Entity mix",
            "Share of entities by type.",
            RATIO,
            share("news_entities_total", "entity_type"),
            span=12,
            stacked=True,
        ),
        graph(
            "Entities an article",
            "Entities found, divided by the articles that the stage worked: a model that goes blind shows here.",
            COUNT,
            {
                "entities": f"sum(rate(news_entities_total{WORKERS}[$__rate_interval])) / "
                f'sum(rate(news_stage_records_total{{stage="entities", outcome="ok", {CHOSEN}}}[$__rate_interval]))'
            },
            span=12,
        ),
    ]


def _sentiment() -> list[AnyPanel]:
    return [
        number(
            "Drift",
            "Share of the last six hours' articles that would need another label to give the week's mix.",
            RATIO,
            "news:sentiment_drift:distance",
            [(None, "green"), (0.1, "orange"), (0.15, "red")],
        ),
        graph(
            "Sentiment",
            "Share of articles by sentiment; none where there is nothing to judge.",
            RATIO,
            share("news_sentiment_total", "sentiment"),
            span=10,
            stacked=True,
        ),
        graph(
            "Sentiment against last week",
            "Shares of six hours beside those of seven days.",
            RATIO,
            {
                "{{sentiment}}, 6 hours": "sentiment:news_sentiment:share6h",
                "{{sentiment}}, 7 days": "sentiment:news_sentiment:share7d",
            },
            span=10,
        ),
    ]


def _models() -> list[AnyPanel]:
    return [
        listing(
            "Models",
            "Models in use, and by how many workers. Two versions or digests of one model mean a deployment under way.",
            COUNT,
            f"count by (stage, model, version, digest) (news_model_info{WORKERS})",
            [],
            span=24,
        )
    ]
