"""docs/metrics.md says what a worker exports."""

from pathlib import Path

from prometheus_client import REGISTRY

from streams.telemetry.describe import describe, name
from streams.telemetry.metrics import all_metrics

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"


def test_the_page_is_current() -> None:
    """After a change: python -m streams.telemetry.describe > docs/metrics.md"""
    assert PAGE.read_text() == describe()


def test_it_has_every_metric() -> None:
    families = {f.name + ("_total" if f.type == "counter" else "") for f in REGISTRY.collect()}
    assert {family for family in families if family.startswith("news_")} == {name(metric) for metric in all_metrics()}


def test_counters_of_known_labels_start_at_zero() -> None:
    """Otherwise `increase` misses the first dead letter of a worker."""
    assert REGISTRY.get_sample_value("news_dead_letters_total", {"stage": "entities", "reason": "no_text"}) is not None
    assert REGISTRY.get_sample_value("news_rebalances_total", {"stage": "sentiment"}) is not None
