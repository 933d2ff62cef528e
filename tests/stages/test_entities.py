"""Entities of the article from what the recogniser marks. The cases are in cases/entities.yaml."""

import itertools
from pathlib import Path
from time import process_time
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.contract.outcome import Ok
from streams.contract.records import Block, BlockKind, Change, Entity, EntityType, Skipped, TaggedArticle
from streams.stages.entities import Gazetteer, TagEntities, entities_of
from tests.stages.articles import RawSpan, article, laid_out, marked
from tests.stages.fakes import fake_nlp

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "entities.yaml").read_text(encoding="utf-8"))


def plain(entity: Entity) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": entity.name, "type": str(entity.type)}
    if entity.link:
        shown["link"] = entity.link
    return {**shown, "mentions": [mention.text for mention in entity.mentions]}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    text, blocks, spans = laid_out(case["text"])
    entities = entities_of(text, blocks, spans)
    assert [plain(entity) for entity in entities] == case["entities"]
    assert [entity.id for entity in entities] == [f"e{n}" for n in range(1, len(entities) + 1)]


def tag(text: str, spans: list[RawSpan], blocks: tuple[Block, ...] = (), **kind: Any) -> TaggedArticle:
    outcome = TagEntities(fake_nlp(lambda _: spans))(article(text, blocks, **kind))
    assert isinstance(outcome, Ok)
    return outcome.value


def test_the_article_keeps_its_fields_and_gains_entities_and_quotes() -> None:
    text, spans = marked('"Wij winnen", zegt [Ann Maes|PER] in [Gent|LOC].')
    tagged = tag(text, spans)
    assert tagged.id == "urn:example:1"
    assert [entity.name for entity in tagged.entities] == ["Ann Maes", "Gent"]
    assert [(quote.text, quote.speaker) for quote in tagged.quotes] == [("Wij winnen", "e1")]


@pytest.mark.parametrize("kind", [{"change": Change.KILL}, {"skipped": Skipped.UNSUPPORTED_LANGUAGE}])
def test_killed_and_skipped_articles_pass_through(kind: dict[str, Any]) -> None:
    text, spans = marked("[Ann Maes|PER] lacht.")
    tagged = tag(text, spans, **kind)
    assert (tagged.entities, tagged.quotes) == ((), ())


def test_the_string_store_does_not_grow() -> None:
    nlp = fake_nlp(lambda text: [(0, 3, "PER")])
    stage = TagEntities(nlp)
    stage(article("Ann lacht."))
    before = len(nlp.vocab.strings)
    for n in range(50):
        stage(article(f"Ann{n} lacht met woord{n}."))
    assert len(nlp.vocab.strings) == before


def test_other_labels_are_left_out() -> None:
    assert entities_of("Maandag komt Ann.", (), [(0, 7, "DATE"), (13, 16, "PER")])[0].name == "Ann"


def test_gazetteer_gives_link_and_type_and_joins_names(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text(
        "name,type,link\nAjax,ORG,https://example.org/ajax\nde Godenzonen,,https://example.org/ajax\n"
        "Gent,LOC,https://sws.geonames.org/2797656/\n",
        encoding="utf-8",
    )
    gazetteer = Gazetteer.load(path)
    text, spans = marked("[Ajax|LOC] wint in [Gent|ORG]. [De Godenzonen|MISC] juichen. De [Gent-supporters|MISC] niet.")
    found = [(e.name, e.type, e.link, len(e.mentions)) for e in entities_of(text, (), spans, gazetteer)]
    assert found == [
        ("De Godenzonen", EntityType.ORG, "https://example.org/ajax", 2),
        ("Gent", EntityType.LOC, "https://sws.geonames.org/2797656/", 2),
    ]
    assert gazetteer.digest.startswith("sha256:") and len(gazetteer.digest) == 71


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("naam,type,link\n", "the header lacks name"),
        ("name,type,link\nGent,CITY,\n", "line 2: type 'CITY'"),
        ("name,type,link\nGent,LOC,\n,LOC,x\n", "line 3: no name"),
        (b"name,type,link\n\xff,,\n", "not UTF-8"),
        ("name;type;link\nGent;LOC;\n", "the header lacks link, name, type; it is: name,type,link"),
        ('name,type,link\nGent,LOC,\n"open,PER,x\nLuik,LOC,\n', "line 3: a quote is left open"),
        ('name,type,link\n"open,PER,x\n"Jan, de bakker",PER,\n', "line 2: "),
        ('name,type,link\n\n"open,PER,x\nLuik, ""Cité ardente"",LOC\nGent"\n', "line 3: a line break within a field"),
        ("name,type,link\nGent,LOC,\n" + 200_000 * "a" + ",PER,x\n", "line 3: field larger than field limit"),
        ("name,type,link\n" + 100_000 * "a" + ",PER,x\n", "line 2: a name of 100,000 characters"),
        ("name,type,link\nJansen, Jan,PER,x\n", "line 2: more fields than the header"),
    ],
)
def test_a_gazetteer_that_is_wrong_says_where(tmp_path: Path, content: str | bytes, message: str) -> None:
    path = tmp_path / "names.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ValueError, match=message):
        Gazetteer.load(path)


