"""What an event holds of articles as nobody writes them: as much as its topic takes, and a word about the rest."""

import msgspec
import pytest

from streams.contract.outcome import Ok
from streams.contract.records import Block, BlockKind, LeftOut, Span, TaggedArticle
from streams.stages.entities import TagEntities, bounds
from streams.stages.normalise.gathering import MOST_LINES, gathered
from streams.stages.normalise.lines import Form, Line
from streams.stages.normalise.pull_quotes import common, words
from streams.stages.reading import read_until, words_of
from streams.stages.sentences import MOST_SENTENCES
from streams.stages.sentences import gathered as gathered_sentences
from tests.stages.articles import article, laid_out
from tests.stages.fakes import fake_nlp


def tagged(marked: str, most_words: int = 1_000) -> TaggedArticle:
    text, blocks, spans = laid_out(marked)
    outcome = TagEntities(fake_nlp(lambda read: [s for s in spans if s[1] <= len(read)]), most_words=most_words)(
        article(text, blocks)
    )
    assert isinstance(outcome, Ok)
    return outcome.value


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_ENTITIES", 2)
    monkeypatch.setattr(bounds, "MOST_MENTIONS", 3)
    monkeypatch.setattr(bounds, "MOST_QUOTES", 1)


def test_an_ordinary_article_says_nothing_of_it() -> None:
    event = tagged("[An Maes|PER] lacht.")
    assert event.left_out is msgspec.UNSET
    assert b"left_out" not in msgspec.json.encode(event)


@pytest.mark.usefixtures("small")
def test_the_most_salient_entities_their_first_mentions_and_the_first_quotes_stay() -> None:
    event = tagged(
        '[Gent|LOC] en [Gent|LOC] en [Gent|LOC].\n\n"Zo is het nu.", zei [An Maes|PER]. '
        '"En dat was het.", zei [An Maes|PER]. '
        "[Brugge|LOC] ook."
    )
    assert [(entity.name, len(entity.mentions)) for entity in event.entities] == [("Gent", 1), ("An Maes", 1)]
    assert [quote.text for quote in event.quotes] == ["Zo is het nu."]
    assert event.left_out == LeftOut(characters=0, entities=1, mentions=4, quotes=1)


def test_past_what_the_models_read_known_names_are_found() -> None:
    event = tagged("[An Maes|PER] lacht in [Gent|LOC] .\n\nDaarna lacht [Jan Smit|PER] met An Maes .", most_words=8)
    assert [entity.name for entity in event.entities] == ["An Maes", "Gent"]
    assert [mention.start for mention in event.entities[0].mentions] == [0, event.text.rindex("An")]
    assert isinstance(event.left_out, LeftOut)
    assert event.left_out.characters > 0


def test_reading_stops_at_a_line_or_a_word() -> None:
    assert read_until("een twee drie", 5) == len("een twee drie")
    assert read_until("een twee\ndrie vier", 3) == len("een twee")
    assert read_until("een twee drie vier", 3) == len("een twee drie")
    assert read_until("a" * 100, 5) == 40


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, 0),
        (b"", 0),
        (b"Drie gewone woorden", 3),
        (b'<p class="a b c" id="d">Drie</p><p>gewone <b>woorden</b></p>', 3),
        (b'{"text": "Drie gewone woorden", "blocks": [{"start": 0, "end": 10, "kind": "lead"}]}', 3),
        (b"(" * 1_600, 100),
    ],
)
def test_words_of_text_are_counted_and_not_markup(value: bytes | None, words: int) -> None:
    assert words_of(value) == words


def test_thousands_of_short_lines_become_fewer_without_losing_a_word() -> None:
    lines = [Line("a", Form.ITEM)] * (MOST_LINES + 1) + [Line("b" * 100), Line("c"), Line("d", Form.HEADING)]
    result = gathered(lines)
    assert " ".join(line.text for line in result) == " ".join(line.text for line in lines)
    assert [line.form for line in result[-3:]] == [Form.ITEM, Form.TEXT, Form.TEXT]
    assert len(result) < 10
    assert gathered(lines[:MOST_LINES]) == lines[:MOST_LINES]


def test_thousands_of_short_sentences_are_judged_together() -> None:
    spans = [Span(start=4 * number, end=4 * number + 3) for number in range(MOST_SENTENCES + 1)]
    blocks = [Block(start=0, end=48, kind=BlockKind.LEAD), Block(start=48, end=5_000, kind=BlockKind.PARAGRAPH)]
    result = gathered_sentences(spans, blocks)
    assert result[:2] == [Span(start=0, end=47), Span(start=48, end=147)]
    assert result[-1].end == spans[-1].end
    assert gathered_sentences(spans[:-1], blocks) == spans[:-1]


def test_words_in_the_same_order() -> None:
    quote, paragraph = words("Dit is een goed akkoord"), words('"Dit is", zei hij, "een heel goed akkoord" voor ons')
    assert common(quote, paragraph) == 5
    assert common(list("abcd"), list("dcba")) == 1
    assert common([], ["a"]) == common(["a"], []) == 0
