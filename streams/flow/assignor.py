"""Which worker gets which partitions: the same ones in every stage, and no more said about it than needed.

Each stage is a consumer group of its own, and Faust shares out a group's partitions as its members happen to have
joined. A worker may then have an article in one stage and its neighbour in the next, and the two wait for each other:
since a worker does what is furthest along first (`flow/cores.py`), the one that gets work from its neighbour leaves its
own undone, from which the neighbour would live. Two workers on two cores stood idle for a third of the time. (Where
flows cross, priority to the last stage is known to starve servers: Rybko and Stolyar 1992.) So partitions go by the
worker's name, which all its stages bear.

As Faust has it, each worker would also carry, and each answer repeat, who has which partition, for web routes that are
not there: what a group of n workers keeps at the broker then grows with n². Above some 100 workers a stage it does not
fit into a record of `__consumer_offsets` (1 MB) any more, and the group never becomes stable.
"""

import socket
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from aiokafka.coordinator.protocol import ConsumerProtocolMemberMetadata
from faust.assignor.client_assignment import ClientAssignment, ClientMetadata
from faust.assignor.partition_assignor import PartitionAssignor

from streams.settings import Settings


def worker_url(settings: Settings) -> str:
    """The name of this worker to the others: the same for all its stages, and after a restart in the same place."""
    return f"http://{socket.gethostname()}:{settings.web_port}"


def shared_out(workers: Sequence[str], partitions: int) -> list[list[int]]:
    """Partitions for each of the workers, as evenly as can be: by highest random weight (Thaler and Ravishankar 1998),
    so that who comes or goes moves few partitions but its own."""
    least, more = divmod(partitions, len(workers))  # so many workers have one more
    shares: list[list[int]] = [[] for _ in workers]
    for partition in range(partitions):
        limit = least + (more > 0)
        free = (i for i, share in enumerate(shares) if len(share) < limit)
        chosen = shares[max(free, key=lambda i: _weight(workers[i], partition))]
        chosen.append(partition)
        more -= len(chosen) > least
    return shares


def _weight(worker: str, partition: int) -> bytes:
    return blake2b(f"{partition} {worker}".encode(), digest_size=8).digest()


class LeanAssignor(PartitionAssignor):
    """Partitions by the worker's name; each is told its own alone. Faust is pinned exactly because of these private
    names."""

    def _perform_assignment(self, cluster: Any, member_metadata: Mapping[str, Any]) -> Any:
        known = {member: self._get_client_metadata(said) for member, said in member_metadata.items()}
        members = sorted(known, key=lambda member: (known[member].url, member))
        topics = {topic for said in member_metadata.values() for topic in said.subscription}
        numbers = {topic: len(cluster.partitions_for_topic(topic) or ()) for topic in topics}
        shares = {number: shared_out([known[m].url for m in members], number) for number in set(numbers.values())}
        had = {}
        for place, member in enumerate(members):
            said = member_metadata[member]
            # As if it had them already: Faust leaves them, and moves what is uneven in the order of members.
            actives = {topic: shares[numbers[topic]][place] for topic in said.subscription}
            metadata = ClientMetadata(
                assignment=ClientAssignment(actives=actives, standbys={}),
                url=known[member].url,
                changelog_distribution={},
                topic_groups=known[member].topic_groups,
            )
            had[member] = ConsumerProtocolMemberMetadata(said.version, said.subscription, metadata.dumps())
        return super()._perform_assignment(cluster, had)

    def _get_changelog_distribution(self, assignments: Mapping[str, Any]) -> dict[str, Any]:
        return {}

    def _get_external_topic_distribution(self, assignments: Mapping[str, Any]) -> dict[str, Any]:
        return {}
