"""The plots of `docs/benchmarks.md`."""

from pathlib import Path
from statistics import median
from typing import Any

import matplotlib.pyplot as plt

from tests.bench.kafka.results import Results, Row
from tests.bench.kafka.timing import HALF


def draw_throughput(results: Results, target: Path) -> None:
    """Bars of articles/s on one core, with the bare stages as the limit."""
    rows = [*results.rows, *([results.one_hop] if results.one_hop else [])]
    figure, axis = plt.subplots(figsize=(8, 0.5 * len(rows) + 1.2), layout="constrained")
    names = [row.system.name for row in rows][::-1]
    bars = axis.barh(names, [row.rate for row in rows][::-1], color=["#999999"] * (len(rows) - 1) + ["#1f77b4"])
    axis.bar_label(bars, fmt="%.2f", padding=-32, color="white")
    limit = median(results.bare)
    axis.axvline(limit, color="black", linestyle="--", linewidth=1)
    axis.set_title(f"Articles/s on one core; dashed: bare stages, {limit:.2f}", fontsize=10)
    axis.set_xlim(0, limit * 1.15)
    _save(figure, target)


def draw_latency(results: Results, target: Path) -> None:
    """Percentiles over load for ours; beside the peers at half load."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4), layout="constrained")
    for row, on, style in [(results.ours, "one core", "-"), (results.two, "two cores", "--")]:
        if not row:
            continue
        for name, color in (("p50", "#2ca02c"), ("p95", "#ff7f0e"), ("p99", "#d62728")):
            _line(left, row, name, f"{name}, {on}", color=color, linestyle=style)
    left.set_title("streams", fontsize=10)
    left.set_xlabel("share of capacity")
    left.set_ylabel("seconds")
    left.set_ylim(bottom=0)
    left.grid(alpha=0.3)
    left.legend(fontsize=8, frameon=False)
    for row in results.rows[::-1]:
        if at := row.at(HALF):
            right.plot([at.p50, at.p95, at.p99], [row.system.name] * 3, marker="|", markersize=14)
            right.annotate(f"{at.p99:.2f}", (at.p99, row.system.name), (6, 0), textcoords="offset points", va="center")
    right.set_title("p50, p95 and p99 at half load, one core, seconds", fontsize=10)
    right.margins(x=0.12)
    right.set_xlim(left=0)
    _save(figure, target)


def _line(axis: Any, row: Row, name: str, label: str, **style: str) -> None:
    loads = [latency.load for latency in row.latencies]
    axis.plot(loads, [getattr(latency, name) for latency in row.latencies], marker="o", label=label, **style)


def _save(figure: Any, target: Path) -> None:
    figure.savefig(target, dpi=90)
    plt.close(figure)
