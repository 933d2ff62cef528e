"""What 10, 100 and 1,000 workers would do, cost and need: a model with measured or sourced constants.

A worker is one process on one core. The stages of a worker share no state with other workers, so articles/s
grow with their number until something that they do share is full: what that is, `limits` says.
"""

from dataclasses import dataclass

STAGES = 3
TOPICS = 5
REPLICATION = 3
OFFSET_COMMITS = 1.0  # a second, stage and worker: STREAMS_COMMIT_INTERVAL, its default
HEARTBEATS = 1 / 3  # a second, stage and worker: STREAMS_HEARTBEAT_INTERVAL, its default
GROUP_RECORD = 1_048_588  # bytes: `message.max.bytes`, Kafka's default
PARTITIONS_A_BROKER = 4_000  # the general recommendation that KIP-578 quotes
BROKER_RECORDS = 100_000  # records/s written that we let one broker take: an assumption, far below what it can


@dataclass(frozen=True)
class Measured:
    """What one run gave. `efficiency` is the throughput of two workers over twice that of one."""

    articles: float  # a second and worker
    cpu: float  # worker's processor seconds an article
    broker_cpu: float  # broker's processor seconds an article, one replica
    efficiency: float
    connections: float  # to a broker, a worker
    group_bytes: float  # a worker, of the group's record at the broker


@dataclass(frozen=True)
class Prediction:
    """For a number of workers; a second where it says so. `first` is what is nearest to its limit, or over it."""

    workers: int
    articles: float
    partitions: int  # of each topic
    records: float  # written a second, by the feed and by the stages
    replicas: int  # of partitions, on all brokers
    commits: float  # of offsets a second
    connections: float  # to each broker
    cost: float  # per million articles, in the currency of the price
    used: dict[str, float]  # share of each limit, three brokers

    @property
    def first(self) -> str:
        """The limit of which most is used."""
        return max(self.used, key=lambda name: self.used[name])


def cost_per_million(cpu: float, core_hour: float) -> float:
    """The price of a million articles at so many processor seconds each, at a price per core-hour."""
    return cpu * 1_000_000 / 3600 * core_hour


def predict(workers: int, measured: Measured, core_hour: float, brokers: int = 3) -> Prediction:
    """The model. Cost counts the cores that workers and brokers keep busy, not idle ones, disks or networks."""
    articles = workers * measured.articles * (measured.efficiency if workers > 1 else 1.0)
    partitions = _partitions(workers)
    records = articles * (STAGES + 1)
    replicas = TOPICS * partitions * REPLICATION
    connections = workers * measured.connections
    cpu = measured.cpu + REPLICATION * measured.broker_cpu
    used = {
        "state of a consumer group (1 MB)": workers * measured.group_bytes / GROUP_RECORD,
        "partitions a broker (4,000)": replicas / brokers / PARTITIONS_A_BROKER,
        "processor of a broker (8 cores)": articles * REPLICATION * measured.broker_cpu / brokers / 8,
        "records a broker (100,000/s)": records * REPLICATION / brokers / BROKER_RECORDS,
        "connections a broker (50,000)": connections / 50_000,
    }
    return Prediction(
        workers=workers,
        articles=articles,
        partitions=partitions,
        records=records,
        replicas=replicas,
        commits=STAGES * workers * OFFSET_COMMITS,
        connections=connections,
        cost=cost_per_million(cpu, core_hour),
        used=used,
    )


def breaks_at(measured: Measured, core_hour: float, brokers: int = 3) -> tuple[int, str]:
    """The number of workers at which the first limit is reached, and which."""
    low, high = 1, 1_000_000
    while low < high:
        middle = (low + high) // 2
        if max(predict(middle, measured, core_hour, brokers).used.values()) > 1:
            high = middle
        else:
            low = middle + 1
    return low, predict(low, measured, core_hour, brokers).first


def _partitions(workers: int) -> int:
    """Two for each worker: some to spare, since to add partitions later moves keys, and the same for all."""
    return max(6, 2 * workers)
