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

from faust.assignor.client_assignment import ClientAssignment
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
        names = {member: self._get_client_metadata(said).url for member, said in member_metadata.items()}
        members = sorted(names, key=lambda member: (names[member], member))
        assignments = {member: ClientAssignment(actives={}, standbys={}) for member in members}
        numbers: dict[str, int] = {}  # topics with as many partitions are one group to Faust
        for topic in {topic for said in member_metadata.values() for topic in said.subscription}:
            readers = [member for member in members if topic in member_metadata[member].subscription]
            numbers[topic] = len(cluster.partitions_for_topic(topic) or ())
            shares = shared_out([names[member] for member in readers], numbers[topic])
            for member, share in zip(readers, shares, strict=True):
                assignments[member].actives[topic] = share
        self._member_urls = names
        return self._protocol_assignments(assignments, {}, {}, numbers)
