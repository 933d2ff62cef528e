"""Joining the forms of one entity, whatever its type."""

import itertools
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from streams.contract.records import EntityType
from streams.stages.entities.forms import Form, Forms
from streams.stages.entities.gazetteer import Gazetteer
from streams.stages.entities.names import Found, abbreviates, is_abbreviation, key, organisations, without_article
from streams.stages.entities.persons import join_persons
from streams.stages.entities.places import country, people

_INFLECTIONS = ("e", "s", "'s", "n", "en")
# `Jong Ajax` is not `Ajax`, and two names side by side are neither of them.
_OTHERS = frozenset(("jong", "beloften", "/", "+", "en"))


def join(text: str, names: Sequence[Found], gazetteer: Gazetteer | None) -> list[list[Form]]:
    """The entities of an article, each as its forms. `names` in the order of the text."""
    forms = Forms(names)
    if gazetteer:
        _join_by(forms, lambda form: gazetteer.link(form.text))
    _join_by(forms, lambda form: country(form.text) if _may_be_country(form) else None)
    _join_by(forms, lambda form: people(form.text) if form.type is EntityType.MISC else None)
    _join_by(forms, lambda form: without_article(form.key) if form.type is not EntityType.PER else None)
    _join_abbreviations(forms, text, names)
    _join_inflections(forms)
    for kind in (EntityType.ORG, EntityType.MISC):
        _join_short_forms(forms, kind)
    shared = join_persons(forms)
    return _split_shared(forms, shared)


def _join_by(forms: Forms, trait: Callable[[Form], str | None]) -> None:
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for name, form in forms.items():
        if value := trait(form):
            alike[value].append(name)
    for keys in alike.values():
        forms.join_all(keys)


def _may_be_country(form: Form) -> bool:
    """A person may be called Holland, but not VS."""
    return form.type is not EntityType.PER or is_abbreviation(form.text)


def _join_abbreviations(forms: Forms, text: str, names: Sequence[Found]) -> None:
    for before, after in itertools.pairwise(names):
        if EntityType.PER not in (before.type, after.type) and in_brackets(text, before, after):
            forms.join(key(before.text), key(after.text))
    for short, full in organisations().items():
        if key(short) in forms and key(full) in forms:
            forms.join(key(full), key(short))
    full_names: defaultdict[str, list[str]] = defaultdict(list)
    for name, form in forms.items():
        if form.type is EntityType.ORG and len(form.words) > 1:
            full_names["".join(word[0] for word in form.words)].append(name)
    for name, form in forms.items():
        owners = {forms.root(k) for k in full_names.get(name, ())}
        if form.type is EntityType.ORG and is_abbreviation(form.text) and len(owners) == 1:
            forms.join(owners.pop(), name)


def in_brackets(text: str, before: Found, after: Found) -> bool:
    """`Full Name (FN)` or `FN (Full Name)`."""
    if text[before.end : after.start] != " (" or text[after.end : after.end + 1] != ")":
        return False
    pairs = ((before.text, after.text), (after.text, before.text))
    return any(is_abbreviation(short) and abbreviates(short, full) for full, short in pairs)


def _join_inflections(forms: Forms) -> None:
    """`Feyenoorder` and `Feyenoorders`, `Haags` and `Haagse`."""
    for name, form in forms.items():
        if form.type is EntityType.MISC and len(form.words) == 1:
            for inflected in (name + ending for ending in _INFLECTIONS):
                if inflected in forms and forms[inflected].type is EntityType.MISC:
                    forms.join(name, inflected)


def _join_short_forms(forms: Forms, kind: EntityType) -> None:
    """`Commissie` with `Europese Commissie`, `KBC` with `KBC Groep`, where only one entity fits."""
    whole = [form for form in forms.values() if form.type is kind and len(form.words) > 1]
    index: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for form in whole:
        if not _OTHERS & set(form.words):
            for part in _ends(form.words):
                index[part].add(form.key)
    for name, form in forms.items():
        if form.type is not kind or len(name) < 3 or people(form.text) or country(form.text):
            continue
        owners = {forms.root(k) for k in index.get(form.words, ())}
        if len(owners) == 1:
            forms.join(owners.pop(), name)


def _ends(parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for i in range(1, len(parts)):
        yield parts[:i]
        yield parts[i:]


def _split_shared(forms: Forms, shared: dict[str, list[str]]) -> list[list[Form]]:
    """The entities; a surname that several share goes, place by place, to the full name last read."""
    entities = forms.entities()
    for name, keys in shared.items():
        given: defaultdict[str, list[Found]] = defaultdict(list)
        read = sorted((place.start, owner) for owner in keys for place in forms[owner].places)
        for place in forms[name].places:
            before = bisect_left(read, (place.start,))
            given[read[before - 1][1] if before else name].append(place)
        entities[forms.root(name)].remove(forms[name])
        for owner, places in given.items():
            entities[forms.root(owner)].append(Form(name, tuple(places)))
    return [members for members in entities.values() if members]
