"""The project's own annotated news: readable, large enough, and split before anything is trained on it."""

import re
from itertools import groupby
from pathlib import Path

import pytest

pytest.importorskip("yaml")
from streams.models.training.corpora import Judged, NewsDocument, read_news, read_toned

DATA = Path(__file__).parents[2] / "training" / "data"
NEWS, TEST = read_news(DATA / "news"), read_news(DATA / "news-test")
EVERY = [*NEWS, *TEST]


def words(documents: list[NewsDocument]) -> int:
    return sum(len(document.text.split()) for document in documents)


def test_there_are_60_000_words_from_both_countries() -> None:
    assert words(EVERY) >= 60_000
    for region in ("BE", "NL"):
        assert words([d for d in EVERY if d.region == region]) >= 0.4 * words(EVERY)


def test_a_fifth_is_set_aside_and_another_hands_documents_are_for_testing_alone() -> None:
    held = [document for document in NEWS if document.held_out]
    assert 0.15 <= len(held) / len(NEWS) <= 0.25
    assert words(TEST) >= 10_000


def test_ids_are_unique_and_each_document_says_when_and_where() -> None:
    assert len({document.id for document in EVERY}) == len(EVERY)
    for document in EVERY:
        assert document.region in ("BE", "NL"), document.id
        assert re.fullmatch(r"20[12]\d-(0[1-9]|1[0-2])", document.month), document.id


def test_every_type_is_there_often() -> None:
    types = sorted(label for document in EVERY for _, _, label in document.entities)
    assert all(len(list(group)) >= 800 for _, group in groupby(types))


@pytest.mark.parametrize("document", EVERY, ids=lambda document: document.id)
def test_names_begin_and_end_where_words_do(document: NewsDocument) -> None:
    """No mark holds white space or a comma at its edges, or part of a word."""
    for start, end, _ in document.entities:
        name = document.text[start:end]
        assert name == name.strip(" ,;:"), name
        assert not (document.text[start - 1 : start].isalnum() and name[0].isalnum()), name
        assert not (document.text[end : end + 1].isalnum() and name[-1].isalnum()), name


def test_a_document_as_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("== x-1 | BE | 2024-03 | sport\n[ORG Genk] wint\n\n[PER Jan Mol] scoorde.\n")
    (document,) = read_news(tmp_path)
    assert document == NewsDocument(
        "x-1", "BE", "2024-03", "sport", "Genk wint\n\nJan Mol scoorde.", ((0, 4, "ORG"), (11, 18, "PER"))
    )


@pytest.mark.parametrize(
    "line", ["== x-1 | BE | 2024-03\nTekst.", "== x-1 | BE | 2024-03 | sport\n[PERS Jan] scoorde."]
)
def test_what_is_not_so_written_is_refused(line: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(line)
    with pytest.raises(ValueError, match=r"a\.txt"):
        read_news(tmp_path)


def test_there_are_3_000_pairs_of_a_sentence_and_a_name_mostly_neutral() -> None:
    signs = [sign for sentence in read_toned(DATA / "targets") for _, _, sign in sentence.targets]
    assert len(signs) >= 3_000
    assert 0.5 <= signs.count(1) / len(signs) <= 0.7
    assert all(signs.count(sign) >= 500 for sign in (0, 2))


def test_there_are_1_500_sentences_with_a_tone_of_their_own() -> None:
    tones = [sentence.label for sentence in read_toned(DATA / "tone")]
    assert len(tones) >= 1_500
    assert all(tones.count(tone) >= 400 for tone in range(3))


def test_no_sentence_stands_twice() -> None:
    texts = [sentence.text for folder in ("targets", "tone") for sentence in read_toned(DATA / folder)]
    assert len(set(texts)) == len(texts)


def test_a_sentence_as_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("a1\t-\tDe rechter sprak [PER+ Sem Kuipers] vrij; [ORG- Fidex] betaalt.\n")
    assert read_toned(tmp_path) == [
        Judged("De rechter sprak Sem Kuipers vrij; Fidex betaalt.", 0, ((17, 28, 2), (35, 40, 0)))
    ]
