"""Every query that dashboards, rules and alerts make has a finite answer while the sample wire runs."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

import streams.feeds
from streams.feeds.files import CONTENT_TYPES, split
from tests.broker.support import SHIPPED, Item
from tests.deploy.expressions import left_hand_sides
from tests.deploy.live import Wire, addresses, broker
from tests.deploy.panels import OF_WORKERS, filled_in, marks, rules
from tests.deploy.prometheus import RATE_INTERVAL, Prometheus, needs_prometheus, prometheus

pytestmark = [needs_prometheus, pytest.mark.broker, pytest.mark.services]
SAMPLE = [
    (CONTENT_TYPES.get(kind, ""), payload)
    for path in sorted((Path(streams.feeds.__file__).parent / "sample").iterdir())
    for _, payload, kind in split(path.read_bytes())
]


def item(number: int) -> Item:
    """The sample wire over and over; it ends with a malformed item."""
    content_type, payload = SAMPLE[number % len(SAMPLE)]
    source = "lln" if b"LLN" in payload else "npd"
    headers = {"content-type": content_type, "source": source}
    return None, payload, [(name, value.encode()) for name, value in headers.items() if value]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Wire, Prometheus]]:
    """Two shipped workers on this host, each with a port of its own, under a real Prometheus; the wire is running."""
    folder = tmp_path_factory.mktemp("queries")
    with broker(folder) as run:
        for _ in range(2):
            run.start(SHIPPED, SOURCES='["npd","lln"]')
        with prometheus(folder, addresses(run)) as server, Wire(run, item, rate=3) as wire:
            answered = "sum(news_end_to_end_latency_seconds_count) > 100"
            run.wait_until(lambda: bool(server.query(answered)), 90, "a hundred articles")
            yield wire, server


def answers(live: tuple[Wire, Prometheus], expressions: list[str]) -> None:
    """Waits until all of them have answers at one moment."""
    wire, server = live
    wire.run.wait_until(lambda: not server.wrong(expressions), 30, f"answers, but {server.wrong(expressions)}")


def test_every_query_of_every_panel(live: tuple[Wire, Prometheus]) -> None:
    answers(live, [filled_in(query, RATE_INTERVAL) for panel in OF_WORKERS for query in panel.queries.values()])


def test_a_panel_of_one_chosen_worker_has_no_other(live: tuple[Wire, Prometheus]) -> None:
    """`up` counts one of two, and every series that names its worker is of it; one that is none has nothing."""
    wire, server = live
    chosen, other = addresses(wire.run)
    for panel in OF_WORKERS:
        for query in panel.queries.values():
            named = {
                series["metric"].get("instance") for series in server.query(filled_in(query, RATE_INTERVAL, chosen))
            }
            assert other not in named, str(panel)
    (workers,) = [q for panel in OF_WORKERS if str(panel) == "overview: Workers" for q in panel.queries.values()]
    assert [server.value(filled_in(workers, "10s", one)) for one in (".*", chosen, "gone:9108")] == [2, 1, 0]


def test_every_mark_has_something_to_compare(live: tuple[Wire, Prometheus]) -> None:
    """The left-hand sides of the annotations' queries, but for that of alerts, which all are silent."""
    queries = [filled_in(query, RATE_INTERVAL) for name, query in marks().items() if name != "Alerts"]
    answers(live, [left_hand_sides(query)[0] for query in queries])


def test_every_recorded_series_and_its_expression(live: tuple[Wire, Prometheus]) -> None:
    answers(live, [side for rule in rules("record") for side in rule])


def test_every_left_hand_side_of_an_alert(live: tuple[Wire, Prometheus]) -> None:
    answers(live, [side for _, expression in rules("alert") for side in left_hand_sides(expression)])


def test_no_alert_fires_when_all_is_well(live: tuple[Wire, Prometheus]) -> None:
    assert live[1].firing() == set()


def test_two_workers_on_one_host_are_two_targets_whose_sum_is_right(live: tuple[Wire, Prometheus]) -> None:
    """Right is what the workers themselves show; repeats after a rebalance are counted where they were worked."""
    wire, server = live
    wire.rate = 0
    worked = 'sum(news_stage_records_total{stage="normalise"})'
    wire.run.wait_until(lambda: wire.sent <= server.value(worked) == _shown(wire), 30, "all items counted")
    assert server.value('count(up{job="streams"} == 1)') == 2
    assert server.value('count(sum by (instance) (news_stage_records_total{stage="normalise"}) > 0)') == 2


def _shown(wire: Wire) -> float:
    pages = [urlopen(f"http://{address}/metrics", timeout=5).read().decode() for address in addresses(wire.run)]
    lines = re.findall(r'^news_stage_records_total{.*stage="normalise".*} (.+)$', "\n".join(pages), re.MULTILINE)
    return sum(map(float, lines))
