"""Dutch sentences: a splitter by rules, for edited news text."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from streams.contract.records import Block, Span

# A sentence ends at ., !, ? or … with the closing marks behind it, where white space follows and then, after
# opening marks, a capital or a digit (`'s Avonds`, `’t Is` and `1,3 miljoen` begin a
# sentence too). Where a run of marks ends none, no later part of the run does: each is tried once.
_END = re.compile(
    r"(?<![.!?…])(?P<mark>[.!?…]++)[\"'”’»“)\]]*+"
    r"(?P<space>\s++)"
    r"(?=[\"'“„‘‚«(\[–—-]*?\s?(?P<clitic>['’][st]\s)?(?P<first>[^\W_]))"
)
_LAST_WORD = re.compile(r"[^\s\"'“”„‘’«(\[]*$")
_NEXT_WORD = re.compile(r"\w+")
_LONGEST_ABBREVIATION = 12
MOST_SENTENCES = 1_000
"""Sentences that may all be short: a long read has some hundreds."""
_SHORT_MEAN = 30  # characters; prose has 90
_TOGETHER = 100

# Before a name or a number: no sentence ends at these.
_NEVER_LAST = frozenset((
    "dhr", "mevr", "mw", "mr", "mrs", "ms", "dr", "drs", "ir", "ing", "prof", "ds", "em", "st", "ste", "gen",
    "kol", "kapt", "lt", "sgt", "jhr", "burg", "min", "pres", "zr", "br", "ca", "nr", "nrs", "no", "art", "p",
    "pp", "blz", "pag", "vgl", "bv", "bijv", "resp", "incl", "excl", "tel", "fig", "afb", "vs", "zgn", "zg",
    "geb", "ged", "o.a", "m.a.w", "t.a.v", "d.w.z", "n.a.v", "i.p.v", "t.e.m", "m.b.t", "i.v.m", "i.s.m", "o.l.v",
    "o.m", "t.g.v", "d.m.v", "m.n", "mme", "mlle", "bc", "kap",
))  # fmt: skip
_MONTHS = frozenset(("jan", "feb", "febr", "mrt", "apr", "jun", "jul", "aug", "sep", "sept", "okt", "nov", "dec"))
# Initials and other abbreviations hold on to the next word, but these may end a sentence.
_MAY_BE_LAST = frozenset((
    "e.d", "e.a", "c.s", "a.s", "p.m", "a.m", "n.v", "b.v", "v.s", "u.s", "e.u", "v.n", "d.c", "u.k", "s.a", "v.chr",
    "n.chr", "jr", "sr", "jl", "nv", "vzw",
))  # fmt: skip
ABBREVIATIONS = _NEVER_LAST | _MAY_BE_LAST
_STARTERS = frozenset((
    "de", "het", "een", "dat", "die", "dit", "deze", "hij", "zij", "ze", "we", "wij", "ik", "je", "er", "in", "op",
    "maar", "en", "ook", "volgens", "daar", "toch", "bij", "voor", "na", "met", "om", "als", "toen", "nu", "wie",
    "wat", "hoe", "waar", "zo", "dan", "al", "niet", "geen", "want", "dus", "sinds", "tijdens", "vandaag",
))  # fmt: skip
# `J`, `J.P`, `Th`: parts of one letter, or of two for the first names that are so shortened.
_INITIALS = re.compile(r"(?:(?:[^\W\d_]|Th|Ch|Ph|Fr|Jo|IJ)\.)*(?:[^\W\d_]|Th|Ch|Ph|Fr|Jo|IJ)")
_NUMBERING = re.compile(r"^[\"'“„‘«(\[]*\d{1,3}$")


def sentence_spans(text: str, blocks: Sequence[Block]) -> list[Span]:
    """The sentences of the blocks, in order, without white space around them; none goes across a block.

    Closing quotation marks stay with their sentence, opening ones go with the next.
    """
    return [
        Span(start=block.start + start, end=block.start + end)
        for block in blocks
        for start, end in _sentences(text[block.start : block.end])
    ]


def gathered(spans: Sequence[Span], blocks: Sequence[Block]) -> Sequence[Span]:
    """The sentences; of more than `MOST_SENTENCES` as short as no prose has them, those of a block that follow each
    other are taken together up to a hundred characters, since each is judged by itself and stands in the event."""
    if len(spans) <= MOST_SENTENCES or sum(span.end - span.start for span in spans) >= _SHORT_MEAN * len(spans):
        return spans
    starts = sorted(block.start for block in blocks)
    result: list[Span] = []
    for span in spans:
        last = result[-1] if result else None
        if (
            last
            and span.end - last.start <= _TOGETHER
            and bisect_right(starts, last.start) == bisect_right(starts, span.start)
        ):
            result[-1] = Span(start=last.start, end=span.end)
        else:
            result.append(span)
    return result


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    line_start = 0
    for line in text.split("\n"):  # in a pull quote, name and role stand on lines of their own
        start = 0
        for found in _END.finditer(line):
            if _ends(line, start, found):
                yield from _stripped(line, start, found.start("space"), line_start)
                start = found.end("space")
        yield from _stripped(line, start, len(line), line_start)
        line_start += len(line) + 1


def _stripped(line: str, start: int, end: int, offset: int) -> Iterator[tuple[int, int]]:
    part = line[start:end]
    if part.strip():
        lead = len(part) - len(part.lstrip())
        yield offset + start + lead, offset + start + len(part.rstrip())


def _ends(line: str, start: int, found: re.Match[str]) -> bool:
    first = found["first"]
    if not (found["clitic"] or first.isupper() or first.isdigit()):
        return False
    if found["mark"] != "." or found.end("mark") != found.start("space"):
        return True  # not an abbreviation's dot
    last = _LAST_WORD.search(line[max(start, found.start() - _LONGEST_ABBREVIATION) : found.start()])
    word = last[0] if last else ""
    lower = word.lower()
    if lower in _NEVER_LAST:
        return False
    if lower in _MONTHS:
        return not first.isdigit()
    if found.start() - start < 8 and _NUMBERING.match(line[start : found.start()].strip()):
        return False  # `1. De eerste`
    if lower in _MAY_BE_LAST:
        return _next_word(line, found) in _STARTERS
    if _INITIALS.fullmatch(word):  # `B. De Wever`, but `plan B. Het ging`
        return _next_word(line, found) in _STARTERS - {"de"}
    return True


def _next_word(line: str, found: re.Match[str]) -> str:
    word = _NEXT_WORD.search(line, found.end("space"))
    return word[0].lower() if word else ""
