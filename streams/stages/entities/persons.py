"""Persons: the short forms that stand for a full name."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import chain

from streams.contract.records import EntityType
from streams.stages.entities.forms import MAX_WORDS, Form, Forms
from streams.stages.entities.names import initials, particles, titles
from streams.stages.entities.places import country

Words = tuple[str, ...]

# What a family name that stands alone must weigh against when the recogniser took it for something else.
_FULL_NAME_HERE = 1.5
_JUDGED = 0.5  # a form that weighs less stands only in possessives, compounds or a crosshead


def join_persons(forms: Forms) -> dict[str, list[str]]:
    """Joins surnames, first names and initials with the full name that they stand for.

    Returns the surnames that several full names share, with the keys of those: place by place it is the
    nearest one before.
    """
    persons = {k: without_title(form) for k, form in forms.items() if form.type is EntityType.PER}
    _join_same(forms, persons)
    full = {k: w for k, w in persons.items() if len(w) > 1 and w[0] not in particles()}
    _join_full_names(forms, full)
    by_end = _index(full, lambda w: (w[i:] for i in range(1, len(w))))
    by_begin = _index(full, lambda w: (w[:i] for i in range(1, len(w))))
    shared: dict[str, list[str]] = {}
    for name, form in forms.items():
        short = persons.get(name, form.words)
        if set(short) <= particles() or not (name in persons or _may_be_person(form)):
            continue
        owners = {forms.root(k) for k in by_end.get(short, ())}
        if not owners and (name in persons or sum(form.votes.values()) < _JUDGED):
            owners = {forms.root(k) for k in by_begin.get(short, ())}
            if len(owners) > 1:
                continue  # a first name of several says nothing
        if len(owners) == 1:
            forms.join(owners.pop(), name)
        elif forms.root(name) not in owners and owners:
            shared[name] = by_end[short]
    return shared


def without_title(form: Form) -> Words:
    """The words of a person's name, without `president` before it."""
    return form.words[1:] if len(form.words) > 1 and form.words[0] in titles() else form.words


def _join_same(forms: Forms, persons: dict[str, Words]) -> None:
    by_words = defaultdict(list)
    for name, parts in persons.items():
        by_words[parts].append(name)
    for same in by_words.values():
        forms.join_all(same)


def _join_full_names(forms: Forms, full: dict[str, Words]) -> None:
    """`J.P. Balkenende` with `Jan Peter Balkenende`; `Bart De Wever` with `Bart Albert De Wever`."""
    by_frame: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for name, parts in full.items():
        by_frame[parts[0], parts[-1]].append(name)
    for same in by_frame.values():
        forms.join_all(same)
    whole: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)  # in order, each entity once
    begun: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for name, parts in full.items():
        if not initials(forms[name].text):
            given, root = _given(parts), forms.root(name)
            whole[given, parts[-1]][root] = None
            for length in range(1, len(given)):
                begun[given[:length], parts[-1]][root] = None
    for name, parts in full.items():
        letters = initials(forms[name].text)
        if letters and parts[0][0] == letters[0]:
            known = (whole.get((letters[:length], parts[-1]), {}) for length in range(1, MAX_WORDS + 1))
            owner = _only(forms.root(k) for k in chain(*known, begun.get((letters, parts[-1]), {})))
            if owner is not None:
                forms.join(owner, name)


def _given(parts: Words) -> str:
    """The initials of the given names."""
    return "".join(word[0] for word in parts[:-1] if word not in particles())


def _only(names: Iterator[str]) -> str | None:
    """The one name that comes, however often; None where there are two, of which no more are read."""
    first = next(names, None)
    return None if any(name != first for name in names) else first


def _index(full: dict[str, Words], parts: Callable[[Words], Iterator[Words]]) -> dict[Words, list[str]]:
    index: defaultdict[Words, list[str]] = defaultdict(list)
    for name, whole in full.items():
        for part in parts(whole):
            index[part].append(name)
    return index


def _may_be_person(form: Form) -> bool:
    """The recogniser called it a place or an organisation, but not so often that the full name is outweighed."""
    others = sum(form.votes.values()) - form.votes[EntityType.PER]
    return others < _FULL_NAME_HERE + form.votes[EntityType.PER] and country(form.text) is None
