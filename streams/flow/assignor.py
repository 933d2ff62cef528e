"""Faust's assignment of partitions, without what only its web routes need.

Each worker would carry, and each answer repeat, who has which partition: what a group of n workers keeps at
the broker then grows with n². Above some 100 workers a stage it does not fit into a record of
`__consumer_offsets` (1 MB) any more, and the group never becomes stable. There are no such routes here.
"""

from collections.abc import Mapping
from typing import Any

from faust.assignor.partition_assignor import PartitionAssignor


class LeanAssignor(PartitionAssignor):
    """Tells a worker its own partitions, and no others'. Faust is pinned exactly because of these private names."""

    def _get_changelog_distribution(self, assignments: Mapping[str, Any]) -> dict[str, Any]:
        return {}

    def _get_external_topic_distribution(self, assignments: Mapping[str, Any]) -> dict[str, Any]:
        return {}
