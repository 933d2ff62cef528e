"""Quotes set apart from the text, with the speaker's name and role in lines of their own."""

import re

from streams.contract.records import Block, Quote
from streams.stages.quotes.cast import Cast
from streams.stages.quotes.marks import pair_marks


def pull_quote(text: str, block: Block, cast: Cast) -> list[Quote]:
    """The quote of a pull-quote block: what is in marks, else what stands before the name and role lines.

    None where the block repeats the body.
    """
    if block.repeats_body:
        return []
    end = block.end
    for name in filter(None, (block.speaker_name, block.role)):
        line = re.compile(rf"\n[^\w\n]*{re.escape(name)}").search(text, block.start, block.end)
        end = min(end, line.start() if line else end)
    marked = pair_marks(text, block.start, end)
    words = text[block.start : end]
    start = block.start + len(words) - len(words.lstrip())
    stop = start + len(words.strip())
    if marked and marked[0].opened == start and (len(marked) == 1 or marked[0].closed == stop):
        start, stop = marked[0].start, marked[0].end
    if start >= stop:
        return []
    speaker = cast.named(block.speaker_name) if block.speaker_name else None
    return [Quote(start=start, end=stop, text=text[start:stop], speaker=speaker)]
