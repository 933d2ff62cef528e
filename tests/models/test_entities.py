"""The entity pipelines: what they find, on any text, whatever else is read beside it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import spacy
import yaml
from spacy.language import Language

import streams.models
from streams.models import ENTITY_TYPES, load_pipeline
from streams.models.entities import READ
from streams.models.pieces import readable

HERE = Path(__file__).parent
EDGES: dict[str, str] = yaml.safe_load((HERE / "edge_texts.yaml").read_text("utf-8"))
SENTENCES: list[dict[str, Any]] = yaml.safe_load((HERE / "sentences.yaml").read_text("utf-8"))
ARTICLE = "\n\n".join(case["text"] for case in SENTENCES)

Entity = tuple[int, int, str]


def found(nlp: Language, text: str) -> list[Entity]:
    return [(ent.start_char, ent.end_char, ent.label_) for ent in nlp(text).ents]


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: case["text"][:30])
def test_finds_the_entities_of_a_sentence(nlp: Language, case: dict[str, Any]) -> None:
    if not nlp.meta["name"].endswith(case.get("only", "")):
        pytest.skip("the accurate tier alone finds all of it")
    assert [[ent.text, ent.label_] for ent in nlp(case["text"]).ents] == case["entities"]


@pytest.mark.parametrize("text", EDGES.values(), ids=EDGES)
def test_any_text_gives_a_result(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert doc.text == text
    assert {ent.label_ for ent in doc.ents} <= set(ENTITY_TYPES)


def test_a_text_gives_the_same_alone_and_beside_31_others(nlp: Language) -> None:
    others = [f"{ARTICLE} Bericht {i} uit {place}." for i in range(8) for place in ("Gent", "Luik", "Breda", "Aalst")]
    alone = found(nlp, ARTICLE)
    together = [[(e.start_char, e.end_char, e.label_) for e in doc.ents] for doc in nlp.pipe([*others[:31], ARTICLE])]
    assert together[-1] == alone != []


def test_fifty_thousand_words(nlp: Language) -> None:
    text = "\n\n".join([ARTICLE] * (50_000 // len(ARTICLE.split()) + 1))
    assert len(nlp(text[: nlp.max_length]).ents) > 1_000


def test_a_sentence_without_end_is_cut_not_lost(nlp: Language) -> None:
    doc = nlp("Brussel en Gent en " * 500)
    assert len(doc.ents) > 500


def test_offsets_count_code_points(nlp: Language) -> None:
    text = "🎉 In Brussel is het feest."
    (entity,) = nlp(text).ents
    assert text[entity.start_char : entity.end_char] == "Brussel"


def test_spacy_loads_the_folder_by_itself() -> None:
    folder = Path(streams.models.__file__).parent / "nl" / "entities-accurate"
    code = f"import spacy; print(*[e.text for e in spacy.load({str(folder)!r})('De beurs van Brussel sluit.').ents])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "Brussel"


def test_a_pipeline_is_saved_and_loaded(tmp_path: Path) -> None:
    nlp = load_pipeline()
    nlp.to_disk(tmp_path)
    assert found(spacy.load(tmp_path), ARTICLE) == found(nlp, ARTICLE)


def test_another_pipeline_takes_its_place_with_labels_mapped(tmp_path: Path) -> None:
    other = spacy.blank("nl")
    ruler = other.add_pipe("entity_ruler")
    ruler.add_patterns([  # type: ignore[attr-defined]
        {"label": "GPE", "pattern": "Brussel"}, {"label": "PERSON", "pattern": "Hugo Claus"},
        {"label": "NORP", "pattern": "Vlaamse"}, {"label": "DATE", "pattern": "maandag"},
    ])  # fmt: skip
    other.to_disk(tmp_path)
    doc = load_pipeline(package=str(tmp_path))("De Vlaamse schrijver Hugo Claus las maandag voor in Brussel.")
    assert [(ent.text, ent.label_) for ent in doc.ents] == [
        ("Vlaamse", "MISC"), ("Hugo Claus", "PER"), ("Brussel", "LOC"),
    ]  # fmt: skip
    assert len(list(doc.sents)) == 1


def test_what_is_not_bundled_is_refused() -> None:
    with pytest.raises(ValueError, match="language 'fr'"):
        load_pipeline("fr")
    with pytest.raises(ValueError, match="tier"):
        load_pipeline("nl", "best")
    with pytest.raises(OSError, match="no_such_pipeline"):
        load_pipeline(package="no_such_pipeline")


def test_a_long_text_is_read_as_far_as_prose_of_its_length_would_be(nlp: Language) -> None:
    """What is short is read whole, whatever it holds; of what is long and all names, the last are not found."""
    short, long = "Jan Peeters. " * 1_000, "J. " + "A.B. Wit, " * 6_000
    assert nlp(short).user_data[READ] == len(short)
    doc = nlp(long)
    assert len(long) / 3 < doc.user_data[READ] < len(long)
    assert all(ent.end_char <= doc.user_data[READ] for ent in doc.ents)


@pytest.mark.parametrize(
    ("pieces", "length", "read"),
    [(10_000, 100, 10_000), (20_000, 100, 10_000), (30_000, 100_000, 30_000), (60_000, 100_000, 30_000)],
)
def test_tokens_that_are_read(pieces: int, length: int, read: int) -> None:
    assert readable([(7,)] * pieces, length) == read
