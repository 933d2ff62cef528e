"""What a fault that does not pass says of each partition."""

import uuid
from pathlib import Path

import pytest

from streams.broker.admin import create_topics
from streams.settings import Settings
from tests.broker.kafka.nodes import Kafka
from tests.broker.support import PLAIN, Run
from tests.chaos.standing import standing

pytestmark = pytest.mark.broker


def test_each_partition_has_a_line_with_what_is_left_to_do(one_node: Kafka, tmp_path: Path) -> None:
    """Three articles through a worker that stops, and two that nobody has taken: two lie past what was committed."""
    settings = Settings(broker=one_node.address(), topic_prefix=f"t{uuid.uuid4().hex[:8]}.", partitions=1)
    create_topics(settings)
    with Run(settings, tmp_path) as run:
        worker = run.start(PLAIN)
        run.send((f"u{i}", b'{"uri": "u%d", "text": "tekst"}' % i, []) for i in range(3))
        run.wait_until(run.articles(3), 60, "three articles")
        assert worker.stop() == 0
        run.send((f"v{i}", b'{"uri": "v%d", "text": "tekst"}' % i, []) for i in range(2))
        lines = standing(settings).replace(settings.topic_prefix, "").splitlines()
    assert lines[0] == "raw 0: leader 1, isr [1], end 5, committed 3"
    assert lines[1:] == [
        "articles 0: leader 1, isr [1], end 3, committed 3",
        "entities 0: leader 1, isr [1], end 3, committed 3",
        "enriched 0: leader 1, isr [1], end 3",
        "dead-letters 0: leader 1, isr [1], end 0",
    ]
