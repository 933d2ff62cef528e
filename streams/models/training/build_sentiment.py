"""How the sentiment models are made, from the data to the temperature of their probabilities."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from random import Random

import torch
from tokenizers import Tokenizer

from streams.models.training.corpora import (
    Sets,
)
from streams.models.training.encoder import E5, Encoder, narrowed
from streams.models.training.train_sentiment import (
    Recipe,
    SentimentNet,
    taught,
    to_rows,
    train,
)
from streams.models.training.vocabulary import build_tokenizer, cut_vocabulary

OWN = 2  # how often the package's own sentences are read in an epoch of Dutch
OWN_TARGETS = 3
ENGLISH_SHARE = 4  # one English text in so many stays in while Dutch is learned

TEACHER = Recipe(epochs=3, rate=6e-5)
STUDENT = Recipe(epochs=4, rate=1.5e-4)


def english(e5: E5, sets: Sets, ids: list[int]) -> SentimentNet:
    """The encoder trained on NewsMTSC with a vocabulary that holds its English and that of `ids`."""
    wide = sorted({*ids, *cut_vocabulary(e5, [text.text for text in sets.newsmtsc])})
    torch.manual_seed(1)
    model = SentimentNet(Encoder(e5, wide))
    rows = to_rows(sets.newsmtsc, build_tokenizer(e5, wide))
    train(model, [rows, rows], Recipe(rate=8e-5))
    model.encoder = narrowed(model.encoder, [wide.index(i) for i in ids])
    return model


def dutch(start: SentimentNet, sets: Sets, tokenizer: Tokenizer) -> SentimentNet:
    """The English model trained on: headlines, general news and targets, and a share of the English."""
    model = copy.deepcopy(start)
    steady = to_rows([*sets.headlines, *sets.general * OWN, *sets.targets * OWN_TARGETS], tokenizer)
    foreign = to_rows(sets.newsmtsc, tokenizer)
    return train(model, [steady + foreign[i::ENGLISH_SHARE] for i in range(TEACHER.epochs)], TEACHER)


def student(teacher: SentimentNet, keep: Sequence[int], sets: Sets, tokenizer: Tokenizer) -> SentimentNet:
    """The layers `keep` of the teacher, trained on its probabilities for the same texts and for unlabelled ones."""
    model = SentimentNet(narrowed(teacher.encoder, list(range(tokenizer.get_vocab_size())), list(keep)))
    model.head.load_state_dict(teacher.head.state_dict())
    labelled = to_rows([*sets.headlines, *sets.general, *sets.targets], tokenizer)
    others = to_rows([*sets.unlabelled, *sets.articles], tokenizer)
    rows, others = taught(teacher, labelled), taught(teacher, others)
    own = len(sets.general) + len(sets.targets)
    rows += rows[-own:]
    share = len(others) // STUDENT.epochs
    shuffled = Random(1).sample(others, len(others))
    epochs = [rows + shuffled[i * share : (i + 1) * share] for i in range(STUDENT.epochs)]
    return train(model, epochs, STUDENT)
