"""The model of cost and growth, on figures that can be checked by hand."""

import pytest

from tests.bench.kafka.cost import Measured, breaks_at, cost_per_million, predict

MEASURED = Measured(articles=5.0, cpu=0.2, broker_cpu=0.001, efficiency=0.9, connections=9, group_bytes=420)


def test_cost_is_processor_time_at_a_price() -> None:
    """A million articles at 0.36 s each are 100 core-hours."""
    assert cost_per_million(0.36, core_hour=0.04) == pytest.approx(4.0)


def test_articles_and_records_grow_with_workers() -> None:
    ten, hundred = predict(10, MEASURED, 0.04), predict(100, MEASURED, 0.04)
    assert [ten.articles, hundred.articles] == pytest.approx([45, 450])
    assert ten.records == pytest.approx(4 * 45)  # raw, articles, entities, enriched
    assert ten.cost == hundred.cost == pytest.approx((0.2 + 3 * 0.001) * 1e6 / 3600 * 0.04)


def test_there_is_a_partition_for_every_worker() -> None:
    """And one to spare; never less than the default."""
    assert [predict(n, MEASURED, 0.04).partitions for n in (1, 10, 1000)] == [6, 20, 2000]


def test_one_worker_is_as_fast_as_measured() -> None:
    assert predict(1, MEASURED, 0.04).articles == 5.0


@pytest.mark.parametrize(
    ("changed", "first"),
    [
        ({"group_bytes": 10_000.0}, "state of a consumer group"),
        ({"broker_cpu": 1.0}, "processor of a broker"),
        ({"connections": 500.0}, "connections a broker"),
        ({}, "partitions a broker"),
    ],
)
def test_what_breaks_first(changed: dict[str, float], first: str) -> None:
    """The limit whose share grows fastest, at the number of workers where it is full."""
    measured = Measured(**{**MEASURED.__dict__, **changed})
    workers, name = breaks_at(measured, 0.04)
    assert name.startswith(first)
    before, at = predict(workers - 1, measured, 0.04), predict(workers, measured, 0.04)
    assert max(before.used.values()) <= 1 < max(at.used.values())
