"""Pull quotes: words of the article set apart, with the name and the role of who said them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

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


@dataclass(frozen=True, slots=True)
class PullQuote:
    """The quote as it stands in the article, lines joined by newlines; `words` are the quoted words."""

    text: str
    words: str
    speaker_name: str | None
    role: str | None


class Body:
    """The running text, to look up whether words stand in it."""

    def __init__(self, paragraphs: Sequence[str]) -> None:
        self._paragraphs = [words(paragraph) for paragraph in paragraphs]
        self._text = f" {' '.join(' '.join(paragraph) for paragraph in self._paragraphs)} "

    def contains(self, text: str) -> bool:
        """Whether these words stand in it, one after the other."""
        return f" {' '.join(words(text))} " in self._text

    def repeats(self, quote: str) -> bool:
        """Whether the quote is in the text: literally, or but for the words between its halves (`zei hij`)
        or a word changed."""
        sought = words(quote)
        if not sought:
            return False
        return self.contains(quote) or any(_nearly_in(sought, paragraph) for paragraph in self._paragraphs)


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


def match(lines: Sequence[Line], start: int) -> tuple[PullQuote, int] | None:
    """The pull quote that begins at a line, and how many lines it takes: a quote followed by a name and,
    mostly, a role. Without quotation marks its words or its speaker must be known from the other lines."""
    quote, following = lines[start], lines[start + 1 : start + 3]
    if not following or quote.form is Form.ITEM:
        return None
    if following[0].before is not Break.PARAGRAPH and following[-1].before is Break.PARAGRAPH:
        following = following[:1]  # the name is in the quote's own paragraph: so is the role, if there is one
    for count in range(len(following), 0, -1):
        names = [line.text for line in following[:count]]
        speaker = _speaker(names)
        if speaker and _is_quote(quote.text, *speaker, [*lines[:start], *lines[start + 1 + count :]]):
            return _pull_quote([quote.text], names, *speaker), 1 + count
    return None


def _is_quote(text: str, name: str, role: str | None, others: Sequence[Line]) -> bool:
    length = len(text.split())
    if _QUOTED.match(text):
        return length <= _QUOTE_WORDS
    if role is None or not _UNMARKED_WORDS <= length <= _QUOTE_WORDS:
        return False
    body = Body([line.text for line in others])
    return body.repeats(text) or (not text.endswith(_FINAL_PUNCTUATION) and body.contains(name.split()[-1]))


def _speaker(lines: Sequence[str]) -> tuple[str, str | None] | None:
    """Name and role from the lines under a quote: on two lines, or on one with a comma."""
    name, *roles = (line.strip(_DASHES) for line in lines)
    if roles:
        return (name, roles[0]) if _is_name(name) and _is_role(roles[0]) else None
    name, comma, role = name.partition(",")
    if not _is_name(name) or (comma and not _is_role(role.strip())):
        return None
    return (name, role.strip()) if comma else (name, None) if len(name.split()) > 1 else None


def _is_name(text: str) -> bool:
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
    return PullQuote("\n".join([*quote, *names]), " ".join(quote), speaker_name, role)


def _nearly_in(sought: list[str], paragraph: list[str]) -> bool:
    needed = _SAME_WORDS * len(sought)
    present = set(paragraph)
    if len(sought) < _UNMARKED_WORDS or sum(word in present for word in sought) < needed:
        return False
    blocks = SequenceMatcher(None, sought, paragraph, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) >= needed
