"""Entities, quotes and sentiment in a loop, without a broker; prints articles a second."""

import sys
import time
from typing import cast

from streams.contract.outcome import Ok
from streams.contract.records import TaggedArticle
from streams.models import load_pipeline, load_sentiment
from streams.stages.entities import TagEntities
from streams.stages.sentiment import ScoreSentiment
from tests.bench.texts import bare_articles


def main() -> None:
    """Loads the models, warms up on ten articles, then measures."""
    tag, score = TagEntities(load_pipeline()), ScoreSentiment(load_sentiment())
    articles = bare_articles(int(sys.argv[1]))
    began = 0.0
    for number, article in enumerate(articles[:10] + articles):
        if number == 10:
            began = time.perf_counter()
        tagged = tag(article)
        assert isinstance(tagged, Ok)
        assert isinstance(score(cast(TaggedArticle, tagged.value)), Ok)
    print(len(articles) / (time.perf_counter() - began))


if __name__ == "__main__":
    main()
