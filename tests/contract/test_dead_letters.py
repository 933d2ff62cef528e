"""A dead letter keeps what was read, byte for byte, and says why."""

from streams.contract.dead_letters import dead_letter, without_errors
from streams.contract.message import Message
from streams.contract.outcome import DeadLetter, Reason

BROKEN = b'{"uri": "urn:x:1", \xff'
READ = Message(
    value=BROKEN,
    key=b"urn:x:1",
    headers=(("content-type", b"application/vnd.iptc.ninjs+json"), ("source", b"npd"), ("source", b"\xff")),
    topic="news.raw",
    partition=3,
    offset=42,
)
ERROR = DeadLetter(Reason.WRONG_ENCODING, "byte 19", "UnicodeDecodeError")


def test_bytes_key_and_headers_are_kept_and_the_reason_is_added() -> None:
    record = dead_letter("news.dead-letters", "normalise", READ, ERROR)
    assert record.topic == "news.dead-letters"
    assert record.value == BROKEN
    assert record.key == b"urn:x:1"
    assert record.headers[:3] == READ.headers
    assert dict(record.headers[3:]) == {
        "__connect.errors.topic": b"news.raw",
        "__connect.errors.partition": b"3",
        "__connect.errors.offset": b"42",
        "__connect.errors.stage": b"normalise",
        "__connect.errors.reason": b"wrong_encoding",
        "__connect.errors.exception.class.name": b"UnicodeDecodeError",
        "__connect.errors.exception.message": b"wrong_encoding: byte 19",
    }


def test_a_reason_without_exception_stands_as_the_class() -> None:
    record = dead_letter("news.dead-letters", "normalise", READ, DeadLetter(Reason.NO_TEXT, "nothing"))
    assert dict(record.headers)["__connect.errors.exception.class.name"] == b"no_text"


def test_headers_of_retried_dead_letters_do_not_pile_up() -> None:
    first = dead_letter("news.dead-letters", "normalise", READ, ERROR)
    retried = Message(first.value, first.key, first.headers, topic="news.raw", partition=3, offset=99)
    second = dead_letter("news.dead-letters", "normalise", retried, ERROR)
    assert [name for name, _ in second.headers] == [name for name, _ in first.headers]
    assert dict(second.headers)["__connect.errors.offset"] == b"99"
    assert without_errors(second.headers) == READ.headers


def test_a_long_message_is_cut() -> None:
    error = DeadLetter(Reason.STAGE_RAISED, 10_000 * "é", "ValueError")
    message = dict(dead_letter("news.dead-letters", "entities", READ, error).headers)
    assert len(message["__connect.errors.exception.message"].decode()) == 500


def test_a_message_that_quotes_half_a_surrogate_pair() -> None:
    error = DeadLetter(Reason.STAGE_RAISED, "cannot encode \ud800", "UnicodeEncodeError")
    message = dict(dead_letter("news.dead-letters", "entities", READ, error).headers)
    assert message["__connect.errors.exception.message"].endswith(b"cannot encode \\ud800")


def test_a_stack_trace_keeps_its_end_which_names_the_line() -> None:
    trace = 9_000 * "x" + "line 7, in tag"
    error = DeadLetter(Reason.STAGE_RAISED, "no", "ValueError", trace)
    kept = dict(dead_letter("news.dead-letters", "entities", READ, error).headers)[
        "__connect.errors.exception.stacktrace"
    ]
    assert len(kept) == 4_000
    assert kept.endswith(b"line 7, in tag")


def test_a_record_without_key_and_value_can_be_sent_on() -> None:
    """The clients refuse a record that has neither: the dead letter then has an empty value."""
    letter = dead_letter("news.dead-letters", "normalise", Message(None), DeadLetter(Reason.EMPTY_PAYLOAD, "nothing"))
    assert (letter.key, letter.value) == (None, b"")
    tombstone = dead_letter(
        "news.dead-letters", "normalise", Message(None, b"k"), DeadLetter(Reason.EMPTY_PAYLOAD, "nothing")
    )
    assert (tombstone.key, tombstone.value) == (b"k", None)
