"""The page's part on who is ahead of ours, by how much, and what of that the plumbing explains."""

from tests.bench.kafka.results import Results, Row
from tests.bench.kafka.table import table
from tests.bench.kafka.timing import HALF, latency


def ahead(r: Results) -> str:
    """A row for each peer."""
    rows = [
        [peer.system.name, lost(peer), f"{r.ours.over(peer.rates) - 1:+.1%}", *_plumbing(r.ours, peer),
         *_latency(r.ours, peer)]
        for peer in r.rows[1:]
    ]  # fmt: skip
    if not rows:
        return ""
    heads = (
        "peer, loses per 10⁴, ours to it, plumbing saved (ms/article), of an article, "
        "p99 at half load (ours · its), turns with ours lower"
    )
    return f"""## Who is ahead, and why

All spend the same on the stages, so who takes less processor for an article (above) is ahead in throughput by about as
much, unless it stands still meanwhile, as Faust's tutorial seems to. *Plumbing* is that of articles that come one by
one; at capacity, where many come together, loops around a client in C share more of it. The profile says where ours
goes. At half load all wait for the same stages behind the same bursts, and the turns say how much of a
difference in p99 is chance: in each turn both had the same arrivals.

{table(heads, rows)}"""


def lost(row: Row) -> str:
    """Per 10,000 in mid-stream, and right after a commit."""
    if not row.killed or not row.struck:
        return "–"
    return f"{row.killed.lost_per_10_000:.0f} · {row.struck.lost_per_10_000:.0f}"


def _plumbing(ours: Row, peer: Row) -> list[str]:
    saved = ours.plumbing - peer.plumbing
    return [f"{saved * 1000:.1f}", f"{saved / ours.cpu:.1%}"]


def _latency(ours: Row, peer: Row) -> list[str]:
    mine, its = ours.at(HALF), peer.at(HALF)
    if not mine or not its:
        return ["–", "–"]
    turns = zip(ours.samples[HALF], peer.samples[HALF], strict=False)
    lower = [latency(HALF, [a]).p99 < latency(HALF, [b]).p99 for a, b in turns if a and b]
    return [f"{mine.p99:.2f} · {its.p99:.2f}", f"{sum(lower)} of {len(lower)}"]
