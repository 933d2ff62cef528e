"""Word pieces: the tokenizer of a bundled model, and the segments of an article that go through it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, repeat
from pathlib import Path
from typing import Final

from spacy.tokens import Doc
from tokenizers import Tokenizer

from streams.models.capitals import may_hold_names

START: Final = 0
PADDING: Final = 1
END: Final = 2  # also stands for a line break inside a segment

MAX_WORD_PIECES: Final = 32
"""Pieces kept of one word: its tag is read off the first, and no name is longer."""
MAX_SEGMENT_PIECES: Final = 254
"""A sentence longer than this is cut, wherever that falls."""
CLOSE_AT: Final = 90
"""A segment closes at the end of the sentence that reaches this many pieces. With longer ones attention takes
more time and F1 is no better: on the development set .888 at 60, .889 at 90, .883 at 120."""
MAX_CACHED_WORDS: Final = 50_000
MOST_PIECES: Final = 10_000
"""Pieces of an article that are read however many they are to its length: those of 6,000 words."""
DENSEST: Final = 0.3
"""Pieces to a character up to which a longer article is read to its end. News has 0.23 to 0.29, lists of names up to
0.6, lines of a full stop 1.5: read whole, 100 kB of them cost two to four times what prose does."""


@dataclass
class Segment:
    """Consecutive sentences of an article that are read together, at most `MAX_SEGMENT_PIECES` pieces and two.

    `tokens` are indices into the article's tokens, `firsts` where in `ids` the first piece of each stands.
    """

    ids: list[int] = field(default_factory=lambda: [START])
    firsts: list[int] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)


class WordPieces:
    """Words to pieces, remembering the words seen. Not for use by several threads at once."""

    def __init__(self, path: Path) -> None:
        self.tokenizer: Tokenizer = Tokenizer.from_file(str(path))
        self._seen: dict[str, tuple[int, ...]] = {}

    def __call__(self, words: Sequence[str]) -> list[tuple[int, ...]]:
        """The pieces of each word; a word that follows a space is given with that space."""
        seen = self._seen
        new = list({word for word in words if word not in seen})
        if new:
            if len(seen) + len(new) > MAX_CACHED_WORDS:
                seen.clear()
                new = list(set(words))
            for word, encoding in zip(
                new, self.tokenizer.encode_batch_fast(new, add_special_tokens=False), strict=True
            ):
                seen[word] = tuple(encoding.ids[:MAX_WORD_PIECES])
        return [seen[word] for word in words]

    def of_doc(self, doc: Doc) -> list[tuple[int, ...]]:
        """The pieces of each token: `END` for a line break, nothing for other white space."""
        words, spaced = [], True
        for token in doc:
            text = token.text
            if token.is_space:
                words.append("\n" if "\n" in text else "")
                spaced = True
                continue
            words.append(f" {text}" if spaced else text)
            spaced = bool(token.whitespace_)
        pieces = self(words)
        return [(END,) if word == "\n" else ids for word, ids in zip(words, pieces, strict=True)]


def readable(pieces: Sequence[tuple[int, ...]], length: int) -> int:
    """How many tokens of an article of `length` characters are read, from its start, when they have these `pieces`."""
    return bisect_right(list(accumulate(map(len, pieces))), max(MOST_PIECES, int(DENSEST * length)))


def segments(doc: Doc, pieces: Sequence[tuple[int, ...]], close_at: Iterator[int] | None = None) -> list[Segment]:
    """The segments of an article whose tokens have these `pieces`, closed at the end of a sentence.

    Sentences that cannot hold a name are left out. `close_at` gives the length at which each segment closes (default:
    always `CLOSE_AT`); training draws it.
    """
    lengths = repeat(CLOSE_AT) if close_at is None else close_at
    done: list[Segment] = []
    current, limit = Segment(), next(lengths)
    starts = [bool(token.is_sent_start) for token in doc]
    for i, (ids, may_be_named) in enumerate(zip(pieces, may_hold_names(doc), strict=True)):
        if not may_be_named:
            continue
        full = len(current.ids) + len(ids) > MAX_SEGMENT_PIECES
        if current.tokens and (full or (starts[i] and len(current.ids) >= limit)):
            done.append(current)
            current, limit = Segment(), next(lengths)
        if ids == (END,):
            if current.tokens:
                current.ids.append(END)
        elif ids:
            current.firsts.append(len(current.ids))
            current.tokens.append(i)
            current.ids.extend(ids)
    if current.tokens:
        done.append(current)
    for segment in done:
        segment.ids.append(END)
    return done
