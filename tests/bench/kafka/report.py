"""The page `docs/benchmarks.md`, made of a run's results."""

from pathlib import Path
from statistics import median

from tests.bench.kafka.ahead import ahead, lost
from tests.bench.kafka.cost import Measured, breaks_at, cost_per_million, predict
from tests.bench.kafka.kills import Killed
from tests.bench.kafka.load import WIRES_A_WORKER
from tests.bench.kafka.plots import draw_latency, draw_throughput
from tests.bench.kafka.results import Results
from tests.bench.kafka.systems import CAREFUL
from tests.bench.kafka.table import table
from tests.bench.kafka.timing import HALF, Latency

_DISTURBED = 0.05  # share of the cores' time that others may use


def write(results: Results, target: Path) -> None:
    """Writes the page, and the plots beside it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draw_throughput(results, target.with_name("bench-throughput.png"))
    draw_latency(results, target.with_name("bench-latency.png"))
    target.write_text(page(results), encoding="utf-8")


def page(results: Results) -> str:
    """The page in Markdown."""
    parts = (_head, _comparison, ahead, _profile, _latency, _guarantees, _growth, _prediction, _how)
    return "\n\n".join(filter(None, (part(results) for part in parts))) + "\n"


def _head(r: Results) -> str:
    text = f"""# Benchmarks on Apache Kafka

Written by `{r.command}`; do not edit. {r.machine}.
Apache Kafka, one node, on the same machine. {r.articles} articles a turn, of the sample wire, {r.words:.0f} words each
on average, {len(r.bare)} turns; {r.minutes:.0f} minutes in all."""
    if r.short:
        text += "\n\n> **A short run, to see that the command works: its figures mean nothing.**"
    if r.others > _DISTURBED:
        text += (
            f"\n\n> **A disturbed run: other processes used {r.others:.0%} of the cores' time meanwhile.** "
            "Absolute figures are too low, and rows measured at different times may not compare."
        )
    return text


def _comparison(r: Results) -> str:
    ours = r.ours
    rows = [
        [row.system.name, f"{row.rate:.2f}", f"{row.over(r.bare):.3f}", f"{ours.over(row.rates) - 1:+.1%}",
         _seconds(row.at(HALF), "p50"), _seconds(row.at(HALF), "p99"), f"{row.cpu * 1000:.0f}",
         f"{row.plumbing * 1000:.1f}", lost(row)]
        for row in r.rows
    ]  # fmt: skip
    shown = table(
        "system, articles/s, of bare, ours to it, p50 at half load, p99 at half load, CPU ms/article, plumbing, "
        "lost per 10⁴",
        rows,
    )
    hop = ""
    careful = next((row for row in r.rows if row.system is CAREFUL), None)
    if r.one_hop and careful:
        hop = (
            f"\n\nWithout the topics between the stages, which this package's contract wants, the careful loop does "
            f"{r.one_hop.rate:.2f} articles/s, {r.one_hop.over(r.bare):.3f} of bare, "
            f"{r.one_hop.over(careful.rates) - 1:+.1%} beside the loop with them."
        )
    return f"""## One core

The bare stages, in a loop without a broker, do {median(r.bare):.2f} articles/s: that is the limit (entities, quotes,
sentiment; normalising and coding are left out). `nlp.pipe` alone, so entities only: {r.pipe:.2f}. All systems below run
the same stages over the same topics; only the plumbing differs. *Plumbing* is the processor time of an article where
the stages do next to nothing, at five articles a second: client, framework, codec. The last column is what the kill
tests below lost, in mid-stream and right after a commit. *Of bare* and *ours to it* are medians of the turns' ratios,
since the machine's speed drifts from turn to turn: they differ from the ratio of the medians beside them.

{shown}{hop}

![Throughput](bench-throughput.png)"""


def _profile(r: Results) -> str:
    rows = [row for row in r.rows if row.profile]
    if not rows:
        return ""
    names = sorted({name for row in rows for name in row.profile}, key=lambda name: -rows[0].profile.get(name, 0.0))
    heads = ", ".join(["ms/article in", *(row.system.name.replace(",", "") for row in rows)])
    spent = [[name, *(f"{row.profile.get(name, 0.0) * row.plumbing * 1000:.2f}" for row in rows)] for name in names]
    return f"""## Where the plumbing goes

The plumbing by package: each of py-spy's samples (of the thread that holds the interpreter's lock) belongs to the
innermost package at work. `streams/flow` is what this package does on top of Faust so that nothing is lost: batches,
confirmed delivery, its own commits, watching the group. The client of Quix and of the loops is in C (librdkafka) and
works in threads of its own, which such samples do not see: for them the shares are of the Python part, scaled to the
whole of *plumbing* above.

{table(heads, spent)}"""


def _latency(r: Results) -> str:
    rows = [
        [row.system.name, str(row.workers), f"{at.load:.0%}", f"{at.rate:.2f}", str(at.count),
         *(_seconds(at, name) for name in ("p50", "p95", "p99")), "–".join(f"{p99:.2f}" for p99 in at.spread),
         f"{row.spent[at.load] / at.count * 1000:.0f}"]
        for row in [*r.rows, *([r.two] if r.two else [])]
        for at in row.latencies
    ]  # fmt: skip
    shown = table("system, cores, load, articles/s, articles, p50, p95, p99, p99 of a turn, CPU ms/article", rows)
    return f"""## Latency

From the time at which an article was due to be produced until the broker had its enriched event, in seconds, at a
share of the system's own capacity. Arrivals are at random (Poisson), the same for all, and fixed beforehand: a system
that falls behind is charged for it. p99 is that of a few bursts: *p99 of a turn*, the lowest and the highest, says how
far it can be trusted. Capacity is that with full batches; where records come one by one, few share what a batch
costs, and the core is busier than the load says: articles/s times the last column. Who is busier waits longer, with
the same stages.

