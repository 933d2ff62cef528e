"""Articles for the tests of the stages, from marked-up text."""

import re
from datetime import UTC, datetime

from streams.contract.records import (
    Article,
    Block,
    BlockKind,
    Change,
    Language,
    LanguageFrom,
    Skipped,
    Status,
    Times,
)

RawSpan = tuple[int, int, str]

_MARKED = re.compile(r"\[([^|\[\]]+)\|(PER|ORG|LOC|MISC)\]")
_KINDS = {"# ": BlockKind.HEADLINE, "## ": BlockKind.CROSSHEAD, "> ": BlockKind.PULL_QUOTE}


def marked(text: str) -> tuple[str, list[RawSpan]]:
    """`[Jan De Smet|PER] lacht` as plain text and spans."""
    plain, spans, at = "", [], 0
    for match in _MARKED.finditer(text):
        plain += text[at : match.start()]
        spans.append((len(plain), len(plain) + len(match[1]), match[2]))
        plain += match[1]
        at = match.end()
    return plain + text[at:], spans


def laid_out(text: str) -> tuple[str, tuple[Block, ...], list[RawSpan]]:
    """Marked-up text as text, blocks and spans: paragraphs apart by a blank line, `# ` begins a headline,
    `## ` a crosshead, `> ` a pull quote that repeats the body."""
    plain, blocks, spans = "", [], []
    for part in text.strip().split("\n\n"):
        prefix = next((p for p in _KINDS if part.startswith(p)), "")
        words, found = marked(part.removeprefix(prefix))
        start = len(plain) + 2 if plain else 0
        plain = f"{plain}\n\n{words}" if plain else words
        kind = _KINDS.get(prefix, BlockKind.PARAGRAPH)
        blocks.append(Block(start=start, end=len(plain), kind=kind, repeats_body=prefix == "> "))
        spans += [(start + s, start + e, label) for s, e, label in found]
    return plain, tuple(blocks), spans


def article(
    text: str,
    blocks: tuple[Block, ...] = (),
    *,
    change: Change = Change.NEW,
    skipped: Skipped | None = None,
) -> Article:
    """An article of this text."""
    return Article(
        id="urn:example:1",
        version=1,
        status=Status.USABLE,
        change=change,
        headline=None,
        source="test",
        dateline=None,
        skipped=skipped,
        language=Language(code="nl", confidence=1.0, from_=LanguageFrom.DECLARED),
        text=text,
        text_sha256="",
        wire_sha256="",
        blocks=blocks,
        times=Times(received=datetime(2026, 11, 24, tzinfo=UTC)),
        produced_by=(),
    )
