"""Gives quotes of headlines and crossheads, which often come without a source, the speaker of the body's words."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

import msgspec

from streams.contract.records import Quote

_LOOKUPS = 100  # a page has a handful; each is sought in the whole body


def with_speakers_of_body(quotes: Sequence[Quote], body: Sequence[Quote]) -> list[Quote]:
    """The quotes, those without a speaker given that of the first body quote that holds the same words."""
    said = "\n".join(quote.text.casefold() for quote in body)
    starts = list(accumulate((len(quote.text.casefold()) + 1 for quote in body), initial=0))

    def speaker_of(quote: Quote) -> str | None:
        at = said.find(quote.text.casefold().strip(" .,!?"))
        return body[bisect_right(starts, at) - 1].speaker if at >= 0 else None

    looked_up = [quote for quote in quotes if body and not quote.speaker][:_LOOKUPS]
    speakers = {(quote.start, quote.end): speaker_of(quote) for quote in looked_up}
    return [
        msgspec.structs.replace(quote, speaker=speakers.get((quote.start, quote.end), quote.speaker))
        for quote in quotes
    ]
