"""Pull quotes: words of the article set apart, with the name and the role of who said them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from streams.stages.normalise.lines import Break, Form, Line

_QUOTED = re.compile(r"^(?:\"[^\"]+\"|[“„”][^“”]+[”“]|«[^«»]+»|[‘'‚](?:[^‘’']|[’'](?=\w))+[’'‘])[.!?]?$")
_CAPITALISED = re.compile(r"['’]?[^\W\d_a-zß-öø-ÿ][\w'’.-]*")
_NAME_PARTICLES = frozenset((
    "van", "von", "de", "der", "den", "des", "ten", "ter", "te", "het", "'t", "’t", "in", "op", "el",
    "al", "bin", "ben", "ibn", "da", "di", "do", "dos", "du", "la", "le", "les", "y", "e", "zu", "dr.",
    "prof.", "mr.", "ir.", "ing.", "drs.",
))  # fmt: skip
_FINAL_PUNCTUATION = (".", "!", "?", "…", ":", ";", ",")
_DASHES = "-–—― "
_LONGEST_NAME = 45
_NAME_WORDS = 7
_ROLE_WORDS = 15
_UNMARKED_WORDS = 4  # a line without quotation marks needs so many to be a quote
_QUOTE_WORDS = 80
_SAME_WORDS = 0.85  # of a quote's words, in order, in one paragraph
_COMPARED = 200  # words of a quote that are looked for one by one
_LOOKUPS = 100  # an article has a handful of pull quotes; thousands would take time with their square


@dataclass(frozen=True, slots=True)
class PullQuote:
    """The quote as it stands in the article, lines joined by newlines; `words` are the quoted words."""

    text: str
    words: str
    speaker_name: str | None
    role: str | None


class Body:
    """Lines of text, to look up whether words stand in them; nothing is done before the first look."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._texts = lines
        self._lookups_left = _LOOKUPS

    @cached_property
    def _lines(self) -> list[list[str]]:
        return [words(text) for text in self._texts]

    @cached_property
    def _text(self) -> str:
        return f" {' '.join(' '.join(line) for line in self._lines)} "

    def count(self, text: str) -> int:
        """How often these words stand in it, one after the other."""
        self._lookups_left -= 1
        return self._text.count(f" {' '.join(words(text))} ") if self._lookups_left >= 0 else 0

    def repeats(self, quote: str, own: int | None = None) -> bool:
        """Whether the quote stands in it: literally, or but for the words between its halves (`zei hij`) or
        a word changed. `own` is the number of the quote's own line, if it is one of them.
        """
        if self.count(quote) > (own is not None):
            return True
        sought = words(quote)
        if len(sought) < _UNMARKED_WORDS or self._lookups_left < 0:
            return False
        compared = sought[:_COMPARED]
        return any(_nearly_in(compared, line) for number, line in enumerate(self._lines) if number != own)


def words(text: str) -> list[str]:
    """The words in one case, without marks."""
    return re.findall(r"\w+", text.casefold())


def from_block(lines: Sequence[Line]) -> PullQuote:
    """A pull quote that the markup sets apart; its last lines may be name and role."""
    texts = [line.text for line in lines]
    for names in (2, 1):
        if len(texts) > names and (speaker := _speaker(texts[-names:])):
            return _pull_quote(texts[:-names], texts[-names:], *speaker)
    return _pull_quote(texts, [], None, None)


def match(lines: Sequence[Line], start: int, body: Body) -> tuple[PullQuote, int] | None:
    """The pull quote that begins at a line, and how many lines it takes: a quote followed by a name and,
    mostly, a role. Without quotation marks its words or its speaker must be known from the other lines.
    `body` holds the texts of all lines.
    """
    quote, following = lines[start], lines[start + 1 : start + 3]
    if not following or quote.form is Form.ITEM:
        return None
    if following[0].before is not Break.PARAGRAPH and following[-1].before is Break.PARAGRAPH:
        following = following[:1]  # the name is in the quote's own paragraph: so is the role, if there is one
    for count in range(len(following), 0, -1):
        names = [line.text for line in following[:count]]
        speaker = _speaker(names)
        if speaker and _is_quote(quote, following[0], *speaker, body, start):
            return _pull_quote([quote.text], names, *speaker), 1 + count
    return None


def _is_quote(quote: Line, after: Line, name: str, role: str | None, body: Body, number: int) -> bool:
    """Whether a line above a name is a quote. In quotation marks it is, above a name and a role; above a name
    alone, which may be a crosshead, only if it is kept together with the name, or repeats the text."""
    text = quote.text
    length = len(text.split())
    if length > _QUOTE_WORDS:
        return False
    if _QUOTED.match(text):
        together = quote.before is Break.PARAGRAPH and after.before is not Break.PARAGRAPH
        return role is not None or together or body.repeats(text, own=number)
    if role is None or length < _UNMARKED_WORDS:
        return False
    named_elsewhere = not text.endswith(_FINAL_PUNCTUATION) and body.count(name.split()[-1]) > 1
    return named_elsewhere or body.repeats(text, own=number)


def _speaker(lines: Sequence[str]) -> tuple[str, str | None] | None:
    """Name and role from the lines under a quote: on two lines, or on one with a comma."""
    name, *roles = (line.strip(_DASHES) for line in lines)
    if roles:
        return (name, roles[0]) if is_name(name) and _is_role(roles[0]) else None
    name, comma, role = name.partition(",")
    if not is_name(name) or (comma and not _is_role(role.strip())):
        return None
    return (name, role.strip()) if comma else (name, None) if len(name.split()) > 1 else None


def is_name(text: str) -> bool:
    """Whether a line could be a person's name and no more: capitals but for `van der` and its like."""
    tokens = text.split()
    if not tokens or len(text) > _LONGEST_NAME or len(tokens) > _NAME_WORDS or text.endswith(_FINAL_PUNCTUATION):
        return False
    capitalised = [bool(_CAPITALISED.fullmatch(token)) for token in tokens]
    others = (token for token, capital in zip(tokens, capitalised, strict=True) if not capital)
    return capitalised[-1] and all(token.lower() in _NAME_PARTICLES for token in others)


def _is_role(text: str) -> bool:
    return (
        bool(text)
        and len(text.split()) <= _ROLE_WORDS
        and not text.endswith(_FINAL_PUNCTUATION)
        and (text[0].isalnum() or text[0] in "'’(")
    )


def _pull_quote(quote: Sequence[str], names: Sequence[str], speaker_name: str | None, role: str | None) -> PullQuote:
    names = [line.strip(_DASHES) for line in names]
    return PullQuote("\n".join([*quote, *names]), " ".join(quote), speaker_name, role)


def _nearly_in(sought: list[str], paragraph: list[str]) -> bool:
    needed = _SAME_WORDS * len(sought)
    if len(paragraph) < needed or sum(map(set(paragraph).__contains__, sought)) < needed:
        return False
    return common(sought, paragraph) >= needed


def common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words both have in the same order: the length of their longest common subsequence.

    All of `one` at a time, a bit for each of its words (Hyyrö, "Bit-parallel LCS-length computation revisited", 2004).
    """
    places: dict[str, int] = {}
    for number, word in enumerate(one):
        places[word] = places.get(word, 0) | 1 << number
    every = missing = (1 << len(one)) - 1
    for word in other:
        if match := missing & places.get(word, 0):
            missing = (missing + match | missing - match) & every
    return len(one) - missing.bit_count()
