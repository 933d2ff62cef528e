"""What all peers do with a record: the product's own stages, so that only the plumbing differs.

STREAMS_BENCH_STAGES=plain takes stages without models, for the kill test. STREAMS_BENCH_HOPS=1 does all
stages in one go, from the raw topic to the enriched one, without the topics between.
"""

import os
from collections.abc import Callable, Iterable, Sequence

from streams.contract.message import Message, Outgoing, clean_headers
from streams.settings import Settings
from streams.stages.graph import build_stages
from streams.stages.stage import Stage, apply
from tests.flow.plain_worker import plain_stages

Headers = Iterable[tuple[str, bytes | None]] | None
Work = Callable[[bytes | None, bytes | None, Headers], Outgoing]  # value, key, headers


def works(settings: Settings) -> dict[str, Work]:
    """By the topic to read: what makes one record of it into one to write."""
    plain = os.environ.get("STREAMS_BENCH_STAGES") == "plain"
    stages = plain_stages(settings) if plain else build_stages(settings)
    chains = [stages] if os.environ.get("STREAMS_BENCH_HOPS") == "1" else [[stage] for stage in stages]
    return {chain[0].reads: _through(chain) for chain in chains}


def group(settings: Settings) -> str:
    """The peers' consumer group."""
    return f"{settings.topic_prefix}peer"


def _through(chain: Sequence[Stage]) -> Work:
    def work(value: bytes | None, key: bytes | None, headers: Headers) -> Outgoing:
        message = Message(value, key, clean_headers(headers), chain[0].reads)
        for stage in chain:
            (out,) = apply(stage, message).outgoing
            if out.topic != stage.writes:
                break  # a dead letter
            message = Message(out.value, out.key, out.headers, out.topic)
        return out

    return work
