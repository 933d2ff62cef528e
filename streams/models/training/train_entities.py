"""Fine-tuning the encoder to tag entities, with the article as context.

Every epoch lays each article out anew as raw text (paragraphs, quote marks, dashes), takes it through the
tokenisation of run time, and packs its sentences into segments of a length drawn between 40 and 200 pieces.
A small model learns from a larger one as well: from the probabilities it gives each tag, also in text that
nobody has annotated.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random

import numpy as np
import torch
from numpy.typing import NDArray
from spacy.language import Language
from torch import Tensor, nn

from streams.models.decoding import best_tags, spans
from streams.models.labels import TAGS
from streams.models.pieces import PADDING, Segment, WordPieces, segments
from streams.models.training.batching import pad, schedule, update
from streams.models.training.corpora import Span, Style, Tagged, raw_document, raw_sentence
from streams.models.training.encoder import Encoder

IGNORED = -100  # the label of a piece that is not the first of its token
UNKNOWN = -1  # the label of the first piece of a token that nobody has annotated
SOFTENING = 2.0  # what the scores are divided by before a small model is told to match them

Teacher = Callable[[Sequence[list[int]]], list[NDArray[np.float32]]]
"""Rows of piece ids to their scores (pieces, tags), as `Network.run`."""


@dataclass(frozen=True)
class Recipe:
    """Settings of a training run."""

    epochs: int = 8
    rate: float = 1.2e-4
    smoothing: float = 0.05
    batch_pieces: int = 1500
    warm_up: float = 0.1
    average: float = 0.995  # decay of the running average of the weights, which is what is kept
    layouts: int = 8  # how many times the articles are laid out; later epochs see the first ones again
    seed: int = 1


class Tagger(nn.Module):
    """Piece ids and mask (batch, length) to scores (batch, length, tags)."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder, self.dropout = encoder, nn.Dropout(0.1)
        self.head = nn.Linear(encoder.hidden, len(TAGS))

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        scores: Tensor = self.head(self.dropout(self.encoder(ids, mask)))
        return scores


@dataclass
class Example:
    """Piece ids of a segment, the label of each, and the scores (pieces, tags) of a teacher."""

    ids: list[int]
    labels: list[int]
    scores: NDArray[np.float32] | None = None


Sentences = Sequence[Sequence[Tagged]]


def lay_out(sentences: Sentences, random: Random) -> tuple[str, list[Span]]:
    """An article as raw text in a style drawn for it; paragraphs of four, or broken at random and after titles."""
    style, regular, offset = Style.draw(random), random.random() < 0.7, random.randrange(4)
    text, found = "", []
    for i, sentence in enumerate(sentences):
        part, entities = raw_sentence(sentence, style, random)
        if i:
            title = not text.endswith((".", "!", "?", '"', "”", "’"))
            broken = (i + offset) % 4 == 0 if regular else title or random.random() < 0.4
            text += "\n\n" if broken else " "
        found += [(start + len(text), end + len(text), label) for start, end, label in entities]
        text += part
    return text, found


def labelled(
    nlp: Language, words: WordPieces, text: str, entities: list[Span], close: Iterator[int] | None
) -> Iterator[Example]:
    """The segments of a text with a label for each piece."""
    doc = nlp(text)
    tags = ["O"] * len(doc)
    for start, end, label in entities:
        span = doc.char_span(start, end, alignment_mode="expand")
        assert span is not None  # expanded to whole tokens, it always is a span
        for word in span:
            tags[word.i] = f"I-{label}"
        tags[span.start] = f"B-{label}"
    for segment in segments(doc, words.of_doc(doc), close):
        labels = [IGNORED] * len(segment.ids)
        for first, token in zip(segment.firsts, segment.tokens, strict=True):
            labels[first] = TAGS.index(tags[token])
        yield Example(segment.ids, labels)


def unlabelled(nlp: Language, words: WordPieces, text: str) -> Iterator[Example]:
    """The segments of a text that nobody has annotated."""
    for example in labelled(nlp, words, text, [], None):
        example.labels = [label if label == IGNORED else UNKNOWN for label in example.labels]
        yield example


def epoch_examples(documents: Sequence[Sentences], nlp: Language, words: WordPieces, random: Random) -> list[Example]:
    """All articles laid out anew, in segments of a drawn length."""
    lengths = iter(lambda: random.randint(40, 200), None)
    return [e for sentences in documents for e in labelled(nlp, words, *lay_out(sentences, random), lengths)]