{shown}

![Latency](bench-latency.png)"""


def _guarantees(r: Results) -> str:
    rows = [[row.system.name, row.system.says, *_fate(row.killed), *_fate(row.struck)] for row in r.rows if row.killed]
    heads = "system, says, sent, SIGKILLs, lost per 10⁴, repeats, sent, SIGKILLs, lost per 10⁴, repeats"
    return f"""## What is lost

The process is killed with SIGKILL and started again, with stages that need no model. On the left in mid-stream, with
next to no work for a message. On the right with 0.05 s of work for a message and stage, as long as a model takes, and
each kill strikes right after offsets were committed: whoever commits what is not delivered yet loses it. A process
that ends by itself is started again. {r.killed_on}.

{table(heads, rows)}"""


def _fate(killed: Killed | None) -> list[str]:
    if not killed:
        return ["–"] * 4
    return [str(killed.sent), str(killed.kills), f"{killed.lost_per_10_000:.0f}", str(killed.repeats)]


def _growth(r: Results) -> str:
    if not r.two or not r.beside_two:
        return ""
    ratio = r.two.over(r.beside_two.rates)
    around = median(r.two.around) * 1000
    turns = ", ".join(f"{two / one:.2f}" for two, one in zip(r.two.rates, r.beside_two.rates, strict=True))
    rows = [
        [str(partitions), str(row.workers), f"{row.rate:.2f}", f"{row.cpu * 1000:.0f}",
         f"{cost_per_million(row.cpu, r.core_hour):.2f}"]
        for partitions, row in r.grown
    ]  # fmt: skip
    return f"""## Two cores

Two workers on two cores, which the broker and the producer share: {r.two.rate:.2f} articles/s, **{ratio:.2f}** times
one worker, in turns with it ({turns}); every worker had the wire {WIRES_A_WORKER} times. Two bare processes on these
cores do {r.bare_two:.2f} times what one does. An article takes {r.two.cpu * 1000:.0f} ms of processor of two workers,
{r.beside_two.cpu * 1000:.0f} ms of one, and on the same cores {around:.1f} ms of the broker and the bench.

{table("partitions, workers, articles/s, CPU ms/article, cost per million", rows)}

A million articles take {r.ours.cpu * 1e6 / 3600:.0f} core-hours of a worker:
{cost_per_million(r.ours.cpu, r.core_hour):.2f} at {r.core_hour:g} a core-hour: a round price, in any currency; put in
your own with `--core-hour`. Brokers come on top (below)."""


def _prediction(r: Results) -> str:
    if not r.measured:
        return ""
    m: Measured = r.measured
    rows = []
    for workers in (10, 100, 1000):
        p = predict(workers, m, r.core_hour)
        counts = (workers, p.articles, p.partitions, p.records, p.commits, p.connections)
        rows.append([*(f"{n:,.0f}" for n in counts), f"{p.cost:.2f}", f"{p.first}: {p.used[p.first]:.0%}"])
    broken, first = breaks_at(m, r.core_hour)
    heads = (
        "workers, articles/s, partitions a topic, records/s written, commits/s, connections a broker, cost per million"
    )
    return f"""## 10, 100 and 1,000 workers: a prediction

By `tests/bench/kafka/cost.py`, for three brokers and three replicas. Nobody ran this.

- Measured here: {m.articles:.2f} articles/s and {m.cpu * 1000:.0f} ms of processor an article, a worker;
  {m.broker_cpu * 1000:.2f} ms of the broker's (in the kill test); {m.connections:.0f} connections a worker; two
  workers do {m.efficiency:.2f} of twice what one does; {m.group_bytes:.0f} bytes a worker in a consumer group's state
  (computed by Faust's own code, for 1,000 workers).
- Taken from elsewhere: 4,000 partitions a broker, the recommendation that [KIP-578][kip] quotes; 1 MB for the state of
  a group, Kafka's `message.max.bytes`: a larger group was seen never to become stable.
- Assumed: brokers of 8 cores, and 100,000 records/s and 50,000 connections for each.

{table(heads + ", fullest limit", rows)}

The first limit is reached at {broken:,} workers: {first}. Partitions must be at least as many as workers; a worker
above that number stands idle. When a worker comes or goes, its stages' groups stop until every member has finished
its batch (`STREAMS_REBALANCE_TIMEOUT` at most); making the assignment takes {r.assign_seconds:.1f} s of processor
for 1,000 workers. As Faust has it, the state of a group outgrows the broker's record at about 100 workers
(`tests/flow/test_assignor.py`).

[kip]: https://cwiki.apache.org/confluence/display/KAFKA/KIP-578%3A+Add+configuration+to+limit+number+of+partitions"""


def _how(r: Results) -> str:
    return f"""## How it was measured

- One core: all systems run side by side on it, one at work at a time; broker, producer and collector on the other.
  At rest they take {r.at_rest:.1%} of the core together, also beside the bare stages.
- Turns: bare stages and systems do the same articles one after the other, in another order each turn. The speed of a
  shared machine drifts by several per cent in a minute, so ratios compare within a turn, and their median counts.
- Capacity: all articles wait in `news.raw`; from the first sent to the last enriched event in its topic, by the
  broker's clock (`LogAppendTime`). Before that, each system is warm and its consumer groups are stable.
- Peers are in `tests/bench/peers`, each as its documentation has it, but for a session time-out of 6 s, which this
  package's tests have too (2 s in the kill test)."""


def _seconds(latency: Latency | None, name: str) -> str:
    return f"{getattr(latency, name):.2f}" if latency else "–"
