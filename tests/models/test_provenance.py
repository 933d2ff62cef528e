"""Which weights gave a result can be told from the weights' files alone."""

import re
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from streams.models import SentimentModel, load_pipeline, load_sentiment, pipeline_info
from streams.models.provenance import ModelInfo, digest

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def test_bundled_models_say_who_they_are(nlp: Language, sentiment: SentimentModel) -> None:
    for info in (pipeline_info(nlp), sentiment.info):
        assert info.name.startswith("nl_")
        assert info.version
        assert DIGEST.fullmatch(info.digest)


def test_models_have_digests_of_their_own() -> None:
    assert pipeline_info(load_pipeline()).digest != load_sentiment().info.digest


def test_the_tier_is_in_the_name() -> None:
    accurate, fast = (load_sentiment(tier=tier).info for tier in ("accurate", "fast"))
    assert accurate.digest == fast.digest, "one network"
    assert accurate.name.removesuffix("_accurate") == fast.name.removesuffix("_fast")


def test_the_digest_follows_the_weights(tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    weights.write_bytes(b"one")
    before = digest([weights])
    weights.write_bytes(b"two")
    assert digest([weights]) != before


def test_another_pipeline_is_named_after_its_meta(tmp_path: Path) -> None:
    nlp = spacy.blank("nl", meta={"name": "redactie", "version": "3.1"})
    nlp.add_pipe("entity_ruler")
    nlp.to_disk(tmp_path)
    info = pipeline_info(load_pipeline(package=str(tmp_path)))
    assert (info.name, info.version) == ("nl_redactie", "3.1")
    assert DIGEST.fullmatch(info.digest)


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"network\.onnx"):
        SentimentModel(tmp_path)


def test_infos_compare_by_value() -> None:
    assert ModelInfo("a", "1", "sha256:0") == ModelInfo("a", "1", "sha256:0")
