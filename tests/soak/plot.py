"""The graph of a soak."""

from pathlib import Path

import matplotlib.pyplot as plt

from tests.bench.machine import describe
from tests.soak.judge import WARM_UP
from tests.soak.soak import Soaked


def draw(soaked: Soaked, target: Path) -> None:
    """Memory, lag and latency over time, the warm-up in grey."""
    figure, axes = plt.subplots(3, 1, figsize=(9, 7), sharex=True, layout="constrained")
    times = [sample.time / 60 for sample in soaked.samples]
    axes[0].plot(times, [sample.memory for sample in soaked.samples], linewidth=1)
    axes[0].set_ylabel("resident memory, MiB")
    axes[1].plot(times, [sample.lag for sample in soaked.samples], linewidth=0.7)
    axes[1].set_ylabel("lag, records")
    axes[2].scatter([done.time / 60 for done in soaked.done], [done.latency for done in soaked.done], s=2)
    axes[2].set_ylabel("latency, seconds")
    axes[2].set_xlabel("minutes")
    for axis in axes:
        axis.axvspan(0, WARM_UP * times[-1], color="#dddddd", zorder=0)
        axis.set_ylim(bottom=0)
        axis.grid(alpha=0.3)
    verdict = "; ".join(soaked.verdict.problems) or "still"
    title = (
        f"{soaked.sent} articles at {soaked.rate:.2f}/s, half of capacity: {verdict}\n{soaked.verdict}\n{describe()}"
    )
    figure.suptitle(title, fontsize=9)
    figure.savefig(target, dpi=90)
    plt.close(figure)
