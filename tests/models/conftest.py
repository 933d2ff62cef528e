"""The bundled models, loaded once for all tests."""

import pytest
from spacy.language import Language

from streams.models import TIERS, SentimentModel, load_pipeline, load_sentiment


@pytest.fixture(scope="session", params=TIERS)
def nlp(request: pytest.FixtureRequest) -> Language:
    return load_pipeline(tier=request.param)


@pytest.fixture(scope="session", params=TIERS)
def sentiment(request: pytest.FixtureRequest) -> SentimentModel:
    return load_sentiment(tier=request.param)
