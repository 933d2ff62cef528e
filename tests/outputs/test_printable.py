"""What may reach a terminal or a log."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.outputs.printable import json_line, printable


def controls(text: str) -> set[str]:
    """What steers, hides or breaks a line."""
    return {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Café in ’s-Gravenhage: ‘één’ € 5\u00a0mln 👍🏽", "Café in ’s-Gravenhage: ‘één’ € 5\u00a0mln 👍🏽"),
        ("\x1b]0;PWN\x07\x1b[31m", "␛]0;PWN␇␛[31m"),
        ("a\nb\r\tc\0", "a␊b␍␉c␀"),
        ("\x7f\x9b31m\x85", "␡�31m�"),
        ("\u202eabc\u2066\u200f", "�abc��"),
        ("a\u200bb\u200db\ufeff\u00ad\u2060\u3164", "a�b�b����"),
        ("\u2028\u2029", "��"),
        ("\ud800 \udcff", "� �"),
        ("\U000e0041", "�"),
        ("[bold]x[/] [link=http://x]y[/link]", "[bold]x[/] [link=http://x]y[/link]"),
    ],
)
def test_what_is_seen(text: str, seen: str) -> None:
    assert printable(text) == seen


def test_lines_where_text_has_several() -> None:
    assert printable("een\ntwee\r\n\x1b", lines=True) == "een\ntwee␍\n␛"


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_offsets_stay_and_nothing_steers(text: str) -> None:
    assert len(printable(text)) == len(text)
    assert controls(printable(text)) == set()
    assert controls(printable(text, lines=True)) <= {"\n"}


@given(st.dictionaries(st.text(), st.text()))
def test_json_for_a_terminal_is_the_same_document(document: dict[str, str]) -> None:
    line = json_line(json.dumps(document, ensure_ascii=False).encode("utf-8", "replace"), terminal=True)
    assert controls(line.decode()) == set()
    assert json.loads(line) == document


def test_json_for_a_pipe_is_as_it_is() -> None:
    value = '{"a": "\x7f\x9b\u202e é"}'.encode()
    assert json_line(value, terminal=False) == value
    assert json_line(value, terminal=True) == r'{"a": "\u007f\u009b\u202e é"}'.encode()
    assert json_line('"\U000e0041"'.encode(), terminal=True) == rb'"\udb40\udc41"'


def test_json_of_several_lines_is_one() -> None:
    for terminal in (True, False):
        assert json_line(b'{\r\n\t"a": 1}', terminal) == b'{   "a": 1}'
