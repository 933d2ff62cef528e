"""An enriched article on a terminal."""

import io
from typing import Any

import msgspec
import pytest
from rich.console import Console
from rich.style import Style

from streams.contract.records import (
    Block,
    BlockKind,
    Change,
    EnrichedArticle,
    Label,
    Probabilities,
    Sentiment,
    SentimentAbsent,
)
from streams.outputs.render import ALARM, FRAME, GOOD, QUIET, STYLES, TONES, coloured_text, legend, panel, tone
from tests.contract.examples import HEADLINE, LEAD, enriched, span_of


def shown(renderable: Any, styles: bool = False) -> str:
    """What stands on a terminal of 100 columns, with or without its escape codes."""
    console = Console(file=io.StringIO(), record=True, width=100, force_terminal=True, color_system="truecolor")
    console.print(renderable)
    return console.export_text(styles=styles)


def styled(article: EnrichedArticle, **options: Any) -> list[tuple[str, str]]:
    """The stretches of the shown text that have a style."""
    text = coloured_text(article, **options)
    return [(text.plain[span.start : span.end], str(span.style)) for span in text.spans if str(span.style)]


def test_mentions_have_the_colour_of_their_type() -> None:
    assert ("Peeters", STYLES["PER"]) in styled(enriched())
    code = Style.parse(STYLES["PER"]).render("Peeters")
    assert code in shown(coloured_text(enriched()), styles=True)


def test_quotes_are_italic() -> None:
    assert ("onjuist", "italic") in styled(enriched())


def test_the_headline_is_the_title_and_not_repeated_in_the_text() -> None:
    assert coloured_text(enriched()).plain == LEAD
    box = shown(panel(enriched()))
    assert box.count(HEADLINE) == 1
    assert box.splitlines()[0].startswith(f"╭─ {HEADLINE} ─")


def test_a_box_says_what_was_found() -> None:
    box = shown(panel(enriched()))
    assert "▼ negative -0.50  npd · nl · BRUSSEL · update · v2 · 3000 ms" in box
    assert "Peeters https://www.wikidata.org/wiki/Q1 -0.42" in box
    assert "“onjuist” — Peeters" in box


def test_a_long_headline_is_whole_on_a_narrow_terminal() -> None:
    headline = "Minister Peeters noemt de cijfers onjuist en vraagt een nieuw onderzoek naar de havens van Gent"
    console = Console(file=io.StringIO(), record=True, width=80)
    console.print(panel(enriched(headline=headline)))
    assert headline in " ".join(console.export_text().replace("│", " ").split())


def luminance(style: str) -> float:
    """Relative luminance of a style's colour (WCAG 2)."""
    colour = Style.parse(style).color
    assert colour is not None and (colour.number or 0) >= 16, f"{style}: a theme may change it"
    parts = [part / 255 for part in colour.get_truecolor()]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("style", sorted({*STYLES.values(), *TONES.values(), ALARM, GOOD, QUIET, FRAME}))
def test_colours_can_be_read_on_black_and_on_white(style: str) -> None:
    assert (luminance(style) + 0.05) / 0.05 > 3.8
    assert 1.05 / (luminance(style) + 0.05) > 3.8


def test_square_brackets_in_a_text_are_text() -> None:
    """Rich reads `[red]` as markup in a plain string; an article may hold any."""
    article = enriched(headline="[red]Alarm[/red] [/]")
    assert "[red]Alarm[/red] [/]" in shown(panel(article))


def test_a_quote_without_a_known_speaker() -> None:
    nobody = msgspec.structs.replace(enriched().quotes[0], speaker=None)
    assert "“onjuist” — ?" in shown(panel(enriched(quotes=(nobody,))))


def test_a_flash_of_a_headline_alone() -> None:
    flash = enriched(blocks=(Block(**span_of(HEADLINE), kind=BlockKind.HEADLINE),), entities=(), quotes=())
    assert coloured_text(flash).plain == ""
    assert len(shown(panel(flash)).splitlines()) == 3  # border, facts, border


def test_no_further_block_once_the_limit_is_reached() -> None:
    assert coloured_text(enriched(), limit=len(LEAD) + 1).plain == LEAD
    body = enriched().text.index(LEAD)
    middle = body + LEAD.index(", meldt")
    blocks = (
        Block(start=body, end=middle, kind=BlockKind.LEAD),
        Block(start=middle, end=body + len(LEAD), kind=BlockKind.KEY_POINT),
    )
    article = enriched(blocks=blocks)
    assert coloured_text(article, limit=10).plain == LEAD[: middle - body] + " …"
    assert coloured_text(article, limit=None).plain == f"{LEAD[: middle - body]}\n • {LEAD[middle - body :]}"


@pytest.mark.parametrize(
    ("label", "score", "text"),
    [(Label.POSITIVE, 0.62, "▲ positive +0.62"), (Label.NEUTRAL, 0.0, "■ neutral +0.00")],
)
def test_tone(label: Label, score: float, text: str) -> None:
    even = Probabilities(negative=0.3, neutral=0.4, positive=0.3)
    sentiment = Sentiment(label=label, score=score, probabilities=even)
    assert tone(enriched(sentiment=sentiment)).plain == text


def test_tone_where_there_is_none_says_why() -> None:
    article = enriched(sentiment=None, sentiment_absent=SentimentAbsent.UNSUPPORTED_LANGUAGE)
    assert tone(article).plain == "– unsupported_language"


def test_a_kill_has_a_red_border_and_no_body() -> None:
    kill = enriched(
        change=Change.KILL, text="", blocks=(), entities=(), quotes=(), sentences=(), sentiment=None, headline=None
    )
    box = panel(kill)
    assert box.border_style == ALARM
    assert "urn:newsml:example.org:20260302:a1" in shown(box)


def test_the_legend_names_every_type() -> None:
    assert legend().plain == "PER  ORG  LOC  MISC"
