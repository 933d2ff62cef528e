"""Quotes and their speakers: behaviour by example, properties, and the held-out figures."""

import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from streams.contract.records import Block, BlockKind, Entity, EntityType, Mention, Quote
from streams.stages.quotes import find_quotes

HERE = Path(__file__).parent
BEHAVIOUR = yaml.safe_load((HERE / "cases" / "quotes_behaviour.yaml").read_text("utf-8"))
HELD_OUT = yaml.safe_load((HERE.parent / "cases" / "quotes.yaml").read_text("utf-8"))

ORGANISATION = re.compile(r"^\S+$|^(?:FC|Raad|Tweede Kamer|Nationale|Autoriteit|Rode Kruis)\b")


def entities(text: str, persons: Iterable[str], organisations: Iterable[str] = ()) -> list[Entity]:
    """Entities as the stage gives them: full names, also at the head of a word, and, for persons, surnames."""
    return [
        Entity(id=name, type=kind, name=name, salience=0.5, mentions=tuple(_mentions(text, name, kind)))
        for kind, names in ((EntityType.PER, persons), (EntityType.ORG, organisations))
        for name in names
    ]


def _mentions(text: str, name: str, kind: EntityType) -> Iterable[Mention]:
    surname = name.partition(" ")[2] if kind is EntityType.PER else ""
    forms = "|".join(re.escape(form) for form in (name, surname) if form)
    for found in re.finditer(rf"(?<!\w)(?:{forms})(?!\w)|(?<!\w)(?:{forms})(?=(?:s|lid|voorzitter)\b)", text):
        yield Mention(start=found.start(), end=found.end(), text=found.group())


def rows(quotes: Iterable[Quote]) -> list[list[str | None]]:
    return [[quote.text, quote.speaker, quote.cue] for quote in quotes]


@pytest.mark.parametrize("case", BEHAVIOUR, ids=lambda case: case["id"])
def test_behaviour(case: dict[str, Any]) -> None:
    text = case["text"].strip()
    found = find_quotes(text, [], entities(text, case.get("people", ()), case.get("organisations", ())))
    assert rows(found) == case.get("quotes", [])


# --- the held-out file ---------------------------------------------------------------------------


