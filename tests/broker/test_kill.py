"""The promise, with the models that ship: workers killed in mid-stream, one joins and leaves, nothing is lost."""

import json
import re
import time
from collections.abc import Iterator

import pytest

from streams.cli.demo import sample
from streams.contract.event import Event
from streams.settings import Settings
from streams.stages.graph import build_stages
from tests.broker.support import SHIPPED, Item, Run, differing

pytestmark = [pytest.mark.broker, pytest.mark.timeout(1200)]
ARTICLES = 2_000
POISONED = 20
KILLS = (0.10, 0.30, 0.50, 0.70)  # share of the articles that is out when a worker is killed


def flashes() -> Iterator[str]:
    """Short texts without end: sentences of the sample wire, two by two."""
    (normalise,) = build_stages(Settings(), ["normalise"])
    results = [result for item in sample() for result in normalise.work(item.message())]
    bodies = [r.article.text for r in results if isinstance(r, Event) and not r.article.skipped]
    sentences = [s for body in bodies for s in re.findall(r"[A-Z][^.\n]{30,90}\.", body)]
    for number in range(1_000_000):
        yield f"{sentences[number % len(sentences)]} {sentences[(7 * number + 3) % len(sentences)]}"


def test_2000_articles_through_killed_workers(run: Run, embedded: bool) -> None:
    """0 lost, 0 events of one `ce_id` that differ, and repeats, since the kills hit something."""
    texts = flashes()
    items: list[Item] = [
        (f"u{i}", json.dumps({"uri": f"u{i}", "language": "nl", "body_text": next(texts)}).encode(), [])
        for i in range(ARTICLES)
    ]
    poison: list[Item] = [(f"p{i}", b'{"uri": "kapot', []) for i in range(POISONED)]
    worker = run.start(SHIPPED)
    run.send(items[:1000] + poison + items[1000:])
    guest = None
    for number, share in enumerate(KILLS):
        target = int(share * ARTICLES)
        run.wait_until(run.articles(target), 300, f"{target} articles")
        if embedded:
            run.wait_until(run.settled, 60, "partitions for every worker")
        assert len(run.enriched.by_key()) < ARTICLES, "a kill must come before the end"
        worker.kill()
        worker = run.start(SHIPPED)
        if number == 0:
            guest = run.start(SHIPPED)  # joins beside the restarted one …
        if number == 2 and guest:
            assert guest.stop() == 0  # … and leaves in order
    run.wait_until(lambda: len(run.enriched.by_key()) == ARTICLES, 300, "every article")
    run.wait_until(lambda: len({r.key for r in run.dead_letters.records}) == POISONED, 60, "every poisoned item")
    time.sleep(2)
    repeats = len(run.enriched.records) - ARTICLES
    print(
        f"\n{ARTICLES} articles and {POISONED} poisoned items, {len(KILLS)} SIGKILLs, one worker joined and left: "
        f"0 lost, {repeats} repeats, {len(differing(run.enriched.records))} differing under one ce_id"
    )
    assert differing(run.enriched.records) == []
    assert repeats > 0, "without repeats the kills hit nothing"
