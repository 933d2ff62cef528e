"""What is compared: the shipped worker and its peers, all with the same stages."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tests.broker.support import PLAIN, SHIPPED


@dataclass(frozen=True)
class System:
    """A way to carry the stages. `plain` runs it with stages without models, for the kill test."""

    name: str
    command: tuple[str, ...]
    plain: tuple[str, ...]
    says: str  # the guarantee its documentation gives
    env: Mapping[str, str] = field(default_factory=dict)

    def without_models(self) -> "System":
        """The same with stages that need no model."""
        return replace(self, command=self.plain, env={**self.env, "BENCH_STAGES": "plain"})


def _peer(name: str, module: str, *arguments: str, says: str, hops: int = 3) -> System:
    command = (f"tests.bench.peers.{module}", *arguments)
    return System(name, command, command, says, {"BENCH_HOPS": str(hops)})


OURS = System("streams", SHIPPED, PLAIN, "at least once")
PEERS = (
    _peer("Quix Streams 3", "quix", says="at least once"),
    _peer("confluent-kafka, flush and commit", "confluent", "careful", says="at least once"),
    _peer("confluent-kafka, as in its README", "confluent", says="none stated"),
    _peer("Faust, as in its tutorial", "faust_naive", says="at least once"),
)
CAREFUL = PEERS[1]
PROFILED = (OURS, PEERS[0], PEERS[-1])  # the loops around a client in C have no Python part to speak of
ONE_HOP = _peer("confluent-kafka, all stages in one", "confluent", "careful", says="at least once", hops=1)
"""Without `news.articles` and `news.entities`: what these two topics cost."""