def split_by_kind(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Persons, and what is obviously an organisation."""
    listed = list(names)
    return (
        [name for name in listed if not ORGANISATION.search(name)],
        [name for name in listed if ORGANISATION.search(name)],
    )


def blocks_of(text: str, pull_quotes: Iterable[dict[str, str]]) -> list[Block]:
    """Paragraphs, with those of a pull quote and its name joined into one block."""
    spans = [(m.start(), m.end()) for m in re.finditer(r"(?:.+\n?)+", text)]
    blocks = [Block(start=start, end=end, kind=BlockKind.PARAGRAPH) for start, end in spans]
    for pull in pull_quotes:
        number = next(
            n
            for n, block in enumerate(blocks)
            if text[block.start : block.end].strip(" \n\"“”‘’'„«»").startswith(pull["text"])
        )
        last = number
        while pull["speaker"] not in text[blocks[last].start : blocks[last].end]:
            last += 1
        blocks[number : last + 1] = [
            Block(
                start=blocks[number].start,
                end=blocks[last].end,
                kind=BlockKind.PULL_QUOTE,
                speaker_name=pull["speaker"],
                role=pull.get("role"),
                repeats_body=text.count(pull["text"]) > 1,
            )
        ]
    return blocks


def expected_of(item: dict[str, Any], blocks: list[Block]) -> list[list[str | None]]:
    quotes = [[quote["text"], quote["speaker"], quote["cue"]] for quote in item["quotes"]]
    pulls = [block for block in blocks if block.kind is BlockKind.PULL_QUOTE]
    apart = zip(item.get("pull_quotes") or [], pulls, strict=True)
    return quotes + [[pull["text"], pull["speaker"], None] for pull, block in apart if not block.repeats_body]


def test_held_out_quotes_have_the_right_speaker() -> None:
    wanted = found = spans = speakers = cues = 0
    for item in HELD_OUT:
        text = item["text"]
        blocks = blocks_of(text, item.get("pull_quotes") or [])
        expected = expected_of(item, blocks)
        actual = rows(find_quotes(text, blocks, entities(text, *split_by_kind(item["people"]))))
        wanted += len(expected)
        found += len(actual)
        for words, speaker, cue in expected:
            match = next((row for row in actual if row[0] == words), None)
            if match:
                actual.remove(match)
                spans += 1
                speakers += match[1] == speaker
                cues += match[1:] == [speaker, cue]
    print(f"\nquotes                 {wanted:5}")
    print(f"span precision         {spans / found:5.3f}")
    print(f"span recall            {spans / wanted:5.3f}")
    print(f"right speaker          {speakers / wanted:5.3f}   (of all quotes, those not found included)")
    print(f"right speaker and cue  {cues / wanted:5.3f}")
    assert spans / found >= 0.85
    assert speakers / wanted >= 0.85


# --- properties ----------------------------------------------------------------------------------

PIECES = st.sampled_from(
    ['"', "“", "”", "„", "‘", "’", "'", "''", ",,", "«", "»", "\n\n", ". ", ", ", ": ", " ", "zegt", "An Maes",
     "Maes", "volgens", "'s avonds", "de trainer", "aldus", "zij", "klinkt het", "Woorden", "\x01", "\x02", "é"]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join))


@given(TEXTS)
def test_any_text_gives_quotes_that_are_parts_of_it_and_never_cross(text: str) -> None:
    quotes = find_quotes(text, [], entities(text, ["An Maes"], ["Maes"]))
    for quote in quotes:
        assert text[quote.start : quote.end] == quote.text != ""
    for one in quotes:
        for other in quotes:
            assert not one.start < other.start < one.end < other.end
    assert [(q.start, -q.end) for q in quotes] == sorted((q.start, -q.end) for q in quotes)


LONG = {
    "article": '"De dijk houdt het", zegt An Maes. "Echt", voegt ze toe. De trainer zweeg. Volgens An "slecht". '
    * 3000,
    "one paragraph of open marks": ' "woord' * 50_000,
    "every kind of open mark": " „woord ‘en 'nog «een" * 12_000,
    "one sentence of quotes": '"woord", zegt hij, ' * 17_000,
    "no end of names": 'An Maes zei "ja" en ' * 10_000,
}


@pytest.mark.parametrize("name", LONG)
def test_fifty_thousand_words_take_about_a_second(name: str) -> None:
    text = LONG[name]
    cast = entities(text, ["An Maes"])
    began = time.process_time()
    find_quotes(text, [], cast)
    assert time.process_time() - began < 5  # generous: the machine may be busy; quadratic time takes minutes


# --- blocks --------------------------------------------------------------------------------------


def article(*parts: tuple[BlockKind, str], **pull: Any) -> tuple[str, list[Block]]:
    """A text with its blocks; `pull` are the fields of its pull quote."""
    text, blocks = "", list[Block]()
    for kind, words in parts:
        text += "\n\n" if text else ""
        fields = pull if kind is BlockKind.PULL_QUOTE else {}
        blocks.append(Block(start=len(text), end=len(text) + len(words), kind=kind, **fields))
        text += words
    return text, blocks


BODY = (BlockKind.PARAGRAPH, 'Miet Verhelst bakt al jaren. "Deeg laat zich niet opjagen", zegt ze.')


@pytest.mark.parametrize(
    "block",
    [
        "Brood is geduld\nMiet Verhelst\nbakker",
        "“Brood is geduld”\n— Miet Verhelst, bakker",
        "'Brood is geduld'\nbakker\nMiet Verhelst",
    ],
)
def test_a_pull_quote_is_a_quote_of_the_named_speaker(block: str) -> None:
    text, blocks = article(BODY, (BlockKind.PULL_QUOTE, block), speaker_name="Miet Verhelst", role="bakker")
    quotes = find_quotes(text, blocks, entities(text, ["Miet Verhelst"]))
    assert rows(quotes)[1:] == [["Brood is geduld", "Miet Verhelst", None]]


def test_a_pull_quote_that_repeats_the_body_counts_once() -> None:
    pull = (BlockKind.PULL_QUOTE, '"Deeg laat zich niet opjagen"\nMiet Verhelst')
    text, blocks = article(BODY, pull, speaker_name="Miet Verhelst", repeats_body=True)
    assert len(find_quotes(text, blocks, entities(text, ["Miet Verhelst"]))) == 1


def test_a_headline_without_source_has_the_speaker_of_the_same_words_in_the_body() -> None:
    text, blocks = article((BlockKind.HEADLINE, "'Deeg laat zich niet opjagen'"), BODY)
    quotes = find_quotes(text, blocks, entities(text, ["Miet Verhelst"]))
    assert [quote.speaker for quote in quotes] == ["Miet Verhelst", "Miet Verhelst"]


def test_a_crosshead_neither_takes_nor_gives_a_speaker() -> None:
    crosshead = (BlockKind.CROSSHEAD, '"Nooit meer vakantie?"')
    after = (BlockKind.PARAGRAPH, '"Het is een ambacht."')
    text, blocks = article(BODY, crosshead, after)
    quotes = find_quotes(text, blocks, entities(text, ["Miet Verhelst"]))
    assert [quote.speaker for quote in quotes] == ["Miet Verhelst", None, "Miet Verhelst"]


def test_no_entities_still_gives_the_quotes() -> None:
    assert rows(find_quotes('"Deeg wacht", zegt ze.', [], [])) == [["Deeg wacht", None, "zegt"]]
