"""Tokens of any text in time that grows with its length.

spaCy's tokenizer peels marks off a run without spaces one by one, and each time looks at all that is left: 16,000
brackets took 16 seconds, with the interpreter's lock held. So runs of marks are kept from it, runs longer than any
address are cut, and a long text is given to it in stretches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

STRETCH: Final = 5_000
"""Characters that the tokenizer gets at a time, more or less: then other threads may have the interpreter."""
LONGEST_MARKS: Final = 100
"""Marks without a letter between them that are still taken apart; a line drawn with hyphens is shorter."""
LONGEST_RUN: Final = 500
"""Characters without a space that are still taken apart together; addresses of pages are shorter."""

_MARKS = re.compile(rf"(?:[^\w\s]|_){{{LONGEST_MARKS + 1},}}+|(?:['’][sS]){{{LONGEST_MARKS // 2},}}+")
_OVERLONG = re.compile(rf"{_MARKS.pattern}|\S{{{LONGEST_RUN + 1}}}")
_RUN = re.compile(rf"\S{{1,{LONGEST_RUN}}}\s*+|\s+")


def tokenised(nlp: Language, text: str) -> Doc:
    """The text as `nlp` takes it apart, but for more than a hundred marks in a row, of which a hundred are a token, and
    for what goes on without a space for more than 500 characters, where a token ends at the 500th.

    Without such runs the tokens are those of `nlp.make_doc`, whatever the length.
    """
    if len(text) <= STRETCH and not _OVERLONG.search(text):
        return nlp.make_doc(text)
    words: list[str] = []
    spaces: list[bool] = []
    norms: dict[int, str] = {}  # of special cases: `zo'n`
    for part, is_token in _parts(text):
        if is_token:
            words.append(part.rstrip(" "))
            spaces.append(part.endswith(" "))
            continue
        for token in nlp.tokenizer(part):
            if token.norm != token.lex.norm:
                norms[len(words)] = token.norm_
            words.append(token.text)
            spaces.append(bool(token.whitespace_))
    doc = Doc(nlp.vocab, words=words, spaces=spaces)
    for number, norm in norms.items():
        doc[number].norm_ = norm
    return doc


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The text in parts, and whether a part is a token as it stands (with the space behind it, if there is one)."""
    reached = 0
    for marks in _MARKS.finditer(text):
        yield from ((part, False) for part in _stretches(text, reached, marks.start()))
        reached = marks.end() + text.startswith(" ", marks.end())
        cuts = [*range(marks.start(), marks.end(), LONGEST_MARKS), reached]
        yield from ((text[start:end], True) for start, end in pairwise(cuts))
    yield from ((part, False) for part in _stretches(text, reached, len(text)))


def _stretches(text: str, start: int, end: int) -> Iterator[str]:
    """Parts that begin at the start of a word, where no word is overlong."""
    for run in _RUN.finditer(text, start, end):
        if run.end() - start > STRETCH or not run[0][-1].isspace():
            yield text[start : run.end()]
            start = run.end()
    if start < end:
        yield text[start:end]
