"""Tokens in time that grows with the text: the same as spaCy's, but for runs that nobody writes."""

import os
import time
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from streams.models import tokens
from streams.models.tokens import LONGEST_MARKS, LONGEST_RUN, STRETCH, tokenised

NLP = spacy.blank("nl")
PIECES = [
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    "\xa0",
    "a",
    "Jan",
    "'s",
    "(",
    ")",
    ".",
    "o.a.",
    "zo'n",
    "1km",
    "😀",
    "http://a.nl/b",
]


def read(doc: Doc) -> list[tuple[str, str, str]]:
    return [(token.text, token.whitespace_, token.norm_) for token in doc]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_a_text_in_stretches_has_the_tokens_of_the_whole(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "STRETCH", 20)
        doc = tokenised(NLP, text)
    assert read(doc) == read(NLP.make_doc(text))
    assert doc.text == text


def test_the_texts_of_conll_have_the_tokens_they_had() -> None:
    folder = Path(os.environ.get("STREAMS_DATA", "../shared/data")) / "ner"
    files = [path for path in folder.rglob("ned.*") if path.is_file()]
    if not files:
        pytest.skip("needs STREAMS_DATA with CoNLL-2002 in ner/")
    words = [line.split(" ")[0] for line in files[0].read_text("utf-8", "replace").splitlines()[:20_000]]
    text = " ".join(words)
    assert len(text) > 2 * STRETCH
    assert read(tokenised(NLP, text)) == read(NLP.make_doc(text))


@pytest.mark.parametrize("mark", ["(", '"', "_", "😀", "\u0301", ").", "'s"])
def test_more_than_a_hundred_marks_are_tokens_of_a_hundred(mark: str) -> None:
    run = (mark * (3 * LONGEST_MARKS))[: 3 * LONGEST_MARKS]
    doc = tokenised(NLP, f"Jan lacht {run} om An .")
    assert [token.text for token in doc][:2] == ["Jan", "lacht"]
    assert [token.text for token in doc][-3:] == ["om", "An", "."]
    assert max(len(token) for token in doc) == LONGEST_MARKS
    assert doc.text == f"Jan lacht {run} om An ."


def test_a_word_without_end_is_cut() -> None:
    doc = tokenised(NLP, "a" * 1_200 + " b")
    assert [len(token) for token in doc] == [LONGEST_RUN, LONGEST_RUN, 200, 1]


@pytest.mark.parametrize("unit", ["(", '."', "a)", "1:", "http://a.nl/", "(" * LONGEST_MARKS + " ", "a" + "(" * 99])
def test_a_hundred_thousand_characters_take_seconds_at_most(unit: str) -> None:
    """An hour, without the cuts."""
    text = (unit * 100_000)[:100_000]
    began = time.process_time()
    assert tokenised(NLP, text).text == text
    assert time.process_time() - began < 20
