"""Draws what the Overview's panels ask a real Prometheus while the sample wire runs.

`python -m tests.deploy.draw docs/dashboard-overview.png` takes about three minutes. matplotlib draws it, not
Grafana: queries, titles, legends, units and thresholds are the dashboard's, the looks are only like its own.
"""

import re
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.dates import AutoDateLocator, DateFormatter
from matplotlib.patches import FancyBboxPatch

from tests.broker.support import SHIPPED
from tests.deploy.live import Wire, addresses, broker
from tests.deploy.panels import PANELS, Panel, filled_in
from tests.deploy.prometheus import RATE_INTERVAL, Prometheus, prometheus
from tests.deploy.test_queries import item

COURSE = ((1, 40), (3, 20), (1, 40), (0, 15), (2, 40))  # items a second, for seconds
PAGE, CARD, LINE, TEXT, FAINT = "#111217", "#181b1f", "#2c3235", "#ccccdc", "#8e8e9c"
COLOURS = ("#73bf69", "#f2cc0c", "#5794f2", "#ff780a", "#b877d9")
STEPS = {"green": "#73bf69", "orange": "#ff9830", "red": "#f2495c"}


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
    """The Overview's panels in its own order: numbers above, graphs and the table below."""
    panels = [panel for panel in PANELS if panel.dashboard == "overview"]
    numbers = [panel for panel in panels if panel.json["type"] == "stat"]
    others = [panel for panel in panels if panel.json["type"] in ("timeseries", "table")]
    plt.rcParams.update({"font.family": "DejaVu Sans", "text.color": TEXT, "axes.labelcolor": FAINT})
    figure = plt.figure(figsize=(15, 11.2), facecolor=PAGE)
    figure.text(0.012, 0.977, "Overview", fontsize=15, weight="bold")
    for place, panel in enumerate(numbers):
        width = 1 / len(numbers)
        _number(_card(figure, place * width, 0.86, width, 0.105, panel), panel, server)
    for place, panel in enumerate(others):
        axis = _card(figure, place % 3 / 3, 0.575 - place // 3 * 0.285, 1 / 3, 0.28, panel)
        (_graph if panel.json["type"] == "timeseries" else _table)(axis, panel, server, start, end)
    figure.savefig(target, dpi=90, facecolor=PAGE)


def _card(figure: Any, x: float, y: float, width: float, height: float, panel: Panel) -> Any:
    """A card with the panel's title; the axes inside."""
    gap = 0.004
    box = (x + gap, y + gap), width - 2 * gap, height - 2 * gap
    card = FancyBboxPatch(*box, boxstyle="round,pad=0,rounding_size=0.004", facecolor=CARD, edgecolor=LINE, zorder=-1)
    figure.add_artist(card)
    figure.text(x + 3 * gap, y + height - gap - 0.01, panel.json["title"], fontsize=10.5, va="top")
    inner = (x + 0.036, y + 0.052, width - 0.05, height - 0.09) if height > 0.2 else (x, y, width, height)
    axis = figure.add_axes(inner, facecolor="none")
    axis.set_axis_off()
    return axis


def _number(axis: Any, panel: Panel, server: Prometheus) -> None:
    (query,) = panel.queries.values()
    defaults = panel.json["fieldConfig"]["defaults"]
    value = server.value(filled_in(query, RATE_INTERVAL))
    steps = defaults["thresholds"]["steps"]
    colour = [step["color"] for step in steps if step["value"] is None or value >= step["value"]][-1]
    axis.text(
        0.5, 0.4, _in_words(value, defaults["unit"]), fontsize=22, weight="bold", ha="center", va="center",
        color=STEPS.get(colour, TEXT), transform=axis.transAxes,
    )  # fmt: skip


def _graph(axis: Any, panel: Panel, server: Prometheus, start: float, end: float) -> None:
    defaults = panel.json["fieldConfig"]["defaults"]
    lines: list[tuple[str, list[datetime], list[float]]] = []
    for legend, query in panel.queries.items():
        for series in server.series(filled_in(query, RATE_INTERVAL), start, end, 1):
            moments = [datetime.fromtimestamp(float(when)) for when, _ in series["values"]]
            lines.append((_named(legend, series["metric"]), moments, [float(value) for _, value in series["values"]]))
    if defaults["custom"].get("stacking", {}).get("mode") == "normal":
        lines = _stacked(lines)
    for place, (name, moments, values) in reversed(list(enumerate(lines))):  # the first lies on top
        colour = COLOURS[place % len(COLOURS)]
        axis.plot(moments, values, label=name, linewidth=1.3, color=colour)
        axis.fill_between(moments, values, color=colour, alpha=defaults["custom"]["fillOpacity"] / 100)
    axis.set_axis_on()
    axis.set_xlim(datetime.fromtimestamp(start), datetime.fromtimestamp(end))
    axis.set_ylim(0, axis.get_ylim()[1] or 1)
    axis.yaxis.set_major_formatter(lambda value, _: _in_words(value, defaults["unit"]))
    axis.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=6))  # type: ignore[no-untyped-call, unused-ignore]
    axis.xaxis.set_major_formatter(DateFormatter("%H:%M:%S"))  # type: ignore[no-untyped-call, unused-ignore]
    axis.tick_params(labelsize=8, colors=FAINT, length=0)
    axis.grid(color=LINE, linewidth=0.7)
    axis.set_axisbelow(True)
    for spine in axis.spines.values():
        spine.set_visible(False)
    handles, labels = axis.get_legend_handles_labels()
    axis.legend(
        handles[::-1], labels[::-1], fontsize=8, frameon=False, labelcolor=TEXT, ncols=4, loc="upper left",
        bbox_to_anchor=(-0.1, -0.09), handlelength=1.2, columnspacing=1.2,
    )  # fmt: skip


def _table(axis: Any, panel: Panel, server: Prometheus, *_: float) -> None:
    (query,) = panel.queries.values()
    rows = [series["metric"] for series in server.query(filled_in(query, RATE_INTERVAL))]
    for line, row in enumerate([{name: name for name in rows[0]}, *rows]):
        for column, value in enumerate(row.values()):
            axis.text(
                column * 0.5, 0.92 - line * 0.12, value, fontsize=9, color=TEXT if line else COLOURS[2],
                transform=axis.transAxes,
            )  # fmt: skip


def _stacked(
    lines: Sequence[tuple[str, list[datetime], list[float]]],
) -> list[tuple[str, list[datetime], list[float]]]:
    """Each line on top of those before it; a series that has no value at a moment adds none."""
    below: dict[datetime, float] = {}
    stacked = []
    for name, moments, values in lines:
        for moment, value in zip(moments, values, strict=True):
            below[moment] = below.get(moment, 0.0) + value
        stacked.append((name, moments, [below[moment] for moment in moments]))
    return stacked


def _in_words(value: float, unit: str) -> str:
    if unit == "percentunit":
        return f"{value:.0%}" if abs(value) >= 0.1 or not value else f"{value:.1%}"
    short = f"{value:.2f}".rstrip("0").rstrip(".") if value < 100 else f"{value:.0f}"
    return short + {"cps": " /s", "s": " s"}.get(unit, "")


def _named(legend: str, labels: Mapping[str, str]) -> str:
    return re.sub(r"{{(\w+)}}", lambda name: labels.get(name[1], ""), legend)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
