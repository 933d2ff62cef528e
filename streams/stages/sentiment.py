"""Sentiment of the article, of its sentences, and towards each of its entities."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from streams.contract.outcome import Ok, Outcome
from streams.contract.records import (
    BlockKind,
    Change,
    EnrichedArticle,
    Entity,
    Label,
    Probabilities,
    ScoredSentence,
    Sentiment,
    SentimentAbsent,
    Span,
    TaggedArticle,
    TargetSentiment,
)
from streams.stages.reading import MOST_WORDS, read_until
from streams.stages.sentences import gathered, sentence_spans

Triple = tuple[float, float, float]
"""Probabilities of negative, neutral, positive."""

HEADLINE, LEAD, OTHER, FRAGMENT = 3.0, 2.0, 1.0, 0.25
"""Weight of a sentence in the article's mean. Headline and lead say what the article is about; a crosshead,
or a sentence of less than four words outside the headline, says little. Chosen by hand, not fitted."""

_WEIGHTS = {BlockKind.HEADLINE: HEADLINE, BlockKind.LEAD: LEAD, BlockKind.CROSSHEAD: FRAGMENT}
_FRAGMENT_WORDS = 4
_MOST_EVIDENCE = 3
_LABELS = (Label.NEGATIVE, Label.NEUTRAL, Label.POSITIVE)


class SentenceSentiment(Protocol):
    """What a model says of a sentence, and of each target in it."""

    @property
    def probabilities(self) -> Triple: ...

    @property
    def targets(self) -> Sequence[Triple]: ...


class SentimentModel(Protocol):
    """Judges the sentences of one article; a target is a span of its sentence."""

    def score(
        self, sentences: Sequence[str], targets: Sequence[Sequence[tuple[int, int]]]
    ) -> Sequence[SentenceSentiment]: ...


class ScoreSentiment:
    """The stage `sentiment`. One call of the model per article, so that a result depends on it alone."""

    def __init__(self, model: SentimentModel, most_words: int = MOST_WORDS) -> None:
        self._model = model
        self._most_words = most_words

    def __call__(self, article: TaggedArticle) -> Outcome[EnrichedArticle]:
        """The article with its sentiment, or with the reason why there is none."""
        absent = _absent(article)
        sentences = [] if absent else _judged_sentences(article, _read_until(article, self._most_words))
        if not sentences:
            return Ok(_without(article, absent or SentimentAbsent.NOTHING_TO_JUDGE))
        named = _mentions_by_sentence(article.entities, sentences)
        targets = [[(m.start - s.start, m.end - s.start) for _, m in named[i]] for i, s in enumerate(sentences)]
        judged = self._model.score([article.text[s.start : s.end] for s in sentences], targets)
        towards: dict[str, list[tuple[Span, Triple]]] = defaultdict(list)
        for i, judgement in enumerate(judged):
            for (entity, _), triple in zip(named[i], judgement.targets, strict=True):
                towards[entity].append((sentences[i], triple))
        triples = [judgement.probabilities for judgement in judged]
        return Ok(_enriched(article, sentences, triples, towards))


def _absent(article: TaggedArticle) -> SentimentAbsent | None:
    if article.change is Change.KILL:
        return SentimentAbsent.KILLED
    return SentimentAbsent.UNSUPPORTED_LANGUAGE if article.skipped else None


def _without(article: TaggedArticle, reason: SentimentAbsent) -> EnrichedArticle:
    fields = msgspec.structs.asdict(article)
    return EnrichedArticle(**fields, sentiment=None, sentiment_absent=reason, sentences=())


def _read_until(article: TaggedArticle, most_words: int) -> int:
    """Not further than the recogniser read."""
    unread = article.left_out.characters if article.left_out else 0
    return min(read_until(article.text, most_words), len(article.text) - unread)


def _judged_sentences(article: TaggedArticle, end: int) -> list[Span]:
    """Sentences that begin before `end` and hold a letter, without blocks that repeat the body."""
    blocks = [block for block in article.blocks if not block.repeats_body]
    if article.blocks and not blocks:
        return []
    spans = gathered(sentence_spans(article.text, blocks), blocks)
    read = (span for span in spans if span.start < end)
    return [span for span in read if any(map(str.isalpha, article.text[span.start : span.end]))]


def _mentions_by_sentence(entities: Sequence[Entity], sentences: Sequence[Span]) -> dict[int, list[tuple[str, Span]]]:
    """For each sentence by its number: the mentions that lie in it, with their entity's id, in order."""
    starts = [sentence.start for sentence in sentences]
    named: dict[int, list[tuple[str, Span]]] = defaultdict(list)
    for mention, entity in sorted(((m, e.id) for e in entities for m in e.mentions), key=lambda pair: pair[0].start):
        i = bisect_right(starts, mention.start) - 1
        if i >= 0 and mention.end <= sentences[i].end:
            named[i].append((entity, mention))
    return named


