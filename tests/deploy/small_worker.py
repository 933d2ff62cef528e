"""A worker with the real normalise stage, and stand-ins for the models: every metric moves, nothing is loaded."""

import re

from streams.contract.outcome import Ok, Outcome
from streams.contract.records import (
    Article,
    EnrichedArticle,
    Entity,
    EntityType,
    Label,
    Mention,
    Probabilities,
    TaggedArticle,
)
from streams.contract.records import Sentiment as Score
from streams.flow.worker import run_worker
from streams.models.provenance import ModelInfo
from streams.settings import Settings
from streams.stages.graph import build_stages
from streams.stages.stage import Stage, reading
from streams.telemetry.logs import set_up_logging


def tag(article: Article) -> Outcome[Article]:
    """Words with a capital, of types in turn."""
    words = list(re.finditer(r"\b[A-Z]\w{3,}", article.text))[:8]
    entities = tuple(
        Entity(
            id=f"e{number}",
            type=list(EntityType)[number % len(EntityType)],
            name=word.group(),
            salience=0.5,
            mentions=(Mention(start=word.start(), end=word.end(), text=word.group()),),
        )
        for number, word in enumerate(words)
    )
    return Ok(TaggedArticle(**_fields(article), entities=entities, quotes=()))


def score(article: TaggedArticle) -> Outcome[Article]:
    """Sentiment by the length of the text."""
    label = list(Label)[len(article.text) % len(Label)]
    sentiment = Score(label=label, score=0.0, probabilities=Probabilities(negative=0.3, neutral=0.4, positive=0.3))
    return Ok(EnrichedArticle(**_fields(article), sentiment=sentiment, sentences=()))


def _fields(article: Article) -> dict[str, object]:
    return {name: getattr(article, name) for name in article.__struct_fields__}


def stages(settings: Settings) -> list[Stage]:
    """The three stages of the graph on their topics."""
    topics = settings.topics
    entities = Stage(
        "entities",
        topics.articles.name,
        topics.entities.name,
        topics.dead_letters.name,
        reading(Article, tag),
        ModelInfo("stand-in-entities", "1", "sha256:0"),
    )
    sentiment = Stage(
        "sentiment",
        topics.entities.name,
        topics.enriched.name,
        topics.dead_letters.name,
        reading(TaggedArticle, score),
        ModelInfo("stand-in-sentiment", "1", "sha256:0"),
    )
    return [*build_stages(settings, ["normalise"]), entities, sentiment]


if __name__ == "__main__":
    settings = Settings()
    set_up_logging(settings.log_level)
    run_worker(stages(settings), settings)