def taught(examples: list[Example], teacher: Teacher) -> list[Example]:
    """The examples with the scores of the teacher, which are asked for in the order of length."""
    ordered = sorted(examples, key=lambda e: len(e.ids))
    for start in range(0, len(ordered), 64):
        part = ordered[start : start + 64]
        for example, scores in zip(part, teacher([e.ids for e in part]), strict=True):
            example.scores = scores
    return examples


def batches(examples: list[Example], size: int, random: Random) -> list[list[Example]]:
    """Batches of examples of about one length, `size` pieces each with padding, in random order."""
    ordered = sorted(examples, key=lambda e: len(e.ids) + random.random() * 20)
    found: list[list[Example]] = [[]]
    for example in ordered:
        if found[-1] and (len(found[-1]) + 1) * max(len(example.ids), len(found[-1][-1].ids)) > size:
            found.append([])
        found[-1].append(example)
    random.shuffle(found)
    return found


def predict(model: Tagger, parts: Sequence[Segment]) -> list[tuple[int, int, str]]:
    """Entity spans, in tokens, of the segments of one article."""
    ids = pad([part.ids for part in parts], PADDING)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        scores = model(ids, (ids != PADDING).long()).float().numpy()
    found = []
    for row, part in zip(scores, parts, strict=True):
        for start, end, label in spans(best_tags(row[part.firsts])):
            found.append((part.tokens[start], part.tokens[end - 1] + 1, label))
    return found


def span_f1(model: Tagger, documents: Sequence[Sentences], nlp: Language, words: WordPieces) -> float:
    """Span-F1 from raw text."""
    model.eval()
    right = guessed = gold = 0
    for sentences in documents:
        text, entities = raw_document(sentences)
        doc = nlp(text)
        found = {
            (doc[a].idx, doc[b - 1].idx + len(doc[b - 1]), label)
            for a, b, label in predict(model, segments(doc, words.of_doc(doc)))
        }
        right, guessed, gold = right + len(found & set(entities)), guessed + len(found), gold + len(entities)
    return 2 * right / max(1, guessed + gold)


def loss_of(model: Tagger, batch: Sequence[Example], smoothing: float) -> Tensor:
    """Cross-entropy of the tags of first pieces; with a teacher, mostly the distance to its softened scores."""
    ids, labels = pad([e.ids for e in batch], PADDING), pad([e.labels for e in batch], IGNORED)
    with torch.autocast("cpu", torch.bfloat16):
        scores = model(ids, (ids != PADDING).long()).float()
    known = labels >= 0
    loss = scores.new_zeros(())
    if known.any():
        loss = nn.functional.cross_entropy(scores[known], labels[known], label_smoothing=smoothing)
    if any(e.scores is None for e in batch):
        return loss
    chosen = labels != IGNORED
    wanted = nn.utils.rnn.pad_sequence([torch.from_numpy(e.scores) for e in batch], batch_first=True)
    learnt, shown = scores[chosen] / SOFTENING, wanted[chosen] / SOFTENING
    distance = nn.functional.kl_div(learnt.log_softmax(-1), shown.softmax(-1), reduction="batchmean")
    return 0.3 * loss + SOFTENING * distance


def train(
    model: Tagger, documents: Sequence[Sentences], dev: Sequence[Sentences], nlp: Language, words: WordPieces,
    recipe: Recipe, teacher: Teacher | None = None, texts: Sequence[str] = (),
) -> Tagger:  # fmt: skip
    """Train on `documents`, print dev F1 by epoch, and return the running average of the weights.

    With a `teacher` the model learns from its scores too, and from those of `texts`, which have no labels.
    """
    torch.manual_seed(recipe.seed)
    random = Random(recipe.seed)
    layouts = [epoch_examples(documents, nlp, words, random) for _ in range(min(recipe.layouts, recipe.epochs))]
    if teacher:
        layouts = [taught(examples, teacher) for examples in layouts]
        more = taught([e for text in texts for e in unlabelled(nlp, words, text)], teacher)
        layouts = [examples + more for examples in layouts]
    epochs = [batches(list(e), recipe.batch_pieces, random) for e in islice(cycle(layouts), recipe.epochs)]
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe.rate, weight_decay=0.01, fused=True)
    scheduler = schedule(optimizer, sum(map(len, epochs)), recipe.warm_up)
    averaged = copy.deepcopy(model)
    for number, epoch in enumerate(epochs, 1):
        model.train()
        losses = []
        for batch in epoch:
            loss = loss_of(model, batch, recipe.smoothing)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            scheduler.step()
            losses.append(loss.item())
            update(averaged, model, recipe.average)
        dev_f1 = span_f1(averaged, dev, nlp, words)
        print(f"epoch {number}: loss {sum(losses) / len(losses):.4f}, dev F1 {dev_f1:.4f}", flush=True)
    averaged.eval()
    return averaged
