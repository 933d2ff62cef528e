"""The sentiment models: sentences, targets in them, and texts nobody would write."""

from pathlib import Path

import pytest
import yaml

from streams.models import SentimentModel, load_sentiment

EDGES: dict[str, str] = yaml.safe_load((Path(__file__).parent / "edge_texts.yaml").read_text("utf-8"))


def test_good_bad_and_plain_news(sentiment: SentimentModel) -> None:
    judged = sentiment.score(
        [
            "Winst van de bank stijgt fors, aandeel springt omhoog.",
            "Tientallen doden bij aanslag op markt.",
            "De vergadering begint dinsdag om tien uur.",
        ]
    )
    assert [sentence.probabilities.label for sentence in judged] == ["positive", "negative", "neutral"]


def test_each_target_has_a_sentiment_of_its_own() -> None:
    text = "De rechter veroordeelde Jan Maes voor fraude en prees de moed van Els Bos."
    spans = [(text.index(name), text.index(name) + len(name)) for name in ("Jan Maes", "Els Bos")]
    (judged,) = load_sentiment().score([text], [spans])
    maes, bos = judged.targets
    assert maes.score < bos.score


def test_probabilities_add_up_and_give_the_score(sentiment: SentimentModel) -> None:
    (judged,) = sentiment.score(["De beurs sluit lager."])
    assert sum(judged.probabilities) == pytest.approx(1)
    assert judged.probabilities.score == judged.probabilities.positive - judged.probabilities.negative
    assert judged.targets == ()


@pytest.mark.parametrize("text", EDGES.values(), ids=EDGES)
def test_any_text_gives_a_result(sentiment: SentimentModel, text: str) -> None:
    (judged,) = sentiment.score([text], [[(0, len(text))]])
    assert sum(judged.probabilities) == pytest.approx(1)
    assert sum(judged.targets[0]) == pytest.approx(1)


def test_the_same_article_gives_the_same_again(sentiment: SentimentModel) -> None:
    article = ["Winst stijgt.", "Drie doden bij brand in Gent.", "De raad vergadert."] * 20
    assert sentiment.score(article) == sentiment.score(article)


def test_a_long_article_in_one_call(sentiment: SentimentModel) -> None:
    assert len(sentiment.score(["De winst van het bedrijf stijgt dit jaar met drie procent."] * 2_000)) == 2_000


def test_targets_belong_to_sentences(sentiment: SentimentModel) -> None:
    assert sentiment.score([]) == []
    with pytest.raises(ValueError, match="2 sentences, but targets for 1"):
        sentiment.score(["Eén.", "Twee."], [[]])
