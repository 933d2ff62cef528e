"""The models: entities as a spaCy pipeline, sentiment, and which weights they are.

The bundled ones are loaded by language and tier; any other spaCy pipeline by package name or path.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import spacy
from spacy.language import Language

from streams.models import entities as _entities  # noqa: F401  registers its spaCy components
from streams.models.labels import ENTITY_TYPES
from streams.models.packages import load_package
from streams.models.provenance import ModelInfo, pipeline_info
from streams.models.sentiment import Probabilities, SentenceSentiment, SentimentModel

__all__ = [
    "ENTITY_TYPES",
    "LANGUAGES",
    "TIERS",
    "ModelInfo",
    "Probabilities",
    "SentenceSentiment",
    "SentimentModel",
    "load_pipeline",
    "load_sentiment",
    "pipeline_info",
]

LANGUAGES: Final = ("nl",)
"""Languages with bundled models."""

TIERS: Final = ("accurate", "fast")
"""Tiers with bundled models: as right as can be, or several times as fast for back-fills and firehoses."""


def load_pipeline(language: str = "nl", tier: str = "accurate", package: str | None = None) -> Language:
    """A spaCy pipeline whose `doc.ents` are PER, ORG, LOC and MISC and whose `doc.sents` are set.

    `package` names any installed spaCy pipeline, or a folder with one, to use in place of the bundled one;
    its labels are mapped by `streams.models.labels`.

    Raises ValueError for a language or tier that is not bundled, and for a package that does not load or would find no
    entity in any text; OSError for a package that is not there.
    """
    return spacy.load(_bundled("entities", language, tier)) if package is None else load_package(package)


def load_sentiment(language: str = "nl", tier: str = "accurate", threads: int = 1) -> SentimentModel:
    """The bundled sentiment model; there is one, which every tier uses.

    Raises ValueError for a language or tier that is not bundled.
    """
    return SentimentModel(_bundled("sentiment", language, tier), threads)


def _bundled(kind: str, language: str, tier: str) -> Path:
    if language not in LANGUAGES:
        raise ValueError(f"no model is bundled for language {language!r}, only for {', '.join(LANGUAGES)}")
    if tier not in TIERS:
        raise ValueError(f"tier is one of {', '.join(TIERS)}, not {tier!r}")
    folder = {"entities": f"entities-{tier}", "sentiment": "sentiment"}[kind]
    return Path(__file__).parent / language / folder