def test_salience_follows_headline_position_and_count() -> None:
    text, blocks, spans = laid_out(
        "# [Maes|PER] wint\n\n[Maes|PER] en [Claes|PER] speelden in [Gent|LOC].\n\n"
        "[Claes|PER] verloor. [Maes|PER] juicht."
    )
    maes, claes, gent = entities_of(text, blocks, spans)
    assert 1 >= maes.salience > claes.salience > gent.salience >= 0


@given(st.integers(1, 6), st.integers(0, 6))
def test_another_mention_never_lowers_salience(count: int, more: int) -> None:
    def salience(repeats: int) -> float:
        words = ["[Maes|PER] wint."] * repeats + ["Het regent."] * (12 - repeats) + ["[Gent|LOC] is nat."] * 6
        text, spans = marked(" ".join(words))
        return entities_of(text, (), spans)[0].salience

    assert salience(count + more) >= salience(count)


names = st.sampled_from(
    ["Jan De Smet", "De Smet", "NAVO", "NAVO-top", "Xi's", "Belgische", "BELGIË", "(VN)", "'", "\n\n"]
)
fragments = st.lists(st.one_of(st.text(max_size=12), names), max_size=25)


@given(fragments, st.data())
def test_on_any_text_mentions_are_exact_ordered_and_apart(parts: list[str], data: st.DataObject) -> None:
    text = " ".join(parts)
    offsets = st.integers(0, len(text))
    labels = st.sampled_from(["PER", "ORG", "LOC", "MISC"])
    spans = data.draw(st.lists(st.tuples(offsets, offsets, labels), max_size=15))
    cut = data.draw(offsets)
    blocks = (
        Block(start=0, end=cut, kind=BlockKind.HEADLINE),
        Block(start=cut, end=len(text), kind=BlockKind.PARAGRAPH, repeats_body=data.draw(st.booleans())),
    )
    proper = [span for span in spans if span[0] < span[1]]
    laid = data.draw(st.sampled_from([(), blocks]))
    entities = entities_of(text, laid, proper)
    places = sorted((m.start, m.end) for e in entities for m in e.mentions)
    assert all(text[m.start : m.end] == m.text and m.text.strip() == m.text for e in entities for m in e.mentions)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(places))
    assert all(list(e.mentions) == sorted(e.mentions, key=lambda m: m.start) for e in entities)
    assert all(0 <= e.salience <= 1 and e.name for e in entities)
    assert entities == entities_of(text, laid, proper)


@settings(deadline=None)
@given(fragments)
def test_the_stage_takes_any_text(parts: list[str]) -> None:
    text = " ".join(parts)
    tagged = tag(text, [(i, i + 5, "PER") for i in range(0, max(0, len(text) - 5), 9)])
    assert all(text[m.start : m.end] == m.text for e in tagged.entities for m in e.mentions)


def test_fifty_thousand_words_take_seconds_not_minutes() -> None:
    def seconds(people: int) -> float:
        parts = [
            f"[Jan De Naam{n}a|PER] sprak met [Piet Naam{n}|PER] van de NAVO. De Naam{n}a zei niets."
            for n in range(people)
        ]
        text, blocks, spans = laid_out("\n\n".join(parts))
        began = process_time()
        assert len(entities_of(text, blocks, spans)) == 2 * people
        return process_time() - began

    assert seconds(3600) < 12 * seconds(600) + 1
