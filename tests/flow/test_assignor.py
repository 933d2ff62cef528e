"""A worker has the same partitions in every stage, and what a group keeps at the broker stays small."""

from typing import Any

import faust
import pytest
from aiokafka.coordinator.protocol import ConsumerProtocolMemberMetadata
from faust.assignor.client_assignment import ClientAssignment, ClientMetadata
from faust.assignor.partition_assignor import PartitionAssignor

from streams.flow.app import make_app
from streams.flow.assignor import LeanAssignor, shared_out
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


def join(worker: str, had: list[int]) -> ClientMetadata:
    """What a member says when it joins."""
    return ClientMetadata(
        assignment=ClientAssignment(actives={TOPIC: had} if had else {}, standbys={}),
        url=worker,
        changelog_distribution={},
        external_topic_distribution={},
        topic_groups={},
    )


def members(joins: dict[str, ClientMetadata]) -> dict[str, ConsumerProtocolMemberMetadata]:
    """The members of a group, as its leader sees them."""
    return {member: ConsumerProtocolMemberMetadata(0, [TOPIC], said.dumps()) for member, said in joins.items()}


def group_record(assignor: Any, workers: int) -> tuple[int, list[list[int]]]:
    """Bytes of the group's state after its second rebalance, when all know what the first one told them; and the
    partitions of each worker."""
    joins = {
        f"news-entities-{number:04d}-3f6f0e3c-7f1d-4f6d-9a66-000000000000": join(
            f"http://streams-worker-{number:04d}:6066", []
        )
        for number in range(workers)
    }
    for _ in range(2):
        joined = members(joins)
        answers = assignor._perform_assignment(Cluster(workers), joined)
        joins = {k: ClientMetadata.loads(assignor._decompress(answer.user_data)) for k, answer in answers.items()}
    size = sum(len(part.encode()) for part in (*joined.values(), *answers.values()))
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


def assigned(group: dict[str, str], had: dict[str, list[int]], partitions: int = 6) -> dict[str, list[int]]:
    """Partitions by worker, of the members of a group (id to worker) that had these before."""
    joined = members({member: join(worker, had.get(worker, [])) for member, worker in group.items()})
    answers: Any = LeanAssignor(faust.App("aligned"))._perform_assignment(Cluster(partitions), joined)
    return {worker: sorted(answers[member].assignment[0][1]) for member, worker in group.items()}


def test_every_stage_gives_a_worker_the_same_partitions() -> None:
    """Whatever ids the broker gave its members, in whatever order they joined, whatever they had."""
    one_stage = assigned({"3f": "http://a", "9c": "http://b"}, {})
    assert one_stage == assigned({"11": "http://b", "e0": "http://a"}, {})
    assert one_stage == assigned({"11": "http://b", "e0": "http://a"}, {"http://b": [0, 1, 2, 3, 4, 5]})
    assert sorted(one_stage["http://a"] + one_stage["http://b"]) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(("workers", "partitions"), [(1, 6), (2, 6), (4, 6), (6, 6), (7, 6), (5, 24), (7, 24)])
def test_partitions_are_shared_out_evenly(workers: int, partitions: int) -> None:
    names = [f"http://worker-{number}:9108" for number in range(workers)]
    found = assigned({f"id{i}": name for i, name in enumerate(names)}, {}, partitions)
    sizes = [len(found[name]) for name in names]
    assert sum(sizes) == partitions
    assert max(sizes) - min(sizes) <= 1
    assert found == assigned({f"{99 - i}id": name for i, name in enumerate(names)}, {names[0]: [3, 4]}, partitions)


def test_a_worker_that_comes_moves_few_partitions() -> None:
    """One of six takes a sixth of 60; others change hands only to keep the shares even."""
    before = shared_out([f"http://worker-{number}:9108" for number in range(5)], 60)
    after = shared_out([f"http://worker-{number}:9108" for number in range(6)], 60)
    moved = sum(len(set(old) - set(new)) for old, new in zip(before, after, strict=False))
    print(f"\n{moved} of 60 moved, of which {len(after[5])} to the new one")
    assert len(after[5]) == 10
    assert moved <= 25


def test_the_stages_use_it(tmp_path: Any) -> None:
    app = make_app("entities", Settings(datadir=tmp_path))
    assert isinstance(app.assignor, LeanAssignor)
