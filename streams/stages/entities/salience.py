"""How much an article is about an entity."""

from collections.abc import Sequence

from streams.contract.records import Block, Mention

HEADLINE, EARLINESS, SHARE, SPREAD = 0.35, 0.2, 0.3, 0.15
"""Weights of the four parts; they sum to 1. Chosen by hand on news texts, not fitted."""


def salience(mentions: Sequence[Mention], most: int, length: int, headlines: Sequence[Block]) -> float:
    """Salience in 0..1, four decimals: .35 if the headline names the entity, plus .2 times how early it
    comes (1 at the text's first character, 0 at its last), plus .3 times its mentions over those of the
    article's most mentioned entity (`most`), plus .15 times the stretch from its first mention to its last
    over the text's `length`.

    Another mention, and an earlier first one, never lower it.
    """
    first, last = mentions[0], mentions[-1]
    named = any(block.start <= mention.start < block.end for block in headlines for mention in mentions)
    parts = (
        HEADLINE * named,
        EARLINESS * (1 - first.start / length),
        SHARE * len(mentions) / max(most, 1),
        SPREAD * (last.end - first.start) / length,
    )
    return round(min(sum(parts), 1.0), 4)
