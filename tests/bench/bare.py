"""The limit: stages in a loop, without a broker.

`python -m tests.bench.bare stages` does entities, quotes and sentiment on articles already normalised; `… pipe` only
`nlp.pipe`, so entities without all that follows. For each number on standard input, that many articles; prints the
seconds they took.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Literal

from streams.contract.outcome import Ok
from streams.contract.records import Article
from streams.models import load_pipeline, load_sentiment
from streams.stages.entities import TagEntities
from streams.stages.sentiment import ScoreSentiment
from tests.bench.machine import pin
from tests.bench.texts import wire

_WARM = 10  # articles

What = Literal["stages", "pipe"]


class Bare:
    """Processes that do the bare stages, one on each core of `on`, whenever they are asked."""

    def __init__(self, processes: Sequence["subprocess.Popen[str]"]) -> None:
        self._processes = processes

    def rate(self, articles: int) -> float:
        """Articles/s of all together, each doing its next `articles`."""
        for process in self._processes:
            assert process.stdin
            print(articles, file=process.stdin, flush=True)
        return sum(articles / _answer(process) for process in self._processes)


@contextmanager
def bare(on: Sequence[int], what: What = "stages") -> Iterator[Bare]:
    """They are warm when the context begins, and end with it. Raises RuntimeError for one that ends by itself."""
    processes = []
    try:
        for core in on:
            command = [sys.executable, "-m", "tests.bench.bare", what]
            processes.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
            pin(processes[-1].pid, core)
        one = Bare(processes)
        one.rate(_WARM)
        yield one
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def _answer(process: "subprocess.Popen[str]") -> float:
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        raise RuntimeError("the bare stages ended; see above")
    return float(line)


def _stages() -> Callable[[Sequence[Article]], None]:
    tag, score = TagEntities(load_pipeline()), ScoreSentiment(load_sentiment())

    def work(articles: Sequence[Article]) -> None:
        for article in articles:
            tagged = tag(article)
            assert isinstance(tagged, Ok)
            assert isinstance(score(tagged.value), Ok)

    return work


def _pipe() -> Callable[[Sequence[Article]], None]:
    nlp = load_pipeline()

    def work(articles: Sequence[Article]) -> None:
        assert sum(1 for _ in nlp.pipe(article.text for article in articles)) == len(articles)

    return work


def main() -> None:
    """Loads the models, then measures."""
    articles = (article for _, article in wire())
    work = _pipe() if sys.argv[1:] == ["pipe"] else _stages()
    for line in sys.stdin:
        some = list(islice(articles, int(line)))
        began = time.perf_counter()
        work(some)
        print(time.perf_counter() - began, flush=True)


if __name__ == "__main__":
    main()
