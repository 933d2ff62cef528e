"""What a run found."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from tests.bench.kafka.cost import Measured
from tests.bench.kafka.kills import Killed
from tests.bench.kafka.load import Capacity
from tests.bench.kafka.systems import System
from tests.bench.kafka.timing import Latency, Sample, latency


@dataclass
class Row:
    """One system on some cores."""

    system: System
    workers: int
    capacities: list[Capacity] = field(default_factory=list)  # by turn
    samples: dict[float, list[list[Sample]]] = field(default_factory=dict)  # by load and turn
    spent: dict[float, float] = field(default_factory=dict)  # by load: processor seconds, of all turns
    around: list[float] = field(default_factory=list)  # by turn: processor seconds an article of broker and bench
    plumbing: float = 0.0  # processor seconds an article with stages that do next to nothing
    profile: dict[str, float] = field(default_factory=dict)  # its share by package, where that is Python
    killed: Killed | None = None  # in mid-stream
    struck: Killed | None = None  # right after a commit, with long work

    @property
    def rate(self) -> float:
        """Articles/s, the median of the turns."""
        return median(capacity.rate for capacity in self.capacities)

    @property
    def cpu(self) -> float:
        """Processor seconds of the workers per article, the median of the turns."""
        return median(capacity.cpu for capacity in self.capacities)

    @property
    def rates(self) -> list[float]:
        """Articles/s of each turn."""
        return [capacity.rate for capacity in self.capacities]

    @property
    def latencies(self) -> list[Latency]:
        """Percentiles for each load."""
        return [latency(load, turns) for load, turns in sorted(self.samples.items())]

    def over(self, others: Sequence[float]) -> float:
        """Throughput over another's, the bare stages' for example: turn by turn, and of these the median."""
        return median(mine / other for mine, other in zip(self.rates, others, strict=True))

    def at(self, load: float) -> Latency | None:
        """The latency at a load."""
        return latency(load, self.samples[load]) if load in self.samples else None


@dataclass
class Results:
    """A whole run. `others` is the share of the cores' time that went to processes which are not the bench's."""

    machine: str
    command: str
    articles: int
    words: float
    core_hour: float
    bare: list[float] = field(default_factory=list)  # articles/s of the bare stages, by turn
    bare_two: float = 0.0  # two bare processes on two cores
    pipe: float = 0.0  # nlp.pipe alone
    at_rest: float = 0.0  # share of the core that all systems take together while nothing is sent
    rows: list[Row] = field(default_factory=list)  # one core; the first is ours
    one_hop: Row | None = None
    two: Row | None = None  # ours, two workers on two cores
    beside_two: Row | None = None  # ours, one worker, in turns with the two
    grown: list[tuple[int, Row]] = field(default_factory=list)  # ours by partitions and workers, in turns
    measured: Measured | None = None
    broker_cpu: float = 0.0  # seconds of the broker an article, in the kill test
    killed_on: str = ""  # machine and time of the kill tests
    assign_seconds: float = 0.0  # to assign the partitions of 1,000 workers
    others: float = 0.0
    minutes: float = 0.0
    short: bool = False

    @property
    def ours(self) -> Row:
        """The shipped worker on one core."""
        return self.rows[0]
