"""Where Dutch sentences end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.contract.records import Block, BlockKind
from streams.stages.sentences import sentence_spans


def block(start: int, end: int) -> Block:
    return Block(kind=BlockKind.PARAGRAPH, start=start, end=end)


def split(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text, [block(0, len(text))])]


@pytest.mark.parametrize(
    "marked",
    [
        "Hij kwam.| Zij ging.",
        "Echt?!| Nee…| Ja!",
        # Quotation marks: closing ones stay, opening ones go along.
        '"Ik ga."| Hij zei: "Kom je mee?"| "Nee", zei ze.',
        "“Ik ga.”| “Wij ook.”| ‘Een „trein” moest halen’.| De rest bleef.",
        '"Dat kan niet!", riep hij.| "Werkt het?", vraagt Jan zich af.',
        "„Ik wacht… en wacht.”| Hij bleef.| (Zie ook hiernaast.)| Zij niet.",
        "‘Dat is goed,’ zei ze, ‘maar het volstaat niet.’| Ze zuchtte.",
        # Abbreviations, titles, initials.
        "Dhr. Jansen en mevr. De Vries zijn er.| Mr. Aziz en prof. dr. An Maes ook.",
        "Premier J.P. Balkenende kwam.| B. De Wever en Th. Boelen niet.",
        "Steden als St. Niklaas, o.a. Gent, t.b.v. Oekraïne.| Zo is het.",
        "Volgens art. 5 en nr. 7 op blz. 12 kost het ca. 300 euro.| Dat is veel.",
        "Appels, peren, enz.| Die zijn rijp.",
        "Hij woont in de V.S.| De premier niet.",
        "Zij werkt bij de V.S. Department of State.",
        "Het werd plan B.| Het ging mis.",
        # Dates, ordinals, figures.
        "Op 23. nov. vertrok hij.| Op 23 nov. 2025 kwam hij terug.| Het was nov.| De winter begon.",
        "De winst steeg met 3.5 procent tot 2.000 euro.| Dat was in 2025.| 1,3 miljoen mensen zagen het.",
        "1. De eerste stap is de beste.| Daarna volgt de tweede.",
        "Hij wachtte... en wachtte.| Toen kwam ...| Niets.",
        "Kijk op nieuws.example.org of bel.",
        # A sentence may begin with a clitic.
        "Het werd laat.| 's Avonds regende het.| ’t Was koud.",
    ],
)
def test_sentences(marked: str) -> None:
    assert split(marked.replace("|", "")) == [part.strip() for part in marked.split("|")]


def test_no_sentence_goes_across_a_block() -> None:
    text = "Een kop zonder punt\n\nDe lead\n\n„Zo is het”\nJan Peeters\nboswachter"
    spans = sentence_spans(text, [block(0, 19), block(21, 28), block(30, len(text))])
    assert [text[span.start : span.end] for span in spans] == [
        "Een kop zonder punt",
        "De lead",
        "„Zo is het”",
        "Jan Peeters",
        "boswachter",
    ]


@given(st.text(st.sampled_from("aA1 .!?…\n\"'“”‘’()-é") | st.characters(), max_size=80), st.integers(0, 80))
def test_spans_are_in_order_within_the_blocks_and_leave_no_word_out(text: str, cut: int) -> None:
    cut = min(cut, len(text))
    blocks = [block(0, cut), block(cut, len(text))]
    spans = sentence_spans(text, blocks)
    end = 0
    for span in spans:
        assert end <= span.start < span.end <= len(text)
        assert not text[end : span.start].strip()
        assert span.end <= cut or span.start >= cut
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        end = span.end
    assert not text[end:].strip()


@pytest.mark.parametrize("piece", ["A. ", "1. ", "a.b. ", '." “', "dhr. Jan. ", "... "])
def test_time_grows_with_the_length_alone(piece: str) -> None:
    assert split(piece * 100_000)
