"""Plain text: one article, the headline on a line of its own."""

import hashlib
import re
from collections.abc import Sequence
from itertools import pairwise

from streams.contract.outcome import DeadLetter, Ok, Outcome, Reason
from streams.feeds.encoding import decode
from streams.feeds.item import WireItem

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_NEWLINE = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
# A headline has no full stop (an ellipsis may end it), and no sentence ends inside it.
_NOT_A_HEADLINE = re.compile(r"(?<!\.)[.][”’»\"']?$|[:;,]$|[a-zß-ÿ]{3}[.] +[A-ZÀ-Þ]|^[-–—•*] ")
_HEADLINE_WORDS = 25
_LONGEST_WRAPPED_LINE = 100
_SHORTEST_WRAPPED_LINE = 40


def read_plain_text(payload: bytes, charset: str | None = None) -> Outcome[WireItem]:
    """A text as an item; its id is the payload's digest. The text is UTF-8, or in the charset declared."""
    try:
        text = decode(payload, charset)
    except (UnicodeDecodeError, LookupError) as error:
        return DeadLetter(Reason.WRONG_ENCODING, str(error), type(error).__name__)
    headline, body = split_headline(text)
    return Ok(WireItem(id=f"urn:sha256:{hashlib.sha256(payload).hexdigest()}", headline=headline, body=body))


def split_headline(text: str) -> tuple[str | None, str | None]:
    """Headline and body. A first line that is short and stands apart is the headline; a text of one short
    line is a headline alone; where nothing stands apart, all is body."""
    text = _NEWLINE.sub("\n", text).strip()
    if not text:
        return None, None
    if "\n" not in text:
        return (text, None) if len(text.split()) <= _HEADLINE_WORDS else (None, text)
    parts = _BLANK_LINE.split(text, maxsplit=1)
    first = [line.strip() for line in parts[0].split("\n")]
    width = max(len(line) for line in text.split("\n"))
    if len(parts) == 2 and (len(first) == 1 or is_wrapped(first, width)):
        candidate, body = " ".join(first), parts[1]
    elif is_wrapped(first, width):
        return None, text
    else:  # pasted from a page: single newlines between paragraphs
        candidate, body = text.split("\n", 1)
    if len(candidate.split()) <= _HEADLINE_WORDS and not _NOT_A_HEADLINE.search(candidate.strip()):
        return candidate.strip(), body
    return None, text


def is_wrapped(lines: Sequence[str], width: int) -> bool:
    """Whether the lines are one paragraph broken at a right margin: each is followed by a word for which
    it had no room. `width` is the length of the longest line of the whole text."""
    if len(lines) < 2 or not _SHORTEST_WRAPPED_LINE <= width <= _LONGEST_WRAPPED_LINE:
        return False
    return all(len(line) + 1 + len(after.split(" ", 1)[0]) > width for line, after in pairwise(lines))
