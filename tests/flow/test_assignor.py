"""What a consumer group keeps at the broker stays small however many workers a stage has."""

from typing import Any

import faust
from aiokafka.coordinator.protocol import ConsumerProtocolMemberMetadata
from faust.assignor.client_assignment import ClientAssignment, ClientMetadata
from faust.assignor.partition_assignor import PartitionAssignor

from streams.flow.app import make_app
from streams.flow.assignor import LeanAssignor
from streams.settings import Settings

RECORD = 1_048_588  # bytes: Kafka's default for the largest batch, and a group's state is one record
TOPIC = "news.articles"


class Cluster:
    """A topic with a partition for each worker."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def partitions_for_topic(self, topic: str) -> set[int]:
        """Their numbers."""
        return set(range(self.workers))


def group_record(assignor: Any, workers: int) -> tuple[int, list[list[int]]]:
    """Bytes of the group's state after its second rebalance, when all know what the first one told them; and the
    partitions of each worker."""
    joins = {
        f"news-entities-{number:04d}-3f6f0e3c-7f1d-4f6d-9a66-000000000000": ClientMetadata(
            assignment=ClientAssignment(actives={}, standbys={}),
            url=f"http://streams-worker-{number:04d}:6066",
            changelog_distribution={},
            external_topic_distribution={},
            topic_groups={},
        )
        for number in range(workers)
    }
    for _ in range(2):
        members = {k: ConsumerProtocolMemberMetadata(0, [TOPIC], join.dumps()) for k, join in joins.items()}
        answers = assignor._perform_assignment(Cluster(workers), members)
        joins = {k: ClientMetadata.loads(assignor._decompress(answer.user_data)) for k, answer in answers.items()}
    size = sum(len(part.encode()) for part in (*members.values(), *answers.values()))
    return size, [answer.assignment[0][1] for answer in answers.values()]


def test_a_group_of_1000_workers_fits_into_a_record() -> None:
    """Each with a partition of its own."""
    size, partitions = group_record(LeanAssignor(faust.App("lean")), 1000)
    print(f"\n1000 workers: {size / 1e6:.2f} MB")
    assert size < RECORD
    assert sorted(partitions) == [[number] for number in range(1000)]


def test_as_faust_has_it_100_workers_do_not_fit() -> None:
    size, _ = group_record(PartitionAssignor(faust.App("as-it-is")), 100)
    assert size > RECORD


def test_the_stages_use_it(tmp_path: Any) -> None:
    app = make_app("entities", Settings(datadir=tmp_path))
    assert isinstance(app.assignor, LeanAssignor)
