"""Whether the keeping worker's table is what a batch computation over the raw topic gives, from the topics alone."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from tests.chaos.check import POISONED, read

Place = tuple[int, str]  # partition and key
States = dict[Place, dict[str, tuple[int, str]]]  # version and text of every item


def states(servers: str, raw: str, changelog: str) -> dict[str, bool]:
    """Every state that there is or should be, and whether it is right, once the stream is at rest."""
    return compare(computed(read(servers, raw, {})), kept(read(servers, changelog, {})))


def compare(should: States, have: States) -> dict[str, bool]:
    """By partition and key: whether both say the same."""
    return {f"{key} in {number}": should.get((number, key)) == have.get((number, key)) for number, key in should | have}


def computed(records: Iterable[Any]) -> States:
    """The newest version of every item that can be worked: what the worker must have kept."""
    found: States = defaultdict(dict)
    for record in records:
        if POISONED in dict(record.headers):
            continue
        item = json.loads(record.value)
        state, version = found[record.partition, item["uri"][:-1]], (item["version"], item["text"] * 10)
        state[item["uri"]] = max(version, state.get(item["uri"], version))
    return dict(found)


def kept(records: Iterable[Any]) -> States:
    """The newest record of every key, as compaction leaves it."""
    found: States = {}
    for record in records:
        place = record.partition, record.key.decode()
        if record.value is None:
            found.pop(place, None)
        else:
            items = json.loads(record.value)["by_item"]
            found[place] = {item: (added["version"], added["value"]) for item, added in items.items()}
    return found
