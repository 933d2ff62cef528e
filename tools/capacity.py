"""What so many articles a day take: cores, workers, partitions, memory, disk. `python tools/capacity.py 200000`.

Speed is that of docs/benchmarks.md; bytes are those of the sample wire, uncompressed (tests/test_operations.py measures
them anew). Put in your own where yours differ: `--help` names all.
"""

import argparse
import math
import re
from dataclasses import dataclass
from pathlib import Path

BENCHMARKS = Path(__file__).parents[1] / "docs" / "benchmarks.md"
# kB an article takes in a topic: key, value and headers.
INTERNAL_KB = {"raw": 2.5, "articles": 3.8, "entities": 6.7}
ENRICHED_KB = 8.9
MEMORY_GB = 1.0  # a worker's limit in compose and on Kubernetes
LOAD = 0.5  # of what a core can do, at the peak: there 95 % of articles are out within half a second


@dataclass(frozen=True)
class Need:
    """For articles of average length. Rates are a second; disk is that of all brokers together, in GB."""

    a_day: int
    average: float
    peak: float
    cores: int
    workers: int
    partitions: int
    memory: float
    disk: float


def measured() -> tuple[float, float]:
    """Articles a second on one core, and the share of it that each of several workers keeps, by the benchmarks."""
    text = BENCHMARKS.read_text()
    one = re.search(r"^\| streams \| ([\d.]+) \|", text, re.MULTILINE)
    two = re.search(r"\*\*([\d.]+)\*\* times\s+one worker", text)
    if not one or not two:
        raise ValueError(f"{BENCHMARKS} does not say how fast a worker is")
    return float(one[1]), float(two[1]) / 2


def need(a_day: int, peak: float, replicas: int, days: float, enriched_days: float) -> Need:
    """`peak` is the busiest minutes' rate over the day's average. Two workers at least, so that one may go."""
    alone, share = measured()
    average = a_day / 86_400
    cores = math.ceil(average * peak / (alone * share * LOAD))
    workers = max(2, cores)
    kept = sum(INTERNAL_KB.values()) * days + ENRICHED_KB * enriched_days
    return Need(
        a_day=a_day,
        average=average,
        peak=average * peak,
        cores=cores,
        workers=workers,
        partitions=max(6, 2 * workers),  # a worker more than there are partitions stands idle: room to grow
        memory=workers * MEMORY_GB,
        disk=a_day * kept * replicas / 1e6,
    )


def table(needs: list[Need]) -> str:
    """In Markdown."""
    rows = [
        f"| {n.a_day:,} | {n.average:.2f} | {n.peak:.1f} | {n.cores} | {n.workers} | {n.partitions} | {n.memory:.0f} "
        f"| {n.disk:,.0f} |"
        for n in needs
    ]
    head = "| articles a day | a second | at the peak | cores | workers | partitions | memory, GB | disk, GB |"
    return "\n".join([head, "|" + "---:|" * 8, *rows])


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("a_day", type=int, nargs="+", metavar="ARTICLES", help="a day")
    parser.add_argument("--peak", type=float, default=5, help="the busiest minutes over the average (5)")
    parser.add_argument("--replicas", type=int, default=3, help="of each partition (3)")
    parser.add_argument("--days", type=float, default=7, help="STREAMS_RETENTION_DAYS (7)")
    parser.add_argument("--enriched-days", type=float, default=30, help="STREAMS_ENRICHED_RETENTION_DAYS (30)")
    o = parser.parse_args()
    print(table([need(a_day, o.peak, o.replicas, o.days, o.enriched_days) for a_day in o.a_day]))


if __name__ == "__main__":
    main()
