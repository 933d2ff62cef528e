"""Wire items from files and pipes."""

import json
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from streams.feeds.raw_item import RawItem


class Format(StrEnum):
    """What a file holds; `auto` looks at its content."""

    AUTO = "auto"
    NINJS = "ninjs"
    TEXT = "text"
    RSS = "rss"


CONTENT_TYPES = {
    Format.NINJS: "application/vnd.iptc.ninjs+json",
    Format.TEXT: "text/plain",
    Format.RSS: "application/rss+xml",
}
SUFFIXES = frozenset({".json", ".jsonl", ".ndjson", ".txt", ".xml", ".rss", ".atom"})


def read_files(
    paths: Sequence[Path],
    stdin: BinaryIO,
    form: Format = Format.AUTO,
    source: str | None = None,
    language: str | None = None,
) -> Iterator[RawItem]:
    """Items in order; no path, or `-`, is standard input; a folder is its wire files by name.

    Raises OSError for a file that cannot be read.
    """
    for path in paths or [Path("-")]:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES)
            yield from read_files(inside, stdin, form, source, language) if inside else ()
            continue
        name = "standard input" if str(path) == "-" else str(path)
        with nullcontext(stdin) if str(path) == "-" else path.open("rb") as stream:
            for line, payload, kind in _items(stream, form):
                origin = f"{name}, line {line}" if line else name
                yield RawItem(payload, CONTENT_TYPES.get(kind), source, language, origin)


def _items(stream: BinaryIO, form: Format) -> Iterator[tuple[int, bytes, Format]]:
    """As `split`, but JSON Lines are given line by line as they come: a pipe may never close."""
    first = stream.readline()
    if form in (Format.AUTO, Format.NINJS) and _is_whole_object(first.removeprefix(b"\xef\xbb\xbf")):
        for number, line in enumerate(chain([first], stream), start=1):
            if line.strip():
                yield number, line.rstrip(b"\r\n"), Format.NINJS
    else:
        yield from split(first + stream.read(), form)


def split(content: bytes, form: Format = Format.AUTO) -> Iterator[tuple[int, bytes, Format]]:
    """The items in a file: (line number or 0, payload, format).

    What begins with `{` is ninjs: one object, or one a line. Anything else is one item of a format that is
    recognised from its content (`auto`) or named.
    """
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if form == Format.NINJS or (form == Format.AUTO and start.startswith(b"{")):
        if _is_one_object(start):
            yield 0, content, Format.NINJS
            return
        for number, line in enumerate(content.split(b"\n"), start=1):
            if line.strip():
                yield number, line, Format.NINJS
    else:
        yield 0, content, form


def _is_one_object(content: bytes) -> bool:
    """Whether this is a single JSON object, on one line or several, as opposed to JSON Lines.

    A broken one counts as single unless one of its lines, not indented, looks like a whole object.
    """
    if _is_whole_object(content):
        return True
    lines = content.splitlines()
    return len(lines) < 2 or not any(line.startswith(b"{") and line.rstrip().endswith(b"}") for line in lines)


def _is_whole_object(content: bytes) -> bool:
    try:
        return isinstance(json.loads(content), dict)
    except (ValueError, RecursionError):  # also where a second object follows the first
        return False
