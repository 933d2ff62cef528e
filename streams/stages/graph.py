"""The whole graph on one screen: which stage reads what, does what, and writes what.

news.raw ─▶ normalise ─▶ news.articles ─▶ entities ─▶ news.entities ─▶ sentiment ─▶ news.enriched
                └───────────────────────────┴─────────────────────────────┴──▶ news.dead-letters
"""

from collections.abc import Callable, Sequence

from streams.contract.message import Message
from streams.contract.outcome import Outcome
from streams.contract.records import Article, TaggedArticle
from streams.contract.topics import STAGES, StageName
from streams.models import load_pipeline, load_sentiment
from streams.models.provenance import ModelInfo, pipeline_info
from streams.settings import Settings
from streams.stages.entities import Gazetteer, TagEntities
from streams.stages.normalise import Normalise
from streams.stages.reading import MOST_WORDS
from streams.stages.sentiment import ScoreSentiment
from streams.stages.stage import Stage, reading
from streams.surroundings import naming


def build_stages(settings: Settings, names: Sequence[StageName] = STAGES) -> list[Stage]:
    """The stages of these names, models loaded. Raises ValueError, which names the setting, where one does not load."""
    builders = {"normalise": _normalise, "entities": _entities, "sentiment": _sentiment}
    return [builders[name](settings) for name in names]


def _normalise(settings: Settings) -> Stage:
    language, limit = settings.default_language, settings.max_item_bytes
    work = Normalise(default_language=language, max_item_bytes=limit, sources=settings.sources)
    return _stage("normalise", settings, work, None, language, str(limit), *settings.sources)


def _entities(settings: Settings) -> Stage:
    with naming("STREAMS_GAZETTEER"):
        gazetteer = Gazetteer.load(settings.gazetteer) if settings.gazetteer else None
    with naming("STREAMS_ENTITIES_PACKAGE"):
        nlp = load_pipeline(tier=settings.tier, package=settings.entities_package)
    work = reading(Article, TagEntities(nlp, gazetteer, settings.model_words))
    chosen = (gazetteer.digest if gazetteer else "", *_words_read(settings))
    return _stage("entities", settings, work, pipeline_info(nlp), *chosen)


def _sentiment(settings: Settings) -> Stage:
    model = load_sentiment(tier=settings.tier)
    work = reading(TaggedArticle, ScoreSentiment(model, settings.model_words))
    return _stage("sentiment", settings, work, model.info, *_words_read(settings))


def _words_read(settings: Settings) -> tuple[str, ...]:
    """Nothing for the default, so that the digests of those who never set it stay what they were."""
    return () if settings.model_words == MOST_WORDS else (str(settings.model_words),)


def _stage(
    name: StageName,
    settings: Settings,
    work: Callable[[Message], Outcome[Article]],
    model: ModelInfo | None,
    *output_settings: str,
) -> Stage:
    topics = settings.topics
    return Stage(
        name=name,
        reads=topics.source(name).name,
        writes=topics.sink(name).name,
        dead_letters=topics.dead_letters.name,
        work=work,
        model=model,
        settings=output_settings,
    )
