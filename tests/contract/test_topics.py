"""Names, sizes and consumer groups of an installation."""

from itertools import pairwise

import pytest

from streams.contract.graph import stage_names
from streams.contract.topics import STATE_MAX_BYTES, Retention, changelog, consumer_group, topics


def test_names_and_retention() -> None:
    assert {topic.name: (topic.retention_ms or 0) // 86_400_000 for topic in topics()} == {
        "news.raw": 7,
        "news.articles": 7,
        "news.entities": 7,
        "news.enriched": 30,
        "news.dead-letters": 30,
    }


def test_retention_is_chosen_by_kind() -> None:
    """Half a day is a choice too: Kafka counts in milliseconds."""
    kept = topics(kept=Retention(internal=0.5, enriched=400, dead_letters=90))
    assert [(topic.retention_ms or 0) / 86_400_000 for topic in kept] == [0.5, 0.5, 0.5, 400, 90]


def test_names_follow_the_prefix() -> None:
    assert [topic.name for topic in topics("anp-test.", partitions=2)] == [
        "anp-test.raw",
        "anp-test.articles",
        "anp-test.entities",
        "anp-test.enriched",
        "anp-test.dead-letters",
    ]


def test_each_stage_reads_what_the_one_before_it_writes() -> None:
    ours = topics()
    assert ours.source("normalise") is ours.raw
    for before, after in pairwise(stage_names()):
        assert ours.sink(before) is ours.source(after)
    assert ours.sink("sentiment") is ours.enriched


@pytest.mark.parametrize("limit", [1_000, 1_000_000, 20_000_000])
def test_sizes_grow_along_the_flow(limit: int) -> None:
    """An item above the limit still arrives; what a stage adds has room; every input fits a dead letter."""
    ours = topics(max_item_bytes=limit)
    assert ours.raw.max_message_bytes > limit
    assert ours["articles"].max_message_bytes > ours.raw.max_message_bytes
    assert ours.enriched.max_message_bytes >= ours["entities"].max_message_bytes >= ours["articles"].max_message_bytes
    assert all(ours.dead_letters.max_message_bytes > topic.max_message_bytes for topic in list(ours)[:-1])


def test_config_in_kafkas_own_names() -> None:
    assert topics(max_item_bytes=1_000).raw.config == {
        "cleanup.policy": "delete",
        "retention.ms": "604800000",
        "max.message.bytes": "4000",
        "message.timestamp.type": "LogAppendTime",
    }


def test_a_tables_changelog_keeps_the_newest_record_of_each_key() -> None:
    topic = changelog("news.", "stories", partitions=4)
    assert (topic.name, topic.partitions) == ("news.stories-changelog", 4)
    assert topic.max_message_bytes > STATE_MAX_BYTES
    assert topic.config["cleanup.policy"] == "compact"
    assert "retention.ms" not in topic.config


@pytest.mark.parametrize(
    ("prefix", "stage", "group"),
    [
        ("news.", "normalise", "news-normalise"),
        ("news.", "entities", "news-entities"),
        ("news.", "sentiment", "news-sentiment"),
        ("anp.test.", "entities", "anp.test-entities"),
        ("news", "entities", "news-entities"),
        ("", "entities", "entities"),
    ],
)
def test_consumer_group(prefix: str, stage: str, group: str) -> None:
    assert consumer_group(prefix, stage) == group
