"""The best well-formed sequence of tags."""

import numpy as np

from streams.models.decoding import best_tags, spans
from streams.models.labels import TAGS


def scores(*rows: dict[str, float]) -> np.ndarray:
    return np.array([[row.get(tag, 0.0) for tag in TAGS] for row in rows], dtype=np.float32)


def names(tags: list[int]) -> list[str]:
    return [TAGS[tag] for tag in tags]


def test_the_best_tags_where_they_are_well_formed() -> None:
    assert names(best_tags(scores({"B-PER": 2}, {"I-PER": 2}, {"O": 2}))) == ["B-PER", "I-PER", "O"]


def test_an_inside_needs_its_own_begin() -> None:
    assert names(best_tags(scores({"B-ORG": 3, "B-LOC": 2}, {"I-LOC": 5}))) == ["B-LOC", "I-LOC"]


def test_nothing_begins_inside() -> None:
    assert names(best_tags(scores({"I-PER": 3, "B-PER": 2}, {"O": 1}))) == ["B-PER", "O"]


def test_no_tokens() -> None:
    assert best_tags(np.zeros((0, len(TAGS)), np.float32)) == []


def test_two_entities_side_by_side() -> None:
    tags = [TAGS.index(tag) for tag in ("B-PER", "I-PER", "B-PER", "O", "B-LOC")]
    assert spans(tags) == [(0, 2, "PER"), (2, 3, "PER"), (4, 5, "LOC")]
