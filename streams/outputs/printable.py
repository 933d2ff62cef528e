"""Other people's text, made safe for terminals and logs."""

import re
import unicodedata

# Invisible, though Unicode counts them as letters and marks: joiners and fillers (Default_Ignorable_Code_Point).
_INVISIBLE = frozenset({0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0})
_CONTROLS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_STRANGE = "\ufffd"
_BETWEEN_TOKENS = bytes.maketrans(b"\t\n\r", b"   ")  # where alone JSON has them raw
_NOT_ASCII = re.compile(r"[^\x20-\x7e]")


def _is_unprintable(code: int) -> bool:
    return code in _INVISIBLE or unicodedata.category(chr(code)) in _CONTROLS


class _Shown(dict[int, int | str]):
    """What to show for a character, found out when it is first met."""

    def __missing__(self, code: int) -> int | str:
        if not _is_unprintable(code):
            shown: int | str = code
        elif code < 0x20:
            shown = 0x2400 + code  # a picture of its own: ␛ for ESC, ␊ for a newline
        else:
            shown = "␡" if code == 0x7F else _STRANGE
        self[code] = shown
        return shown


_SHOWN = _Shown()
_SHOWN_IN_LINES = _Shown({0x0A: 0x0A})


def printable(text: str, lines: bool = False) -> str:
    """The text without what steers a terminal, forges a line or hides: one visible character for each such one.

    That is every control (C0, DEL, C1), format character (bidirectional overrides, zero-width), line and paragraph
    separator, and half of a surrogate pair. Offsets stay right. `lines` keeps newlines, for text that may have several.
    Markup of rich is not its matter: give rich a `Text`, never a string.
    """
    return text.translate(_SHOWN_IN_LINES if lines else _SHOWN)


def json_line(value: bytes, terminal: bool) -> bytes:
    """A JSON document (UTF-8) as one line without its newline, byte for byte where it has no line breaks.

    JSON escapes C0 controls by itself. For a terminal so is the rest of what `printable` replaces, as `\\u009b`: the
    same document to whoever parses it. Pipes and files get it as it is.
    """
    line = value.translate(_BETWEEN_TOKENS)
    return _NOT_ASCII.sub(_escaped, line.decode("utf-8", "replace")).encode() if terminal else line


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    if not _is_unprintable(ord(character)):
        return character
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
