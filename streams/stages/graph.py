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
from streams.stages.sentiment import ScoreSentiment
from streams.stages.stage import Built, Stage, reading, single


def build_stages(settings: Settings, names: Sequence[str] = ()) -> list[Stage]:
    """The stages of these names, or all, models loaded. Raises OSError or ValueError where a model does not load."""
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
    nlp = load_pipeline(tier=settings.tier, package=settings.entities_package)
    gazetteer = Gazetteer.load(settings.gazetteer) if settings.gazetteer else None
    work = reading(Article, TagEntities(nlp, gazetteer))
    return Built(work, pipeline_info(nlp), (gazetteer.digest if gazetteer else "",))


def sentiment(settings: Settings) -> Built:
    """Sentiment of the article, its sentences and towards its entities."""
    model = load_sentiment(tier=settings.tier)
    return Built(reading(TaggedArticle, ScoreSentiment(model)), model.info)
