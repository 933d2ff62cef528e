"""The sentiment model that ships, on own held-out sentences: news of all kinds, and what makes it hard."""

from collections import defaultdict
from pathlib import Path

import yaml

from streams.models import SentimentModel

CASES = Path(__file__).parents[1] / "cases"
HARD = ("relief", "negated_harm", "negated_good", "irrealis", "quote", "concession")


def test_sentences_of_general_news(sentiment: SentimentModel) -> None:
    """85 in a hundred at least, and of each kind of difficulty three in four."""
    right = defaultdict(list)
    for case in yaml.safe_load((CASES / "sentiment.yaml").read_text("utf-8")):
        (judged,) = sentiment.score([case["text"]])
        right["all"].append(judged.probabilities.label == case["label"])
        right[case.get("trait", "plain")].append(right["all"][-1])
    shares = {trait: sum(found) / len(found) for trait, found in right.items()}
    print("\n" + "\n".join(f"{trait:15} {len(right[trait]):4} {share:6.2f}" for trait, share in shares.items()))
    assert shares["all"] >= 0.85
    for trait in HARD:
        assert shares[trait] >= 0.75, trait


def test_towards_targets(sentiment: SentimentModel) -> None:
    """72 in a hundred at least; in half of the pairs the sentence has another tone than the target."""
    right = []
    for pair in yaml.safe_load((CASES / "entity_sentiment.yaml").read_text("utf-8")):
        start = pair["text"].index(pair["target"])
        (judged,) = sentiment.score([pair["text"]], [[(start, start + len(pair["target"]))]])
        right.append(judged.targets[0].label == pair["label"])
    print(f"\ntowards targets {sum(right) / len(right):.2f}")
    assert sum(right) / len(right) >= 0.72
