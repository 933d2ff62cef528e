"""Headline and parts as one text, and where each stands in it."""

from collections.abc import Sequence

from streams.contract.records import Block, BlockKind
from streams.stages.normalise.structure import Part

SEPARATOR = "\n\n"


def lay_out(headline: str | None, parts: Sequence[Part]) -> tuple[str, tuple[Block, ...]]:
    """The article's text, headline first, parts apart by a blank line; a block for each part."""
    if headline:
        parts = [Part(BlockKind.HEADLINE, headline), *parts]
    blocks = []
    start = 0
    for part in parts:
        end = start + len(part.text)
        blocks.append(
            Block(
                kind=part.kind,
                start=start,
                end=end,
                speaker_name=part.speaker_name,
                role=part.role,
                repeats_body=part.repeats_body,
            )
        )
        start = end + len(SEPARATOR)
    return SEPARATOR.join(part.text for part in parts), tuple(blocks)
