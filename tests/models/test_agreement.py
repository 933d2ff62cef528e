"""One type for all mentions of a name in an article."""

import numpy as np

from streams.models.agreement import Mention, agreed_types


def mention(name: str, **types: float) -> Mention:
    return Mention(0, 1, name, np.array([types.get(t, 0.0) for t in ("PER", "ORG", "LOC", "MISC")], np.float32))


def test_the_mentions_of_a_name_decide_together() -> None:
    mentions = [mention("Peeters", LOC=0.6, PER=0.4), mention("Peeters", PER=0.9, LOC=0.1)]
    assert agreed_types(mentions) == ["PER", "PER"]


def test_a_surname_is_told_by_the_full_name() -> None:
    assert agreed_types([mention("Xi", LOC=0.7, PER=0.3), mention("Jinping Xi", PER=1.0)]) == ["PER", "PER"]


def test_a_full_name_is_not_told_by_its_last_word() -> None:
    assert agreed_types([mention("Sint-Jan Brugge", ORG=0.6, LOC=0.4), mention("Brugge", LOC=1.0)])[0] == "ORG"


def test_other_names_have_no_part_in_it() -> None:
    assert agreed_types([mention("Gent", LOC=1.0), mention("Regent", PER=1.0)]) == ["LOC", "PER"]


def test_no_mentions() -> None:
    assert agreed_types([]) == []
