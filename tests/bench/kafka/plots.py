"""The plots of `docs/benchmarks.md`."""

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt

from tests.bench.kafka.results import Results, Row


def draw_throughput(results: Results, target: Path) -> None:
    """Bars of articles/s on one core, with the bare stages as the limit."""
    rows = [*results.rows, *([results.one_hop] if results.one_hop else [])]
    figure, axis = plt.subplots(figsize=(8, 0.5 * len(rows) + 1.2), layout="constrained")
    names = [row.system.name for row in rows][::-1]
    bars = axis.barh(names, [row.rate for row in rows][::-1], color=["#999999"] * (len(rows) - 1) + ["#1f77b4"])
    axis.bar_label(bars, fmt="%.2f", padding=3)
    limit = sum(results.bare) / len(results.bare)
    axis.axvline(limit, color="black", linestyle="--", linewidth=1)
    axis.set_title(f"Articles/s on one core; dashed: bare stages, {limit:.2f}", fontsize=10)
    axis.set_xlim(0, limit * 1.15)
    _save(figure, target)


def draw_latency(results: Results, target: Path) -> None:
    """Percentiles over load for ours; p99 of the peers."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    for row, style in [(results.ours, "-"), *([(results.two, "--")] if results.two else [])]:
        for name, color in (("p50", "#2ca02c"), ("p95", "#ff7f0e"), ("p99", "#d62728")):
            _line(left, row, name, f"{name}, {row.workers} core(s)", color=color, linestyle=style)
    left.set_title("streams", fontsize=10)
    for row in results.rows:
        _line(right, row, "p99", row.system.name)
    right.set_title("p99, one core", fontsize=10)
    for axis in (left, right):
        axis.set_xlabel("share of capacity")
        axis.set_ylabel("seconds")
        axis.set_yscale("log")
        axis.grid(alpha=0.3)
        axis.legend(fontsize=8, frameon=False)
    _save(figure, target)


def _line(axis: Any, row: Row, name: str, label: str, **style: str) -> None:
    loads = [latency.load for latency in row.latencies]
    axis.plot(loads, [getattr(latency, name) for latency in row.latencies], marker="o", label=label, **style)


def _save(figure: Any, target: Path) -> None:
    figure.savefig(target, dpi=90)
    plt.close(figure)
