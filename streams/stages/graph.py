"""Builds the stages of the graph's table: `contract/graph.py` says what there is, this how it is made."""

from collections.abc import Sequence
from importlib import import_module

from streams.contract import graph
from streams.contract.records import Article, TaggedArticle
from streams.models import load_pipeline, load_sentiment
from streams.models.provenance import pipeline_info
from streams.settings import Settings
from streams.stages.entities import Gazetteer, TagEntities
from streams.stages.normalise import Normalise
from streams.stages.reading import MOST_WORDS
from streams.stages.sentiment import ScoreSentiment
from streams.stages.stage import Built, Stage, reading, single
from streams.surroundings import naming


def build_stages(settings: Settings, names: Sequence[str] = ()) -> list[Stage]:
    """The stages of these names, or all. Raises ValueError, which names the setting, where a model does not load."""
    return [build_stage(settings, name) for name in names or graph.stage_names()]


def build_stage(settings: Settings, name: str) -> Stage:
    """One stage of the table, built by what its row names."""
    module, _, function = graph.spec(name).build.partition(":")
    built: Built = getattr(import_module(module), function)(settings)
    return Stage(name=name, topics=settings.topics, **vars(built))


def normalise(settings: Settings) -> Built:
    """Wire payloads to articles."""
    language, limit = settings.default_language, settings.max_item_bytes
    work = Normalise(default_language=language, max_item_bytes=limit, sources=settings.sources)
    return Built(single(work), settings=(language, str(limit), *settings.sources))


def entities(settings: Settings) -> Built:
    """Names and quotes."""
    with naming("STREAMS_GAZETTEER"):
        gazetteer = Gazetteer.load(settings.gazetteer) if settings.gazetteer else None
    with naming("STREAMS_ENTITIES_PACKAGE"):
        nlp = load_pipeline(tier=settings.tier, package=settings.entities_package)
    work = reading(Article, TagEntities(nlp, gazetteer, settings.model_words))
    chosen = (gazetteer.digest if gazetteer else "", *_words_read(settings))
    return Built(work, pipeline_info(nlp), chosen)


def sentiment(settings: Settings) -> Built:
    """Sentiment of the article, its sentences and towards its entities."""
    model = load_sentiment(tier=settings.tier)
    work = reading(TaggedArticle, ScoreSentiment(model, settings.model_words))
    return Built(work, model.info, _words_read(settings))


def _words_read(settings: Settings) -> tuple[str, ...]:
    """Nothing for the default, so that the digests of those who never set it stay what they were."""
    return () if settings.model_words == MOST_WORDS else (str(settings.model_words),)
