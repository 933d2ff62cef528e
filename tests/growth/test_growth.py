"""No kind of text costs more than its length: grown by factors, through all stages, in processor time.

`make growth` is the long form: to a megabyte, in every place of an item, and what hypothesis finds.
"""

from functools import cache

import pytest

from streams.contract.outcome import DeadLetter, Reason
from streams.contract.records import EnrichedArticle, LeftOut
from streams.settings import Settings
from streams.stages.graph import build_stages
from streams.stages.stage import Stage
from tests.growth.kinds import kinds, prose
from tests.growth.measure import cost, too_steep, without_networks

KINDS = kinds()
SIZE = 20_000
WITH_NETWORKS = (
    "brackets", "short sentences", "one capital", "distinct names", "distinct lines", "lines", "distinct abbreviations",
)  # fmt: skip
REFUSED = {"elements": Reason.NOT_PARSED}  # never closed: no XML


@pytest.fixture(scope="module")
def handling() -> list[Stage]:
    stages = without_networks()
    cost(stages, prose(SIZE))  # loads what is loaded once
    return stages


@cache
def with_networks() -> list[Stage]:
    stages = build_stages(Settings())
    cost(stages, prose(1_000))
    return stages


@cache
def cost_of_prose(size: int) -> float:
    """The least of two turns."""
    return min(cost(with_networks(), prose(size)).seconds for _ in range(2))


@pytest.mark.parametrize("kind", KINDS)
def test_time_grows_with_the_length(handling: list[Stage], kind: str) -> None:
    assert too_steep(handling, KINDS[kind], (SIZE // 4, SIZE)) is None


@pytest.mark.parametrize("kind", KINDS)
def test_it_becomes_an_event_for_at_most_twice_what_prose_costs(handling: list[Stage], kind: str) -> None:
    took = cost(handling, KINDS[kind](SIZE))
    assert took.seconds < 2 * cost_of_prose(SIZE)
    reason = took.result.reason if isinstance(took.result, DeadLetter) else None
    assert reason == REFUSED.get(kind)
    assert took.size < 50 * SIZE


def test_what_has_most_pieces_to_a_character_is_read_in_part() -> None:
    """Where both networks would read as much as it gets: names, each in a sentence of its own."""
    took = cost(with_networks(), KINDS["distinct initials and names"](5 * SIZE))
    assert took.seconds < 2 * cost_of_prose(5 * SIZE)
    assert isinstance(took.result, EnrichedArticle)
    assert isinstance(took.result.left_out, LeftOut)
    last = max(sentence.end for sentence in took.result.sentences)
    assert 0 <= last - (len(took.result.text) - took.result.left_out.characters) < 1_000, "sentiment of the same part"


@pytest.mark.parametrize("kind", WITH_NETWORKS)
def test_it_costs_at_most_twice_what_prose_does_with_the_networks_too(kind: str) -> None:
    assert cost(with_networks(), KINDS[kind](SIZE)).seconds < 2 * cost_of_prose(SIZE)
