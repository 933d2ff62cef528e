"""Wire items from files, folders and pipes."""

import io
import json
import os
from pathlib import Path

import pytest

from streams.contract.outcome import DeadLetter, Ok, Reason
from streams.feeds.files import Format, read_files, split
from streams.feeds.readers import read

NO_INPUT = io.BytesIO()
ONE = b'{"uri": "urn:x:1", "headline": "Brand in Gent"}'
TWO = b'{"uri": "urn:x:2", "headline": "Brand in Breda"}'
PRETTY = b"""{
  "uri": "urn:x:1",
  "headline": "Brand in Gent",
  "subject": [
    {"name": "brand"},
    {"name": "Gent"}
  ]
}
"""


def payloads(content: bytes, form: Format = Format.AUTO) -> list[bytes]:
    return [payload for _, payload, _ in split(content, form)]


def test_one_object_on_one_line() -> None:
    assert list(split(ONE)) == [(0, ONE, "ninjs")]
    assert list(split(ONE + b"\n")) == [(0, ONE + b"\n", "ninjs")]


def test_one_object_over_several_lines_with_objects_in_it() -> None:
    assert list(split(PRETTY)) == [(0, PRETTY, "ninjs")]


def test_json_lines_carry_their_line_number() -> None:
    assert list(split(ONE + b"\n\n" + TWO + b"\r\n")) == [(1, ONE, "ninjs"), (3, TWO + b"\r", "ninjs")]


@pytest.mark.parametrize(
    "lines",
    [
        [ONE, b'{"uri": "urn:x:broken", "headli', TWO],
        [b'{"uri": "urn:x:broken", "headli', ONE, TWO],
        [ONE, TWO, b'{"uri": "urn:x:broken", "headli'],
        [ONE, b"no JSON at all", TWO],
    ],
    ids=["middle", "first", "last", "text"],
)
def test_a_broken_line_is_an_item_of_its_own_and_keeps_its_number(lines: list[bytes]) -> None:
    items = list(split(b"\n".join(lines)))
    assert [number for number, _, _ in items] == [1, 2, 3]
    readable = [isinstance(read(payload, "application/vnd.iptc.ninjs+json"), Ok) for _, payload, _ in items]
    assert readable == [line in (ONE, TWO) for line in lines]


def test_a_broken_object_over_several_lines_is_one_item() -> None:
    """An item that was cut off on its way is one dead letter, not one a line."""
    assert payloads(PRETTY[:-4]) == [PRETTY[:-4]]


def test_a_deep_object_does_not_end_the_command() -> None:
    deep = b'{"a": ' + 100_000 * b"["
    (payload,) = payloads(deep)
    assert isinstance(read(payload, "application/vnd.iptc.ninjs+json"), DeadLetter)


def test_anything_else_is_one_text() -> None:
    text = b"Brand in Gent\n\nEen loods brandde uit.\n"
    assert list(split(text)) == [(0, text, "auto")]


def test_a_format_that_is_named_is_not_guessed() -> None:
    assert list(split(ONE, Format.TEXT)) == [(0, ONE, "text")]
    assert list(split(b"<item/>", Format.RSS)) == [(0, b"<item/>", "rss")]
    assert payloads(b"no JSON", Format.NINJS) == [b"no JSON"]


def test_a_byte_order_mark_hides_nothing() -> None:
    mark = b"\xef\xbb\xbf"
    items = list(split(mark + ONE + b"\n" + TWO))
    assert [number for number, _, _ in items] == [1, 2]
    identities = [read(payload, "application/vnd.iptc.ninjs+json") for _, payload, _ in items]
    assert [item.value.id for item in identities if isinstance(item, Ok)] == ["urn:x:1", "urn:x:2"]


def test_nothing_is_an_item_too_so_that_it_is_reported() -> None:
    assert list(split(b"")) == [(0, b"", "auto")]


