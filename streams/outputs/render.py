"""An enriched article for a terminal: entities coloured in the text, sentiment, quotes."""

from datetime import UTC, datetime

from rich.console import Group
from rich.panel import Panel
from rich.text import Text

from streams.contract.records import BlockKind, Change, EnrichedArticle, Label
from streams.outputs.printable import printable

# Of the 256 colours that no theme changes, those that can be read on black and on white alike.
STYLES = {"PER": "bold color(31)", "ORG": "bold color(164)", "LOC": "bold color(28)", "MISC": "bold color(130)"}
ALARM, GOOD, QUIET, FRAME = "color(160)", "color(28)", "color(243)", "color(63)"
TONES = {Label.NEGATIVE: ALARM, Label.NEUTRAL: QUIET, Label.POSITIVE: GOOD}
_TITLE = 70  # columns: a longer headline stands in the box, where it wraps, and is not cut at 80
_BODY_LIMIT = 420  # characters of the text after which no further block is shown
_LEADS = {BlockKind.KEY_POINT: " • ", BlockKind.PULL_QUOTE: " ❝ "}
_BLOCK_STYLES = {BlockKind.CROSSHEAD: "bold", BlockKind.PULL_QUOTE: "italic"}


def coloured_text(article: EnrichedArticle, limit: int | None = _BODY_LIMIT) -> Text:
    """The article's blocks below its headline, every mention coloured by type, about `limit` characters of them."""
    text = Text(printable(article.text, lines=True))
    for entity in article.entities:
        for mention in entity.mentions:
            text.stylize(STYLES[entity.type], mention.start, mention.end)
    for quote in article.quotes:
        text.stylize("italic", quote.start, quote.end)
    shown = Text()
    for block in article.blocks:
        if block.kind is BlockKind.HEADLINE:
            continue
        if limit is not None and len(shown) >= limit:
            return shown + Text(" …", QUIET)
        shown.append("\n" if shown else "")
        shown.append(_LEADS.get(block.kind, ""), QUIET)
        part = text[block.start : block.end]
        part.stylize(_BLOCK_STYLES.get(block.kind, ""))
        shown.append_text(part)
    return shown


def tone(article: EnrichedArticle) -> Text:
    """The article's sentiment in a few characters: `▲ positive +0.62`."""
    if article.sentiment is None:
        return Text(f"– {article.sentiment_absent or 'none'}", QUIET)
    sign = {Label.NEGATIVE: "▼", Label.NEUTRAL: "■", Label.POSITIVE: "▲"}[article.sentiment.label]
    label, score = article.sentiment.label, article.sentiment.score
    return Text(f"{sign} {label} {score:+.2f}", TONES[label])


def panel(article: EnrichedArticle, limit: int | None = _BODY_LIMIT) -> Panel:
    """The article as a box."""
    title = Text(printable(article.headline or article.id), "bold")
    facts = Text.assemble(tone(article), "  ", (printable(_facts(article)), QUIET))
    parts: list[Text] = [facts] if title.cell_len <= _TITLE else [title, facts]
    body = coloured_text(article, limit)
    if body.plain.strip():
        parts.append(body)
    if article.entities:
        parts.append(_entities(article))
    parts += _quotes(article)
    border = ALARM if article.change is Change.KILL else FRAME
    return Panel(Group(*parts), title=None if title in parts else title, title_align="left", border_style=border)


def legend() -> Text:
    """What the colours mean."""
    return Text("  ").join(Text(name, style) for name, style in STYLES.items())


def _facts(article: EnrichedArticle) -> str:
    place = article.dateline.place if article.dateline else None
    latency = ((article.times.enriched or datetime.now(UTC)) - article.times.received).total_seconds()
    facts = [
        article.source,
        article.language.code,
        place,
        None if article.change is Change.NEW else article.change,
    ]
    return " · ".join(str(f) for f in facts if f) + f" · v{article.version} · {latency * 1000:.0f} ms"


def _entities(article: EnrichedArticle) -> Text:
    line = Text()
    for entity in sorted(article.entities, key=lambda e: -e.salience)[:8]:
        line.append(printable(entity.name), STYLES[entity.type])
        if entity.link:
            line.append(printable(f" {entity.link}"), QUIET)
        if entity.sentiment and entity.sentiment.label is not Label.NEUTRAL:
            line.append(f" {entity.sentiment.score:+.2f}", TONES[entity.sentiment.label])
        line.append("  ")
    return line


def _quotes(article: EnrichedArticle) -> list[Text]:
    names = {entity.id: entity.name for entity in article.entities}
    return [
        Text.assemble(
            ("“" + printable(quote.text[:90]) + ("…" if len(quote.text) > 90 else "") + "” ", "italic"),
            ("— " + printable(names.get(quote.speaker or "", "?")), QUIET),
        )
        for quote in article.quotes[:2]
    ]
