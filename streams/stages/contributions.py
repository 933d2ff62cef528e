"""A state that stays right however often a record comes: what each item adds, and in which version."""

from typing import Generic, Self, TypeVar

import msgspec

from streams.contract.records import Record

V = TypeVar("V")


class Contribution(Record, Generic[V], frozen=True):
    """What an item adds, in its newest version so far."""

    version: int
    value: V


class Contributions(Record, Generic[V], frozen=True):
    """What every item under a key adds, by item id. Sum the values when you read; never keep a sum alone.

    The whole is written with every change: choose keys so that few hundred items come under one.
    An item that is withdrawn keeps its place with a value that adds nothing (0, None), so that an older
    version that comes again does not bring it back.
    """

    by_item: dict[str, Contribution[V]] = msgspec.field(default_factory=dict)

    def with_item(self, item: str, version: int, value: V) -> Self:
        """With what this version adds, in place of an older version or the same; a newer one stays."""
        held = self.by_item.get(item)
        if held and held.version > version:
            return self
        return msgspec.structs.replace(self, by_item=self.by_item | {item: Contribution(version, value)})

    @property
    def values(self) -> list[V]:
        """What the items add now."""
        return [contribution.value for contribution in self.by_item.values()]
