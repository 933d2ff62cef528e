"""What came out of a run, and what is still due."""

from streams.contract.records import EnrichedArticle
from streams.outputs.tally import Tally
from tests.contract.examples import enriched

FIRST = ("urn:x:1", 1)
SECOND = ("urn:x:2", 1)


def article(identity: str, version: int = 1, **changes: object) -> EnrichedArticle:
    return enriched(id=identity, version=version, **changes)


def test_complete_and_right_once_all_is_out() -> None:
    tally = Tally({FIRST, SECOND}, unreadable=1)
    tally.add(article("urn:x:1"), 0.1)
    assert tally.missing() == [SECOND]
    tally.add(article("urn:x:2"), 0.2)
    assert not tally.complete
    tally.add_dead_letter("not_parsed", "news.raw/0/7")
    assert not tally.add_dead_letter("not_parsed", "news.raw/0/7"), "a repeat"
    assert tally.complete
    assert tally.right
    assert tally.missing() == []


def test_each_version_is_an_article_of_its_own() -> None:
    tally = Tally({("urn:x:1", 1), ("urn:x:1", 2)}, unreadable=0)
    tally.add(article("urn:x:1", 1), 0.1)
    assert tally.missing() == [("urn:x:1", 2)]


def test_one_dead_letter_too_many_is_not_right() -> None:
    tally = Tally({FIRST}, unreadable=0)
    tally.add(article("urn:x:1"), 0.1)
    tally.add_dead_letter("stage_raised", "news.articles/0/7")
    assert tally.complete
    assert not tally.right


def test_a_repeat_counts_once() -> None:
    tally = Tally({FIRST}, unreadable=0)
    assert tally.add(article("urn:x:1"), 0.1)
    assert not tally.add(article("urn:x:1"), 9.0)
    assert (tally.entities, tally.sentiment) == ({"PER": 1}, {"negative": 1})
    assert tally.words == len(enriched().text.split())
    assert tally.latencies == [0.1]


def test_an_article_without_sentiment() -> None:
    tally = Tally({FIRST}, unreadable=0)
    tally.add(article("urn:x:1", sentiment=None), 0.1)
    assert tally.sentiment == {"none": 1}


def test_what_nobody_expected_is_counted_and_does_not_complete() -> None:
    tally = Tally({FIRST}, unreadable=0)
    tally.add(article("urn:x:9"), 0.1)
    assert not tally.complete


def test_median_latency() -> None:
    tally = Tally(set(), unreadable=0)
    assert tally.median_latency() == 0.0
    for number, latency in enumerate([0.5, 0.1, 0.9]):
        tally.add(article(f"urn:x:{number}"), latency)
    assert tally.median_latency() == 0.5
