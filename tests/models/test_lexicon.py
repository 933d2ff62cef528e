"""What pieces say by themselves is learned from texts that are judged. Needs the extra `train`."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs torch, of the extra `train`")
pytest.importorskip("krippendorff", reason="needs krippendorff, of the extra `train`")

from streams.models.training.lexicon import lexicon  # noqa: E402
from streams.models.training.train_sentiment import Row, smoothed  # noqa: E402

WINST, VERLIES, VANDAAG, UNSEEN = range(4)
NEGATIVE, _, POSITIVE = range(3)

ROWS = [
    Row([WINST, VANDAAG], smoothed(POSITIVE), []),
    Row([VERLIES, VANDAAG], smoothed(NEGATIVE), []),
    Row([VERLIES, WINST, VANDAAG], None, [([1], smoothed(POSITIVE))]),  # nobody judged the text itself
]


def test_a_piece_says_what_the_texts_say_that_it_stands_in() -> None:
    found = lexicon(ROWS, pieces=4).numpy()
    assert found[WINST].argmax() == POSITIVE
    assert found[VERLIES].argmax() == NEGATIVE
    assert found[VANDAAG, POSITIVE] == pytest.approx(found[VANDAAG, NEGATIVE], abs=1e-3)


def test_a_piece_that_was_never_seen_says_nothing() -> None:
    assert (lexicon(ROWS, pieces=4).numpy()[UNSEEN] == np.zeros(3)).all()
