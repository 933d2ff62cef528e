"""Draws what the Overview's panels ask a real Prometheus while the sample wire runs.

`python -m tests.deploy.draw docs/dashboard-overview.png` takes about three minutes. matplotlib draws it, not
Grafana: the queries, titles and legends are the dashboard's, the looks are not.
"""

import re
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.dates import AutoDateLocator, DateFormatter
from matplotlib.ticker import PercentFormatter

from tests.broker.support import SHIPPED
from tests.deploy.live import Wire, addresses, broker
from tests.deploy.panels import PANELS, Panel, filled_in
from tests.deploy.prometheus import RATE_INTERVAL, Prometheus, prometheus
from tests.deploy.test_queries import item

COURSE = ((1, 40), (4, 20), (2, 40), (0, 15), (2, 40))  # items a second, for seconds
UNITS = {"cps": "a second", "s": "seconds", "percentunit": "", "short": ""}


def main(target: Path) -> None:
    """Runs a worker under Prometheus, lets the wire rise and fall, and draws."""
    with tempfile.TemporaryDirectory() as name, broker(Path(name)) as run:
        folder = Path(name)
        run.start(SHIPPED, SOURCES='["npd","lln"]')
        with prometheus(folder, addresses(run)) as server:
            ready = "count(stage:news_consumer_lag_records:sum) == 3"
            run.wait_until(lambda: bool(server.query(ready)), 120, "a worker with partitions of all stages")
            start = time.time()
            with Wire(run, item, rate=1) as wire:
                for rate, seconds in COURSE:
                    wire.rate = rate
                    time.sleep(seconds)
                draw(server, start, time.time(), target)


def draw(server: Prometheus, start: float, end: float, target: Path) -> None:
    """The Overview's graphs in its own order, its numbers as a line above."""
    panels = [panel for panel in PANELS if panel.dashboard == "overview"]
    graphs = [panel for panel in panels if panel.json["type"] == "timeseries"]
    rows = -(-len(graphs) // 3)
    figure, axes = plt.subplots(rows, 3, figsize=(15, 3.4 * rows + 0.8), layout="constrained")
    for axis, panel in zip(axes.flat, graphs, strict=False):
        _graph(axis, panel, server, start, end)
    for axis in axes.flat[len(graphs) :]:
        axis.axis("off")
    numbers = "      ".join(_number(panel, server) for panel in panels if panel.json["type"] == "stat")
    figure.suptitle(f"{numbers}\n", fontsize=11)
    figure.savefig(target, dpi=80)


def _number(panel: Panel, server: Prometheus) -> str:
    (query,) = panel.queries.values()
    value = server.value(filled_in(query, RATE_INTERVAL))
    unit = panel.json["fieldConfig"]["defaults"]["unit"]
    return f"{panel.json['title']}: " + (f"{value:.0%}" if unit == "percentunit" else f"{value:.3g} {UNITS[unit]}")


def _graph(axis: Any, panel: Panel, server: Prometheus, start: float, end: float) -> None:
    unit = panel.json["fieldConfig"]["defaults"]["unit"]
    for legend, query in panel.queries.items():
        for series in server.series(filled_in(query, RATE_INTERVAL), start, end, 1):
            moments = [datetime.fromtimestamp(float(when)) for when, _ in series["values"]]
            values = [float(value) for _, value in series["values"]]
            axis.plot(moments, values, label=_named(legend, series["metric"]), linewidth=1.2)
    axis.set_title(panel.json["title"], fontsize=11)
    axis.set_ylabel(UNITS[unit], fontsize=8)
    axis.set_ylim(bottom=0)
    if unit == "percentunit":
        axis.yaxis.set_major_formatter(PercentFormatter(1.0))
    axis.xaxis.set_major_locator(AutoDateLocator(maxticks=5))
    axis.xaxis.set_major_formatter(DateFormatter("%H:%M:%S"))
    axis.tick_params(labelsize=8)
    axis.grid(alpha=0.3)
    axis.legend(fontsize=8, frameon=False, loc="best")


def _named(legend: str, labels: Mapping[str, str]) -> str:
    return re.sub(r"{{(\w+)}}", lambda name: labels.get(name[1], ""), legend)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
