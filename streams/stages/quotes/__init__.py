"""Direct quotes in Dutch news, with who said them."""

from collections.abc import Sequence

from streams.contract.records import Block, BlockKind, Entity, Quote
from streams.stages.quotes.attribution import Attributor
from streams.stages.quotes.cast import Cast
from streams.stages.quotes.headlines import with_speakers_of_body
from streams.stages.quotes.layout import paragraphs
from streams.stages.quotes.marks import pair_marks
from streams.stages.quotes.pull_quotes import pull_quote

_FLOWING = (BlockKind.LEAD, BlockKind.PARAGRAPH)


def find_quotes(text: str, blocks: Sequence[Block], entities: Sequence[Entity]) -> tuple[Quote, ...]:
    """Every direct quote of an article, in order of the text, outer before nested.

    Spans are the words without their marks; `speaker` is the id of a PER or ORG among `entities`, None
    where the source has no name; `cue` the cue word in lower case. Without blocks, blank lines part
    the paragraphs. A pull quote that repeats the body gives nothing. Marked words that nobody says
    (titles, nicknames, scare quotes) are left out. A headline's quote without a source has the speaker of
    the same words in the body. Time is linear in the text. Raises nothing.
    """
    cast = Cast(text, entities)
    attributor = Attributor(text, cast)
    body: list[Quote] = []
    headlines: list[Quote] = []
    carried: str | None = None
    for block in paragraphs(text, blocks):
        if block.kind is BlockKind.PULL_QUOTE:
            body += pull_quote(text, block, cast)
            continue
        flows = block.kind in _FLOWING
        marked = pair_marks(text, block.start, block.end, carried if flows else None)
        carried = next((part.mark for part in reversed(marked) if not part.is_closed), None)
        quotes = attributor.paragraph(block.start, block.end, marked, flows)
        (body if flows else headlines).extend(quotes)
    found = [*with_speakers_of_body(headlines, body), *body]
    return tuple(sorted(found, key=lambda quote: (quote.start, -quote.end)))
