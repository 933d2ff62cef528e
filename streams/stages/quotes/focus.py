"""Who was spoken of last: what pronouns and bare roles refer to."""

from collections.abc import Sequence

from streams.stages.quotes.cast import Cast, Spoken, is_origin
from streams.stages.quotes.subject import Subject
from streams.stages.quotes.words import (
    ANY_FIELD,
    FUNCTIONS,
    HE,
    PERSON,
    SHE,
    SPOKESPERSON,
    Gender,
    field,
    noun_gender,
    organisation_noun,
)

_REMEMBERED = 16  # entities that a pronoun or a role may still mean


class Focus:
    """The entities spoken of, the most recent first."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._recent: list[str] = []
        self._subjects: set[str] = set()
        self._unnamed: dict[str, Gender | None] = {}

    def read(self, mentions: Sequence[Spoken]) -> None:
        """Takes the mentions of a stretch of text; its first one that can be a subject comes out on top."""
        for mention in sorted(mentions, key=lambda m: (not m.governed, -m.start)):
            self.put(mention.entity)

    def put(self, entity: str | None) -> None:
        """Puts an entity on top."""
        if entity is None:
            return
        if entity in self._recent:
            self._recent.remove(entity)
        self._recent.insert(0, entity)
        del self._recent[_REMEMBERED:]

    def put_subject(self, entity: str | None) -> None:
        """Puts a subject or speaker on top: only such a one is meant by a role that nobody was given."""
        self.put(entity)
        if entity:
            self._subjects.add(entity)

    def put_unnamed(self, noun: str, determiner: str) -> None:
        """Puts somebody without a name on top, such as 'een buurvrouw', whom a later 'zij' then means.

        Not 'haar moeder': a later 'zij' is more often the one whose mother it is.
        """
        gender = noun_gender(noun)
        if (gender, determiner) in ((Gender.FEMALE, "haar"), (Gender.MALE, "zijn")):
            return
        self._unnamed[f"?{noun}"] = gender
        self.put(f"?{noun}")

    def anybody(self) -> str | None:
        """The entity on top, None for somebody without a name."""
        return next((None if entity in self._unnamed else entity for entity in self._recent), None)

    def resolve(self, subject: Subject | None, but: str | None = None) -> str | None:
        """The entity that a subject means, None where it is nobody known; never `but` for a pronoun."""
        if subject is None:
            return None
        if subject.entity:
            return subject.entity
        if subject.pronoun:
            gender = Gender.FEMALE if subject.pronoun in SHE else Gender.MALE if subject.pronoun in HE else None
            fitting = (p for p in self._recent if p != but and self._fits(p, gender))
            return next((None if p in self._unnamed else p for p in fitting), None)
        if not subject.noun:
            return None
        if organisation_noun(subject.noun):
            return self._organisation() if subject.definite else None
        return self._bearer(subject, subject.noun, but)

    def _persons(self) -> list[str]:
        return [entity for entity in self._recent if entity in self._cast.persons]

    def _organisation(self) -> str | None:
        persons, unnamed = self._cast.persons, self._unnamed
        return next((e for e in self._recent if e not in persons and e not in unnamed), None)

    def _fits(self, person: str, gender: Gender | None) -> bool:
        if person in self._unnamed:
            return gender is None or self._unnamed[person] in (gender, None)
        return person in self._cast.persons and (gender is None or self._cast.persons[person].gender in (gender, None))

    def _bearer(self, subject: Subject, noun: str, but: str | None) -> str | None:
        """The person introduced with that role, the recent ones first; else the last one who may have it."""
        gender = noun_gender(noun)
        if not (subject.definite or subject.owned):
            return (subject.instead or self._organisation()) if field(noun) == SPOKESPERSON else None
        recent = [person for person in self._persons() if person != but and self._fits(person, gender)]
        bearers = [p for p in [*recent, *self._cast.bearers(noun)] if p != but and self._cast.has_role(p, noun)]
        if bearers:
            return max(bearers, key=lambda person: self._likeness(person, subject))
        if field(noun) == SPOKESPERSON:
            return subject.instead or self._organisation()
        if subject.owned:
            return None
        fitting = [person for person in recent if self._may_be(person, noun)]
        return max(fitting, key=lambda person: self._likeness(person, subject), default=None)

    def _likeness(self, person: str, subject: Subject) -> int:
        """How many words the phrase shares with what is said of the person; another origin counts against it."""
        words, origins = self._cast.persons[person].words, self._cast.persons[person].origins
        others = {word for word in subject.words if is_origin(word)}
        return len(subject.words & words) - 2 * bool(origins and others and origins.isdisjoint(others))

    def _may_be(self, person: str, noun: str) -> bool:
        roles = self._cast.persons[person].roles
        if field(noun) != PERSON and person not in self._subjects:
            return False
        if noun in FUNCTIONS and not FUNCTIONS.isdisjoint(roles):
            return False
        fields = {field(role) for role in roles - ANY_FIELD}
        return field(noun) == PERSON or fields <= {PERSON} or field(noun) in fields
