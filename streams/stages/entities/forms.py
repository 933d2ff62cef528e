"""The forms of names in an article, and which of them are one entity's."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from streams.contract.records import EntityType
from streams.stages.entities.names import Found, key, words
from streams.stages.entities.places import is_place

_FULL_NAME = 2.0  # given name and family name together are hardly mistaken
_KNOWN_PLACE = 2
MAX_WORDS = 12  # what is longer is no name with a short form


@dataclass(frozen=True)
class Form:
    """All places where one name stands in one form (case, hyphens and full stops aside)."""

    key: str
    places: tuple[Found, ...]

    @cached_property
    def votes(self) -> Counter[EntityType]:
        """Weight by type."""
        votes: Counter[EntityType] = Counter()
        for place in self.places:
            full = place.type is EntityType.PER and len(self.words) > 1
            votes[place.type] += place.weight * (_FULL_NAME if full else 1)  # type: ignore[assignment]
        return votes

    @cached_property
    def type(self) -> EntityType:
        """The type with most weight."""
        return elected(self.votes)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of the key."""
        return words(self.key)[:MAX_WORDS]

    @property
    def text(self) -> str:
        """The name as it stands at its first place."""
        return self.places[0].text


class Forms(dict[str, Form]):
    """Forms by key, joined into entities (a disjoint-set forest over the keys)."""

    def __init__(self, names: Iterable[Found]) -> None:
        by_key: defaultdict[str, list[Found]] = defaultdict(list)
        for name in names:
            by_key[key(name.text)].append(name)
        super().__init__((k, Form(k, tuple(places))) for k, places in by_key.items())
        self._parent = {k: k for k in by_key}

    def root(self, name: str) -> str:
        """The key that stands for the entity of this form."""
        while self._parent[name] != name:
            self._parent[name] = name = self._parent[self._parent[name]]
        return name

    def join(self, one: str, other: str) -> None:
        """The two forms, and all joined with them, are one entity."""
        self._parent[self.root(other)] = self.root(one)

    def join_all(self, keys: Sequence[str]) -> None:
        """All these forms are one entity."""
        for other in keys[1:]:
            self.join(keys[0], other)

    def entities(self) -> dict[str, list[Form]]:
        """The forms of each entity, by its root."""
        members: defaultdict[str, list[Form]] = defaultdict(list)
        for name, form in self.items():
            members[self.root(name)].append(form)
        return members


def elected(votes: Counter[EntityType]) -> EntityType:
    """The type with most weight; among equals the first of PER, ORG, LOC, MISC."""
    return max(EntityType, key=lambda kind: (votes[kind], -list(EntityType).index(kind)))


def entity_type(forms: Iterable[Form]) -> EntityType:
    """One type for all mentions of an entity, by the weight of its forms; a country or region speaks for LOC."""
    votes: Counter[EntityType] = Counter()
    for form in forms:
        votes.update(form.votes)
        votes[EntityType.LOC] += _KNOWN_PLACE if is_place(form.text) else 0
    return elected(votes)
