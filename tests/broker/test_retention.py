"""Retention that an operator changed by hand is told, and left as it is."""

import pytest

from streams.broker.admin import _kept_otherwise
from streams.contract.topics import changelog, topics

DAY = 86_400_000


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({}, None),  # the embedded broker does not tell
        ({"retention.ms": str(7 * DAY)}, None),
        ({"retention.ms": "-1"}, "retention.ms is -1, by the settings 604800000"),
        ({"retention.ms": str(DAY)}, "retention.ms is 86400000, by the settings 604800000"),
    ],
)
def test_a_topic_that_is_there(config: dict[str, str], says: str | None) -> None:
    assert (_kept_otherwise(topics().raw, config) or "").partition(":")[0] == (says or "")


def test_a_compacted_topic_has_no_retention() -> None:
    assert _kept_otherwise(changelog("news.", "stories", 6), {"retention.ms": str(7 * DAY)}) is None
