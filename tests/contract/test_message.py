"""A record as the stages see it."""

from streams.contract.message import Message, clean_headers


def test_the_last_header_of_a_name_counts() -> None:
    message = Message(b"", headers=(("source", b"npd"), ("language", b"nl"), ("source", b"lln")))
    assert message.header("source") == "lln"
    assert message.header("content-type") is None


def test_header_bytes_that_are_no_utf8_are_replaced() -> None:
    assert Message(b"", headers=(("source", b"n\xffd"),)).header("source") == "n\ufffdd"


def test_headers_of_any_client() -> None:
    assert clean_headers(None) == ()
    assert clean_headers([("source", b"npd"), ("source", None)]) == (("source", b"npd"), ("source", b""))
    assert clean_headers({"source": b"npd"}.items()) == (("source", b"npd"),)
