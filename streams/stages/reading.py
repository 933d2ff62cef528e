"""How much of an article the models read, and how much text a record holds."""

import re
from itertools import islice

import msgspec

MOST_WORDS = 50_000
"""Words of an article that the models read, unless the settings say otherwise: those of a novel."""
_WORD_LENGTH = 8  # characters; text without spaces is as much work as words of this length

_WORD = re.compile(r"\S+")
_TAG = re.compile(rb"<[^<>]*+>|\\[nrt]")


def read_until(text: str, most_words: int) -> int:
    """Where the models stop: at the end of a text that has no more words than this, else at the end of a line, or of a
    word where lines are long."""
    if len(text) <= most_words:
        return len(text)
    last = next(islice(_WORD.finditer(text), most_words - 1, None), None)
    end = min(last.end() if last else len(text), most_words * _WORD_LENGTH)
    if not text[end:].strip():
        return len(text)
    line = text.rfind("\n", end // 2, end)
    return line if line > 0 else end


class _Texted(msgspec.Struct):
    text: str = ""


def words_of(value: bytes | None) -> int:
    """The words of text in a record: of an article's text, of a payload without its tags. Of text without spaces one
    for every eight characters."""
    if not value:
        return 0
    try:
        text: bytes | str = msgspec.json.decode(value, type=_Texted).text
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        text = b""
    text = text or _TAG.sub(b" ", value)
    return max(len(text.split()), len(text) // _WORD_LENGTH // 2)
