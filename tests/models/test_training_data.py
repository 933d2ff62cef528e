"""What sentiment is trained on is apart from what it is tested on: also in its words, not only in who wrote it when."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

TRAINED = Path(__file__).parents[2] / "streams/models/training/data"
TESTED = Path(__file__).parents[1] / "cases"
GRAM = 4  # characters
SHORT = 16  # grams: phrases below say too little


def rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))
    return found


def grams(text: str) -> set[str]:
    words = " ".join(re.findall(r"\w+", text.lower()))
    return {words[i : i + GRAM] for i in range(len(words) - GRAM + 1)}


def shared(a: set[str], b: set[str]) -> float:
    """The share of the shorter one's grams that are in the other, too."""
    return len(a & b) / min(len(a), len(b))


@pytest.mark.parametrize("file", ["general.nl.yaml", "targets.nl.yaml"])
def test_no_training_sentence_is_nearly_a_test_sentence(file: str) -> None:
    tests = {row["text"] for name in ("sentiment", "entity_sentiment") for row in rows(TESTED / f"{name}.yaml")}
    tested = [found for found in map(grams, tests) if len(found) >= SHORT]
    texts = {row["text"]: grams(row["text"]) for row in rows(TRAINED / file)}
    near = [text for text, own in texts.items() if len(own) >= SHORT and any(shared(own, t) >= 0.55 for t in tested)]
    assert not near


@pytest.mark.parametrize("file", ["general.nl.yaml", "targets.nl.yaml"])
def test_ids_are_unique(file: str) -> None:
    ids = [row["id"] for row in rows(TRAINED / file)]
    assert len(set(ids)) == len(ids)


def test_the_readme_counts_what_is_there() -> None:
    said = (TRAINED / "README.md").read_text("utf-8")
    general, targets = rows(TRAINED / "general.nl.yaml"), rows(TRAINED / "targets.nl.yaml")
    assert f"{len(general):,} sentences" in said
    assert f"{len(targets):,} pairs" in said
    differing = sum(row["label"] != row["sentence"] for row in targets)
    assert "differ in more than half" in said and differing > len(targets) / 2
