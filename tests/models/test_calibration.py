"""Scores become calibrated probabilities, and a model keeps what was found in its head. Needs the extra `train`."""

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs torch, of the extra `train`")
pytest.importorskip("krippendorff", reason="needs krippendorff, of the extra `train`")

from streams.models.training.train_sentiment import CLASSES, SentimentNet  # noqa: E402
from streams.models.training.validation import (  # noqa: E402
    Calibration,
    Scores,
    calibration,
    calibration_error,
    probabilities,
)

TRUTH = Calibration(2.0, np.array([0.5, 0.0, -0.5]))


def too_sure(rows: int = 20_000) -> Scores:
    """Scores of which the temperature and the bias of `TRUTH` make the probabilities that the classes are drawn by."""
    random = np.random.default_rng(0)
    scores = random.normal(0, 2, (rows, CLASSES))
    chances = probabilities(scores / TRUTH.temperature + TRUTH.bias)
    return Scores(scores, (random.random((rows, 1)) > chances.cumsum(1)).sum(1))


def test_temperature_and_bias_are_found_again() -> None:
    found = calibration(too_sure(), biased=True)
    assert found.temperature == pytest.approx(TRUTH.temperature, rel=0.05)
    assert found.bias == pytest.approx(TRUTH.bias, abs=0.05)


def test_probabilities_are_then_as_often_right_as_they_say() -> None:
    scores = too_sure()
    assert calibration_error(scores) > 0.15
    assert calibration_error(calibration(scores, biased=True)(scores)) < 0.02


def test_without_a_bias_the_most_probable_class_stays_the_same() -> None:
    scores = too_sure()
    found = calibration(scores, biased=False)
    assert found.bias == pytest.approx([0, 0, 0])
    assert (found(scores).scores.argmax(1) == scores.scores.argmax(1)).all()


def test_the_model_takes_the_calibration_in() -> None:
    """So run time needs to know nothing of it."""

    class Plain(torch.nn.Module):  # type: ignore[misc, name-defined]
        hidden = 4

        def forward(self, ids: Any, _mask: Any) -> Any:
            return torch.nn.functional.one_hot(ids, 4).float()

    model = SentimentNet(Plain()).eval()
    model.consult(torch.randn(4, CLASSES))
    ids = torch.tensor([[0, 1, 2, 3]])
    before = model(ids, ids).detach().numpy()
    model.calibrate(TRUTH, Calibration(0.5, np.zeros(CLASSES)))
    after = model(ids, ids).detach().numpy()
    assert after[..., :CLASSES] == pytest.approx(before[..., :CLASSES] / 2 + TRUTH.bias, abs=1e-5)
    assert after[..., CLASSES:] == pytest.approx(before[..., CLASSES:] / 0.5, abs=1e-5)
