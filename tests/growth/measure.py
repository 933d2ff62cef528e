"""How the time of an article grows with its length, in processor time, which other processes do not change."""

import math
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from streams.contract.message import Message
from streams.contract.outcome import DeadLetter
from streams.contract.records import Article, TaggedArticle
from streams.settings import Settings
from streams.stages.entities import TagEntities
from streams.stages.normalise import Normalise
from streams.stages.sentiment import ScoreSentiment
from streams.stages.stage import Stage, apply, reading, single
from tests.growth.kinds import Made
from tests.stages.fakes import FakeSentiment, RawSpan, fake_nlp

EXPONENT = 1.2
SHORT = 0.1  # seconds; what takes less may grow as it likes
TURNS = 4  # the best of so many, for what seems to grow too fast

_NAME = re.compile(r"[A-Z]\w{0,30}(?: [A-Z]\w{0,30}){0,3}")
_TYPES = ("PER", "PER", "ORG", "LOC", "MISC")


@dataclass(frozen=True)
class Cost:
    """What one article took: seconds of processor time, and what came of it."""

    seconds: float
    result: Article | DeadLetter
    size: int


def without_networks() -> list[Stage]:
    """The stages with all their text handling; whatever has a capital is a name, and nothing has a tone."""
    tag = TagEntities(fake_nlp(_names))
    works = {
        "normalise": single(Normalise()),
        "entities": reading(Article, tag),
        "sentiment": reading(TaggedArticle, ScoreSentiment(FakeSentiment())),
    }
    topics = Settings().topics
    return [Stage(name=name, topics=topics, work=work) for name, work in works.items()]


def _names(text: str) -> Iterator[RawSpan]:
    return ((m.start(), m.end(), _TYPES[sum(map(ord, m[0])) % len(_TYPES)]) for m in _NAME.finditer(text))


def cost(stages: Sequence[Stage], message: Message) -> Cost:
    """One article through the stages, as far as it comes."""
    began = time.process_time()
    for stage in stages:
        applied = apply(stage, message)
        (result,), (sent,) = applied.results, applied.outgoing
        if isinstance(result, DeadLetter):
            break
        message = Message(sent.value, sent.key, sent.headers)
    outcome = result if isinstance(result, DeadLetter) else result.article
    return Cost(time.process_time() - began, outcome, len(sent.value or b""))


def too_steep(stages: Sequence[Stage], made: Made, sizes: Sequence[int]) -> str | None:
    """What is wrong, if the time grows faster than the length to the power of 1.2; larger sizes are then not tried."""
    seen: list[float] = []
    for size in sizes:
        seen.append(cost(stages, made(size)).seconds)
        if len(seen) < 2:
            continue
        turns = 1
        while exponent(seen[-2:], sizes[len(seen) - 2 : len(seen)]) > EXPONENT and seen[-1] > SHORT:
            if turns == TURNS:
                times = ", ".join(f"{at:,} bytes {took:.2f} s" for at, took in zip(sizes, seen, strict=False))
                return f"exponent {exponent(seen[-2:], sizes[len(seen) - 2 : len(seen)]):.2f}: {times}"
            turns += 1
            seen[-1] = min(seen[-1], cost(stages, made(size)).seconds)
    return None


def exponent(seconds: Sequence[float], sizes: Sequence[int]) -> float:
    """The slope of the time on logarithmic scales, between two sizes."""
    ((less, more),) = pairwise(seconds)
    return math.log(more / max(less, 1e-3)) / math.log(sizes[1] / sizes[0])
