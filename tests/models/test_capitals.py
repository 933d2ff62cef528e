"""Sentences that cannot hold a name are not read by the network."""

import pytest
import spacy
from spacy.language import Language

from streams.models.capitals import may_hold_names
from streams.models.pieces import START, segments


@pytest.fixture(scope="module")
def nlp() -> Language:
    blank = spacy.blank("nl")
    blank.add_pipe("sentencizer")
    return blank


def kept(nlp: Language, text: str) -> list[str]:
    """The sentences that the network reads."""
    doc = nlp(text)
    may = may_hold_names(doc)
    assert len(may) == len(doc)
    return [sentence.text for sentence in doc.sents if may[sentence.start]]


@pytest.mark.parametrize(
    "sentence",
    [
        "De man zweeg.",
        "Maar de regen bleef nog tot in de avond.",
        "Hij zei: “Het is voorbij.”",
        '"We gaan door", zei ze. "Daar hoort verlies bij."',
    ],
)
def test_a_sentence_without_capitals_but_of_stop_words_that_open_it(nlp: Language, sentence: str) -> None:
    assert kept(nlp, f"{sentence} Jansen zweeg ook.") == ["Jansen zweeg ook."]


@pytest.mark.parametrize(
    "sentence",
    [
        "Agenten zwegen.",  # whether a name or not is for the network to say
        "De NAVO zweeg.",
        "Een iPhone ging verloren.",
        "Hij zei: “Peeters is voorbij.”",
        "Het regent in 's-Gravenhage.",
        "DE man zweeg.",
        "Op de Dam was het stil.",
    ],
)
def test_any_other_capital_may_be_a_name(nlp: Language, sentence: str) -> None:
    assert kept(nlp, f"De regen bleef. {sentence}") == [sentence]


@pytest.mark.parametrize("text", ["de navo zweeg. jansen ook.", "De man zweeg.", ""])
def test_a_text_without_any_such_sentence_is_read_whole(nlp: Language, text: str) -> None:
    assert kept(nlp, text) == [sentence.text for sentence in nlp(text).sents]


def test_segments_leave_the_others_out(nlp: Language) -> None:
    doc = nlp("Jansen zweeg. De regen bleef. Peeters ook.")
    (segment,) = segments(doc, [(10 + token.i,) for token in doc])
    assert [doc[i].text for i in segment.tokens] == ["Jansen", "zweeg", ".", "Peeters", "ook", "."]
    assert segment.ids[0] == START
