"""Pairs quotation marks within a paragraph: straight, curly, low-high, guillemets, and those typed by hand."""

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

# Which marks close which. A low mark may be closed high on either side: „…” in Dutch, „…“ in German style.
CLOSERS = {
    '"': '" ”',
    "“": '” "',
    "”": "”",
    "„": "” “ \" ‟ '' ’’",
    ",,": "'' ’’ \" ” “",
    "''": "''",
    "``": "''",
    "«": "»",
    "»": "«",
    "‘": "’ '",
    "’": "’",
    "‚": "‘ ’",
    "'": "' ’",
    "`": "' ’ ´ `",
    "‹": "›",
    "›": "‹",
}
CLOSES = {opener: frozenset(closers.split()) for opener, closers in CLOSERS.items()}
DOUBLE = frozenset(['"', "“", "”", "„", ",,", "''", "``", "«", "»"])
APOSTROPHES = frozenset(["'", "’", "‘"])

# Of three single marks in a row the first is single: a nested quote closes before the outer one.
_MARK = re.compile(r"'(?=''(?!'))|''|’(?=’’(?!’))|’’|,,|``|[\"“”„‟‚‘’'`´«»‹›]")
_SHORTENED_WORD = re.compile(r"(?:[stnkmrd]|ie|em|ns|tis|twas)(?=[\s-])|\d\d(?!\d)", re.IGNORECASE)
_DEEPEST = 8  # more open marks than this are stray ones; the bound keeps pairing linear


@dataclass(frozen=True)
class Marked:
    """Words between marks: `start` to `end` without, `opened` to `closed` with the marks; `mark` the opener."""

    start: int
    end: int
    opened: int
    closed: int
    mark: str
    is_closed: bool = True
    inner: "tuple[Marked, ...]" = ()


@dataclass(frozen=True)
class Opener:
    """An opening mark not yet closed. `typed` is false for one carried over from the paragraph before."""

    mark: str
    at: int
    typed: bool = True


def pair_marks(text: str, start: int, end: int, carried: str | None = None) -> tuple[Marked, ...]:
    """The outermost marked stretches of a paragraph, in order, with those nested in them.

    `carried` is the mark that the paragraph before left open: a closing mark without an opening one then
    closes the words from the start of this paragraph. An unclosed mark ends at the paragraph.
    """
    open_marks: deque[Opener] = deque(maxlen=_DEEPEST)
    if carried:
        open_marks.append(Opener(carried, start, typed=False))
    pairs: list[Marked] = []
    marks = [mark for found in _MARK.finditer(text, start, end) for mark in _readings(text, found)]
    for number, (mark, at) in enumerate(marks):
        after = at + len(mark)
        before_char = text[at - 1] if at > start else " "
        after_char = text[after] if after < end else " "
        follower = marks[number + 1] if number + 1 < len(marks) else None
        opener = _opener_of(mark, open_marks) if _can_close(mark, before_char, after_char) else None
        if opener and not _is_genitive(text, mark, at, end, follower):
            while open_marks.pop() is not opener:
                pass
            pairs.extend(_marked(text, opener, at, after))
        elif _can_open(mark, before_char, after_char) and not _is_shortened_word(text, mark, at, start):
            open_marks.append(Opener(mark, at))
    pairs.extend(_unclosed(text, open_marks, pairs, start, end))
    return _nested(sorted(pairs, key=lambda pair: (pair.opened, -pair.closed)))


def _readings(text: str, found: re.Match[str]) -> Iterable[tuple[str, int]]:
    """A mark with its offset; a doubled single mark before a shortened word (''t is") is two single marks."""
    mark, at = found.group(), found.start()
    if mark in ("''", "’’") and _SHORTENED_WORD.match(text, found.end()):
        return ((mark[0], at), (mark[0], at + 1))
    return ((mark, at),)


def _can_open(mark: str, before: str, after: str) -> bool:
    if mark not in CLOSES:
        return False
    if mark in "«‹":
        return True
    if before.isspace() and after.isspace():
        return mark == '"'
    return not after.isspace() and (before.isspace() or before in "([{/:;,–—->|\"“”„‘’'«»‹›")


def _can_close(mark: str, before: str, after: str) -> bool:
    if mark in "»›«‹":
        return True
    if before.isspace():
        return mark == '"' and after.isspace()
    return before not in "([{" and not after.isalnum()


def _opener_of(mark: str, open_marks: deque[Opener]) -> Opener | None:
    """The innermost open mark that this one closes; a single mark never reaches past an open double one."""
    for opener in reversed(open_marks):
        if mark in CLOSES[opener.mark]:
            return opener
        if mark in APOSTROPHES and opener.mark in DOUBLE:
            return None
    return None


def _is_shortened_word(text: str, mark: str, at: int, start: int) -> bool:
    """Whether the mark is the apostrophe of 's avonds, 't, 'n or '90."""
    if mark not in APOSTROPHES:
        return False
    found = _SHORTENED_WORD.match(text, at + 1)
    if not found:
        return False
    before = text[max(start, at - 3) : at].rstrip()
    opens_sentence = not before or before[-1] in ".!?:"
    return not (found.group().isdigit() and opens_sentence)


def _is_genitive(text: str, mark: str, at: int, end: int, follower: tuple[str, int] | None) -> bool:
    """Whether the mark is the apostrophe of Hans' or Beatrix', the real closing mark following it."""
    if mark not in APOSTROPHES or at == 0 or text[at - 1] not in "sxzSXZ" or follower is None:
        return False
    if not text[at + 1 : at + 3].strip()[:1].isalpha():
        return False
    next_mark, next_at = follower
    after = text[next_at + len(next_mark) : next_at + len(next_mark) + 1] if next_at + 1 < end else " "
    return next_mark in APOSTROPHES and _can_close(next_mark, text[next_at - 1], after or " ")


def _marked(text: str, opener: Opener, at: int, after: int, is_closed: bool = True) -> list[Marked]:
    """The words from an opener to `at` without surrounding spaces, or nothing where there are none."""
    start = opener.at + len(opener.mark) if opener.typed else opener.at
    words = text[start:at]
    if not words.strip():
        return []
    first = start + len(words) - len(words.lstrip())
    return [Marked(first, first + len(words.strip()), opener.at, after, opener.mark, is_closed)]


def _unclosed(text: str, open_marks: Iterable[Opener], pairs: list[Marked], start: int, end: int) -> list[Marked]:
    """The first mark left open, to the end of the paragraph.

    Not a single mark inside a paragraph (an apostrophe), nor one with further pairs of its own kind
    behind it (then the mark is a slip of the keyboard).
    """
    for opener in open_marks:
        trusted = opener.mark in DOUBLE or not text[start : opener.at].strip()
        if opener.typed and trusted and not any(p.mark == opener.mark and p.opened > opener.at for p in pairs):
            return _marked(text, opener, end, end, is_closed=False)
    return []


def _nested(pairs: list[Marked]) -> tuple[Marked, ...]:
    """A tree out of pairs sorted by opening mark; pairs never cross."""
    outermost: list[Marked] = []
    position = 0
    while position < len(pairs):
        outer = pairs[position]
        behind = position + 1
        while behind < len(pairs) and pairs[behind].opened < outer.closed:
            behind += 1
        inner = _nested(pairs[position + 1 : behind])
        outermost.append(Marked(outer.start, outer.end, outer.opened, outer.closed, outer.mark, outer.is_closed, inner))
        position = behind
    return tuple(outermost)
