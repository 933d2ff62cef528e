"""A subject of a cue word, as found and not yet resolved."""

from dataclasses import dataclass

from streams.stages.quotes.words import DEFINITE, POSSESSIVES


@dataclass(frozen=True)
class Subject:
    """A subject: an entity, or a pronoun or noun still to be resolved.

    `determiner` is the first word of the noun phrase, `words` all of it; `instead` stands in for a noun
    that no name bears.
    """

    entity: str | None = None
    pronoun: str | None = None
    noun: str | None = None
    determiner: str = ""
    words: frozenset[str] = frozenset()
    instead: str | None = None

    @property
    def definite(self) -> bool:
        """Whether the noun means somebody spoken of before: 'de trainer'."""
        return self.determiner in DEFINITE

    @property
    def owned(self) -> bool:
        """Whether the noun has a possessor: 'haar vader'."""
        return self.determiner in POSSESSIVES


NOBODY = Subject()  # a subject that is no entity: 'de politie'
