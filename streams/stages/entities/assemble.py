"""From joined forms to the entities of the event: type, name, link, salience, mentions, id."""

from collections.abc import Callable, Iterable, Sequence

from streams.contract.records import Block, BlockKind, Entity, EntityType, Mention
from streams.stages.entities.forms import Form, entity_type
from streams.stages.entities.gazetteer import Entry, Gazetteer
from streams.stages.entities.names import Found, key, titles, without_article, words
from streams.stages.entities.places import country, people, region, wider_origin
from streams.stages.entities.salience import salience


def assemble(
    text: str,
    blocks: Sequence[Block],
    entities: Sequence[Sequence[Form]],
    further: Iterable[tuple[int, Found]],
    gazetteer: Gazetteer | None,
) -> tuple[Entity, ...]:
    """Entities with ids e1, e2, … by first mention. `further` adds places to entities by their number."""
    places = [[place for form in forms for place in form.places] for forms in entities]
    for number, place in further:
        places[number].append(place)
    ordered = sorted(zip(places, entities, strict=True), key=lambda pair: min(p.start for p in pair[0]))
    most = max((len(found) for found, _ in ordered), default=0)
    headlines = [block for block in blocks if block.kind is BlockKind.HEADLINE]

    def weigh(mentions: Sequence[Mention]) -> float:
        return salience(mentions, most, len(text), headlines)

    return tuple(
        _entity(f"e{number}", found, forms, weigh, gazetteer) for number, (found, forms) in enumerate(ordered, 1)
    )


def _entity(
    id: str,
    places: list[Found],
    forms: Sequence[Form],
    weigh: Callable[[Sequence[Mention]], float],
    gazetteer: Gazetteer | None,
) -> Entity:
    places = sorted(places, key=lambda place: place.start)
    mentions = tuple(Mention(start=p.start, end=p.end, text=p.text) for p in places)
    entry = _entry(forms, gazetteer)
    name = fullest([place.text for place in places])
    kind = (entry and entry.type) or _type(forms, name)
    return Entity(
        id=id,
        type=kind,
        name=name,
        link=(entry and entry.link) or link(name, kind, forms),
        salience=weigh(mentions),
        mentions=mentions,
    )


def fullest(names: Sequence[str]) -> str:
    """The form with most words, titles aside; among those the longest, the first. One in capitals, or with an
    article, gives way to the same name without."""
    plain = {key(name) for name in names if not name.isupper()}
    keys = {key(name) for name in names}

    def gives_way(name: str) -> bool:
        bare = without_article(key(name))
        return (name.isupper() and key(name) in plain) or (bare != key(name) and bare in keys)

    fitting = [name for name in dict.fromkeys(names) if not gives_way(name)]
    return max(fitting, key=lambda name: (sum(word not in titles() for word in words(name)), len(name)))


def link(name: str, kind: EntityType, forms: Sequence[Form]) -> str | None:
    """ISO 3166 code of a country, a region, or of the place that an adjective or inhabitant belongs to."""
    if kind is EntityType.PER:
        return None
    names = [name, *(form.text for form in forms)]
    places = (wider_origin,) if kind is EntityType.MISC else (country, region)
    return next((code for name in names for place in places if (code := place(name))), None)


def _entry(forms: Sequence[Form], gazetteer: Gazetteer | None) -> Entry | None:
    if not gazetteer:
        return None
    return next((entry for form in forms if (entry := gazetteer.find(form.text))), None)


def _type(forms: Sequence[Form], name: str) -> EntityType:
    kind = entity_type(forms)
    return EntityType.MISC if kind is not EntityType.PER and not country(name) and _of_origin(name) else kind


def _of_origin(name: str) -> bool:
    return bool(people(name) or wider_origin(name))