def test_standard_input() -> None:
    items = list(read_files([], io.BytesIO(ONE + b"\n" + TWO), source="npd", language="nl"))
    assert [item.origin for item in items] == ["standard input, line 1", "standard input, line 2"]
    assert {(item.source, item.language, item.content_type) for item in items} == {
        ("npd", "nl", "application/vnd.iptc.ninjs+json")
    }


def test_a_dash_is_standard_input_between_files(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"uit het bestand")
    items = read_files([file, Path("-"), file], io.BytesIO(b"uit de pijp"))
    assert [item.payload for item in items] == [b"uit het bestand", b"uit de pijp", b"uit het bestand"]


def test_text_and_xml_are_recognised_later_from_their_content(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_bytes(b"<item><guid>urn:x:3</guid><title>Brand</title></item>")
    (item,) = read_files([file], NO_INPUT)
    assert (item.content_type, item.key(), item.origin) == (None, b"urn:x:3", str(file))


def test_a_folder_is_its_wire_files_by_name(tmp_path: Path) -> None:
    for name in ("002.TXT", "001.json", "003.xml", "notes.md", "004.jsonl"):
        (tmp_path / name).write_bytes(ONE + b"\n" + TWO if name == "004.jsonl" else ONE)
    origins = [item.origin.removeprefix(f"{tmp_path}/") for item in read_files([tmp_path], NO_INPUT)]
    names = ["001.json", "002.TXT", "003.xml", "004.jsonl"]
    assert origins == [f"{name}, line 1" for name in names] + ["004.jsonl, line 2"]


def test_an_empty_folder_gives_nothing_and_does_not_wait_for_input(tmp_path: Path) -> None:
    assert list(read_files([tmp_path], io.BytesIO(ONE))) == []


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"missing\.json"):
        list(read_files([tmp_path / "missing.json"], NO_INPUT))


def test_an_item_as_a_message_for_the_first_stage() -> None:
    (item,) = read_files([], io.BytesIO(ONE), source="npd", language="nl-BE")
    message = item.message()
    assert (message.value, item.key()) == (ONE, b"urn:x:1")
    assert message.header("content-type") == "application/vnd.iptc.ninjs+json"
    assert (message.header("source"), message.header("language")) == ("npd", "nl-BE")
    assert message.header("received") == item.received.isoformat().replace("+00:00", "Z")


def test_an_item_that_cannot_be_read_has_no_key_and_still_goes_on() -> None:
    (item,) = read_files([], io.BytesIO(b'{"headline": "zonder uri"}'))
    assert item.key() is None
    result = read(item.payload, item.content_type)
    assert isinstance(result, DeadLetter)
    assert result.reason is Reason.WRONG_FIELD


def test_headers_that_are_not_known_are_left_out() -> None:
    (item,) = read_files([], io.BytesIO(b"Brand in Gent"))
    assert [name for name, _ in item.headers()] == ["received"]


def test_json_lines_of_a_pipe_are_given_before_it_closes() -> None:
    """`tail -f wire.jsonl | streams enrich` shows an article when it comes."""
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb") as reading, os.fdopen(write_end, "wb") as writing:
        writing.write(b'{"uri": "urn:a"}\n')
        writing.flush()
        items = read_files([], reading)
        assert next(items).payload == b'{"uri": "urn:a"}'
        writing.write(b"{broken\n")
        writing.flush()
        assert (item := next(items)).payload == b"{broken"
        assert item.origin == "standard input, line 2"


def test_an_object_over_several_lines_in_a_file_is_one_item(tmp_path: Path) -> None:
    """Whose first line is a brace, and whose last line may be missing."""
    whole = json.dumps({"uri": "urn:a", "bodies": [{"value": "x"}]}, indent=2).encode()
    for name, content in (("whole.json", whole), ("cut.json", whole[:-20])):
        (tmp_path / name).write_bytes(content)
        assert [item.payload for item in read_files([tmp_path / name], NO_INPUT)] == [content]
