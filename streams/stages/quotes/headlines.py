"""Gives quotes of headlines and crossheads, which often come without a source, the speaker of the body's words."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from streams.contract.records import Quote


def with_speakers_of_body(quotes: Sequence[Quote], body: Sequence[Quote]) -> list[Quote]:
    """The quotes, those without a speaker given that of the first body quote that holds the same words."""
    said = "\n".join(quote.text.casefold() for quote in body)
    starts = list(accumulate((len(quote.text.casefold()) + 1 for quote in body), initial=0))

    def speaker_of(quote: Quote) -> str | None:
        at = said.find(quote.text.casefold().strip(" .,!?"))
        return body[bisect_right(starts, at) - 1].speaker if at >= 0 else None

    return [
        quote
        if quote.speaker or not body
        else Quote(start=quote.start, end=quote.end, text=quote.text, speaker=speaker_of(quote), cue=quote.cue)
        for quote in quotes
    ]
