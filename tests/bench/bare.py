"""The limit: stages in a loop, without a broker; prints articles a second.

`python -m tests.bench.bare COUNT` does entities, quotes and sentiment on articles already normalised;
`… COUNT pipe` only `nlp.pipe`, so entities without all that follows.
"""

import sys
import time
from collections.abc import Callable, Sequence
from typing import cast

from streams.contract.outcome import Ok
from streams.contract.records import Article, TaggedArticle
from streams.models import load_pipeline, load_sentiment
from streams.stages.entities import TagEntities
from streams.stages.sentiment import ScoreSentiment
from tests.bench.texts import bare_articles

_WARM = 10  # articles


def stages() -> Callable[[Sequence[Article]], None]:
    """Entities, quotes and sentiment."""
    tag, score = TagEntities(load_pipeline()), ScoreSentiment(load_sentiment())

    def work(articles: Sequence[Article]) -> None:
        for article in articles:
            tagged = tag(article)
            assert isinstance(tagged, Ok)
            assert isinstance(score(cast(TaggedArticle, tagged.value)), Ok)

    return work


def pipe() -> Callable[[Sequence[Article]], None]:
    """spaCy's own loop over texts."""
    nlp = load_pipeline()

    def work(articles: Sequence[Article]) -> None:
        assert sum(1 for _ in nlp.pipe(article.text for article in articles)) == len(articles)

    return work


def main() -> None:
    """Loads the models, warms up, then measures."""
    articles = bare_articles(int(sys.argv[1]))
    work = pipe() if sys.argv[2:] == ["pipe"] else stages()
    work(articles[:_WARM])
    began = time.perf_counter()
    work(articles)
    print(len(articles) / (time.perf_counter() - began))


if __name__ == "__main__":
    main()