def _enriched(
    article: TaggedArticle,
    sentences: Sequence[Span],
    triples: Sequence[Triple],
    towards: Mapping[str, Sequence[tuple[Span, Triple]]],
) -> EnrichedArticle:
    whole = _mean(triples, _sentence_weights(article, sentences))
    scored = tuple(
        ScoredSentence(start=s.start, end=s.end, score=_score(p)) for s, p in zip(sentences, triples, strict=True)
    )
    fields = msgspec.structs.asdict(article)
    fields["entities"] = tuple(
        msgspec.structs.replace(entity, sentiment=_towards(towards.get(entity.id, ()))) for entity in article.entities
    )
    return EnrichedArticle(**fields, sentiment=_sentiment(whole), sentences=scored)


def _sentence_weights(article: TaggedArticle, sentences: Sequence[Span]) -> list[float]:
    blocks = sorted(article.blocks, key=lambda block: block.start)
    starts = [block.start for block in blocks]
    weights = []
    for sentence in sentences:
        i = bisect_right(starts, sentence.start) - 1
        kind = blocks[i].kind if i >= 0 else BlockKind.PARAGRAPH
        short = len(article.text[sentence.start : sentence.end].split()) < _FRAGMENT_WORDS
        fragment = short and kind is not BlockKind.HEADLINE
        weights.append(FRAGMENT if fragment else _WEIGHTS.get(kind, OTHER))
    return weights


def _mean(triples: Sequence[Triple], weights: Sequence[float]) -> Triple:
    total = sum(weights)
    negative, neutral, positive = (
        sum(w * triple[i] for w, triple in zip(weights, triples, strict=True)) / total for i in range(3)
    )
    return negative, neutral, positive


def _sentiment(triple: Triple) -> Sentiment:
    negative, positive = round(triple[0], 4), round(triple[2], 4)
    probabilities = Probabilities(negative=negative, neutral=round(1 - negative - positive, 4), positive=positive)
    return Sentiment(label=_label(triple), score=_score(triple), probabilities=probabilities)


def _towards(judged: Sequence[tuple[Span, Triple]]) -> TargetSentiment | None:
    """Of all mentions: the mean, each weighted by what it is not neutral, so that one clear judgement is not
    drowned in mentions in passing. Evidence: up to three sentences that carry the label, the clearest ones."""
    if not judged:
        return None
    triples = [triple for _, triple in judged]
    mean = _mean(triples, [1.001 - neutral for _, neutral, _ in triples])
    label = _label(mean)
    at = _LABELS.index(label)
    carrying = [pair for pair in judged if _label(pair[1]) is label] or judged
    strength: dict[tuple[int, int], float] = {}
    for sentence, triple in carrying:
        place = sentence.start, sentence.end
        strength[place] = max(strength.get(place, 0.0), triple[at])
    clearest = sorted(strength, key=lambda place: (-strength[place], place))[:_MOST_EVIDENCE]
    evidence = tuple(Span(start=start, end=end) for start, end in sorted(clearest))
    return TargetSentiment(label=label, score=_score(mean), evidence=evidence)


def _label(triple: Triple) -> Label:
    """The most probable label; neutral where it ties with another."""
    best = max(triple)
    return Label.NEUTRAL if triple[1] == best else _LABELS[triple.index(best)]


def _score(triple: Triple) -> float:
    """Positive minus negative, in −1..1, four decimals."""
    return round(triple[2] - triple[0], 4)
