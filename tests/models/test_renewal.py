"""A pipeline that reads new words without end keeps its size, and finds what it found before."""

from collections.abc import Iterator
from itertools import count

import numpy as np
import pytest
import spacy
from spacy.language import Language

from streams.models import load_pipeline
from streams.models.renewal import bound_vocabulary
from streams.stages.entities import recognise

TEXT = "Minister An Peeters van de N-VA sprak gisteren in Gent met de NAVO, o.a. over de A12."
WORDS = 1_000  # new ones in a text


def new_words() -> Iterator[str]:
    """Texts in which no word was ever seen before."""
    numbers = count()
    while True:
        yield " ".join("nieuw" + "".join(chr(97 + int(d)) for d in str(next(numbers))) for _ in range(WORDS))


def test_new_words_do_not_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Strings go with the memory zone; what the hash tables have taken in is bounded by renewal."""
    nlp = spacy.blank("nl")
    limit = len(nlp.vocab) + 20 * WORDS
    monkeypatch.setattr(recognise, "bound_vocabulary", lambda nlp: bound_vocabulary(nlp, limit))
    strings, texts, sizes = len(nlp.vocab.strings), new_words(), []
    for _ in range(100):
        recognise.recognised(nlp, next(texts))
        sizes.append(len(nlp.vocab))
    assert max(sizes) > limit - 5 * WORDS, "the words must reach the limit"
    assert max(sizes) <= limit
    assert len(nlp.vocab.strings) == strings


def test_a_renewed_pipeline_finds_the_same() -> None:
    """Tokens, with the language's exceptions, and entities."""
    nlp = load_pipeline()
    (spans, _), words = recognise.recognised(nlp, TEXT), [token.text for token in nlp(TEXT)]
    before = nlp.vocab
    bound_vocabulary(nlp, max_words=0)
    assert nlp.vocab is not before
    assert recognise.recognised(nlp, TEXT) == (spans, len(TEXT))
    assert [token.text for token in nlp(TEXT)] == words
    assert {label for _, _, label in spans} == {"PER", "ORG", "LOC", "MISC"}


def test_components_and_vectors_hold_on_to_what_they_know() -> None:
    """A pipeline of somebody else's, with rules, labels of its own and a vector."""
    nlp = _other_pipeline()
    before = [(span.text, span.label_) for span in nlp(TEXT).ents]
    bound_vocabulary(nlp, max_words=0)
    assert [(span.text, span.label_) for span in nlp(TEXT).ents] == before == [("An Peeters", "PERSOON")]
    assert nlp(TEXT)[9].vector.tolist() == [1.0, 2.0]


def test_another_kind_of_tokenizer_is_left_alone() -> None:
    nlp = spacy.blank("nl")
    nlp.tokenizer = lambda text: nlp.vocab  # type: ignore[return-value]
    before = nlp.vocab
    bound_vocabulary(nlp, max_words=0)
    assert nlp.vocab is before


def _other_pipeline() -> Language:
    nlp = spacy.blank("nl")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "PERSOON", "pattern": "An Peeters"}])  # type: ignore[attr-defined]
    nlp.vocab.set_vector("Gent", np.array([1.0, 2.0], dtype="f"))  # type: ignore[arg-type]
    return nlp
