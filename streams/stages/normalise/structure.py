"""Lines to the parts of an article: lead, paragraphs, crossheads, key points, pull quotes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from streams.contract.records import BlockKind
from streams.stages.normalise import pull_quotes
from streams.stages.normalise.lines import Break, Form, Line, ends_sentence, is_running_text

_KEY_POINT_HEADINGS = frozenset((
    "in het kort", "kort", "het nieuws in het kort", "kernpunten", "hoofdpunten", "belangrijkste punten",
    "samengevat", "samenvatting", "de essentie", "essentie", "in een notendop", "dit is het nieuws",
    "wat weten we", "wat weten we al", "dit weten we", "in vogelvlucht", "kort samengevat", "key points",
    "en bref", "l'essentiel", "auf einen blick",
))  # fmt: skip
_GOES_ON = (":", ",", ";")
_NO_CROSSHEAD_END = (".", "!", "…", *_GOES_ON)
_CLOSING_MARKS = "\"'”’»“)"
_CROSSHEAD_WORDS = 8
_CROSSHEAD_LENGTH = 65
_KEY_POINT_WORDS = 20


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the article before it has its place in the text. `words` are a pull quote's own."""

    kind: BlockKind
    text: str
    words: str = ""
    speaker_name: str | None = None
    role: str | None = None
    repeats_body: bool = False


def recognise(lines: Sequence[Line]) -> list[Part]:
    """The parts of a body, in order. The first paragraph is the lead. A pull quote whose words stand in
    the running text is marked so."""
    reader = _Reader(lines)
    while reader.position < len(lines):
        reader.step()
    return _settled(reader.parts)


def _settled(parts: list[Part]) -> list[Part]:
    running = pull_quotes.Body([part.text for part in parts if part.kind is BlockKind.PARAGRAPH])
    parts = [
        replace(part, repeats_body=running.repeats(part.words)) if part.kind is BlockKind.PULL_QUOTE else part
        for part in parts
    ]
    lead = next((n for n, part in enumerate(parts) if part.kind is BlockKind.PARAGRAPH), None)
    if lead is not None:
        parts[lead] = replace(parts[lead], kind=BlockKind.LEAD)
    return parts


class _Reader:
    """Reads the lines one part at a time."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.position = 0
        self.parts: list[Part] = []
        self._body = pull_quotes.Body([line.text for line in lines])
        self._paragraphs = 0

    def step(self) -> None:
        line = self.lines[self.position]
        found = None if line.form is Form.QUOTE else pull_quotes.match(self.lines, self.position, self._body)
        if found:
            self._take_quote(*found)
        elif line.form is Form.QUOTE:
            length = self._run(lambda after: after.form is Form.QUOTE and after.before is not Break.PARAGRAPH)
            self._take_quote(pull_quotes.from_block(self.lines[self.position : self.position + length]), length)
        elif line.form is Form.HEADING:
            self._take(BlockKind.CROSSHEAD, 1)
        elif line.form is Form.ITEM:
            kind = BlockKind.KEY_POINT if self._in_key_points() else BlockKind.PARAGRAPH
            self._take(kind, self._run(lambda after: after.form is Form.ITEM))
        elif points := self._unmarked_key_points():
            self._take(BlockKind.KEY_POINT, points)
        elif self._is_crosshead():
            self._take(BlockKind.CROSSHEAD, 1)
        else:
            self._take_paragraph()

    def _take(self, kind: BlockKind, count: int) -> None:
        self.parts += [Part(kind, line.text) for line in self.lines[self.position : self.position + count]]
        self._paragraphs += count if kind is BlockKind.PARAGRAPH else 0
        self.position += count

    def _take_quote(self, quote: pull_quotes.PullQuote, count: int) -> None:
        kind = BlockKind.PULL_QUOTE
        self.parts.append(Part(kind, quote.text, quote.words, quote.speaker_name, quote.role))
        self.position += count

    def _take_paragraph(self) -> None:
        """One line, and those that follow a <br> within a sentence."""
        texts = [self.lines[self.position].text]
        self.position += 1
        while self.position < len(self.lines):
            after = self.lines[self.position]
            if after.before is not Break.SOFT or after.form is not Form.TEXT or ends_sentence(texts[-1]):
                break
            texts.append(after.text)
            self.position += 1
        self.parts.append(Part(BlockKind.PARAGRAPH, " ".join(texts)))
        self._paragraphs += 1

    def _run(self, belongs: Callable[[Line], bool]) -> int:
        """How many lines, from this one on, belong together."""
        end = self.position + 1
        while end < len(self.lines) and belongs(self.lines[end]):
            end += 1
        return end - self.position

    def _in_key_points(self) -> bool:
        """Right before or after the lead, or under a heading that says so."""
        return self._paragraphs <= 1 or self._under_key_heading()

    def _under_key_heading(self) -> bool:
        return bool(self.parts) and _is_key_heading(self.parts[-1].text)

    def _unmarked_key_points(self) -> int:
        """How many lines from here are key points without bullets: short lines right after the lead or under
        a heading that says so."""
        under_heading = self._under_key_heading()
        after_lead = self._paragraphs == 1 and self.parts[-1].kind is BlockKind.PARAGRAPH
        first, *second = self.lines[self.position : self.position + 2]
        sentences = ends_sentence(first.text)
        if not second or not (under_heading or (after_lead and not sentences)) or _is_key_heading(first.text):
            return 0

        def is_point(line: Line) -> bool:
            return (
                line.form is Form.TEXT
                and line.before is second[0].before  # lines of one box are separated in one way,
                and ends_sentence(line.text) is sentences  # and are all sentences, or none of them
                and not line.text.endswith(_GOES_ON)
                and len(line.text.split()) <= _KEY_POINT_WORDS
            )

        count = self._run(is_point)
        at_end = self.position + count == len(self.lines)
        return count if count > 1 and (under_heading or not at_end) else 0

    def _is_crosshead(self) -> bool:
        """A short line without a sentence's end, before a paragraph."""
        line = self.lines[self.position]
        if self.position + 1 == len(self.lines) or line.before is Break.SOFT:
            return False
        text, after = line.text, self.lines[self.position + 1]
        if not _is_short(text) or text.endswith(_NO_CROSSHEAD_END) or text.rstrip(_CLOSING_MARKS).endswith("."):
            return False
        return _is_key_heading(text) or (
            after.before is not Break.SOFT and (after.form is not Form.TEXT or is_running_text(after))
        )


def _is_short(text: str) -> bool:
    return len(text) <= _CROSSHEAD_LENGTH and len(text.split()) <= _CROSSHEAD_WORDS


def _is_key_heading(text: str) -> bool:
    return text.casefold().strip(" :") in _KEY_POINT_HEADINGS
