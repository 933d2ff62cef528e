"""What came out of a run, and what is still due."""

from streams.contract.records import EnrichedArticle
from streams.outputs.tally import Tally
from tests.contract.examples import enriched

FIRST = ("urn:x:1", 1)
SECOND = ("urn:x:2", 1)


def article(identity: str, version: int = 1, **changes: object) -> EnrichedArticle:
    return enriched(id=identity, version=version, **changes)


def test_complete_and_right_once_all_is_out() -> None:
    tally = Tally({FIRST, SECOND}, unreadable={b"{kapot"})
    tally.add(article("urn:x:1"), 0.1)
    assert tally.missing() == [SECOND]
    tally.add(article("urn:x:2"), 0.2)
    assert not tally.complete
    tally.add_dead_letter("not_parsed", "news.raw/0/7", b"{kapot")
    assert not tally.add_dead_letter("not_parsed", "news.raw/0/7", b"{kapot"), "a repeat"
    assert not tally.add_dead_letter("not_parsed", "news.raw/0/9", b"{kapot"), "retried, and dead again"
    assert tally.complete
    assert tally.right
    assert tally.missing() == []


def test_each_version_is_an_article_of_its_own() -> None:
    tally = Tally({("urn:x:1", 1), ("urn:x:1", 2)}, unreadable=set())
    tally.add(article("urn:x:1", 1), 0.1)
    assert tally.missing() == [("urn:x:1", 2)]


def test_one_dead_letter_too_many_is_not_right() -> None:
    tally = Tally({FIRST}, unreadable=set())
    tally.add(article("urn:x:1"), 0.1)
    tally.add_dead_letter("stage_raised", "news.articles/0/7", b"{}", b"urn:x:1")
    assert tally.complete
    assert not tally.right


def test_a_repeat_counts_once() -> None:
    tally = Tally({FIRST}, unreadable=set())
    assert tally.add(article("urn:x:1"), 0.1)
    assert not tally.add(article("urn:x:1"), 9.0)
    assert (tally.entities, tally.sentiment) == ({"PER": 1}, {"negative": 1})
    assert tally.words == len(enriched().text.split())
    assert tally.latencies == [0.1]


def test_an_article_without_sentiment() -> None:
    tally = Tally({FIRST}, unreadable=set())
    tally.add(article("urn:x:1", sentiment=None), 0.1)
    assert tally.sentiment == {"none": 1}


def test_what_somebody_else_sent_is_counted_beside_the_sample() -> None:
    """47 of 47, not 48, and the sample is as right as it was."""
    tally = Tally({FIRST}, unreadable={b"{kapot"})
    assert tally.add(article("urn:own:1"), 0.1)
    assert tally.add_dead_letter("not_parsed", "news.raw/1/3", b"{own")
    assert not tally.add_dead_letter("not_parsed", "news.raw/1/3", b"{own"), "a repeat"
    assert not tally.complete
    assert not tally.through
    tally.add(article("urn:x:1"), 0.1)
    tally.add_dead_letter("not_parsed", "news.raw/0/7", b"{kapot")
    assert tally.right
    assert (len(tally.seen), len(tally.own), tally.dead, len(tally.own_dead)) == (1, 1, 1, 1)


def test_median_latency() -> None:
    tally = Tally(set(), unreadable=set())
    assert tally.median_latency() == 0.0
    for number, latency in enumerate([0.5, 0.1, 0.9]):
        tally.add(article(f"urn:x:{number}"), latency)
    assert tally.median_latency() == 0.5
