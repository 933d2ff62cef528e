"""One answer over HTTP: its bounds, its redirects, and what is said of one that is none."""

import asyncio
import gzip
import ipaddress
import socket
import time
import zlib
from collections.abc import Callable

import aiohttp
import pytest

from streams.feeds.address import parse
from streams.feeds.answer import Answer, Failed, Limits, Unchanged, Validators
from streams.feeds.fetch import fetch
from tests.feeds.server import FEED, Server, drip, endless


def ask(
    url: str, validators: Validators | None = None, max_bytes: int = 100_000, seconds: float = 10.0
) -> Answer | Unchanged | Failed:
    return asyncio.run(fetch(parse(url), validators or Validators(), Limits(max_bytes, seconds)))


def problem(url: str, **limits: float) -> str:
    failed = ask(url, **limits)  # type: ignore[arg-type]
    assert isinstance(failed, Failed), failed
    return failed.problem


def content(url: str) -> bytes:
    answer = ask(url)
    assert isinstance(answer, Answer), answer
    return answer.content


def test_what_an_answer_holds(server: Server) -> None:
    server.etag = '"v1"'
    kind = {"Content-Type": "application/rss+xml", "Content-Language": "nl", "Last-Modified": "gisteren"}
    url = server.reply("/rss", headers=kind)
    base, versions = server.url + "/rss", Validators('"v1"', "gisteren")
    assert ask(url + "?token=geheim") == Answer(FEED, base, "application/rss+xml", "nl", versions)
    assert isinstance(ask(url, versions), Unchanged)
    assert server.headers("If-None-Match") == [None, '"v1"']
    assert server.headers("If-Modified-Since") == [None, "gisteren"]


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda plain: zlib.compress(plain)[2:-4]),
        ("gzip", lambda plain: gzip.compress(plain[:9]) + gzip.compress(plain[9:])),
    ],
    ids=["gzip", "x-gzip", "zlib", "bare deflate", "two members"],
)
def test_compressed_answers(server: Server, encoding: str, pack: Callable[[bytes], bytes]) -> None:
    assert content(server.reply("/packed", pack(FEED), headers={"Content-Encoding": encoding})) == FEED


def test_bytes_are_bounded_as_received_and_as_unpacked(server: Server) -> None:
    assert problem(server.reply("/endless", pieces=endless)) == "more than 100,000 bytes"
    bomb = gzip.compress(b"a" * 50_000_000)
    packed = {"Content-Encoding": "gzip"}
    assert len(bomb) < 100_000
    assert problem(server.reply("/bomb", bomb, headers=packed)) == "more than 100,000 bytes"
    empty_members = gzip.compress(b"") * 10_000
    assert problem(server.reply("/members", empty_members, headers=packed)) == "more than 100,000 bytes"


def test_seconds_are_bounded_as_a_whole(server: Server) -> None:
    """However many bytes come meanwhile, and over all redirects."""
    started = time.monotonic()
    assert problem(server.reply("/drip", pieces=drip, pause=0.1), seconds=0.5) == "no whole answer within 0.5 s"
    assert problem(server.reply("/silent", hangs_up=True, pause=9.0), seconds=0.5) == "no whole answer within 0.5 s"
    for number in range(4):
        server.redirect(f"/{number}", f"/{number + 1}")
        server.replies[f"/{number}"].pieces, server.replies[f"/{number}"].pause = (lambda: iter((b"", b""))), 0.2
    server.reply("/4", hangs_up=True, pause=9.0)
    assert problem(server.url + "/0", seconds=0.5) == "no whole answer within 0.5 s"
    assert time.monotonic() - started < 8


def test_headers_that_could_not_be_sent_back_are_left_out(server: Server) -> None:
    kind = {"ETag": '"\xe9"', "Content-Type": "text/\xe9", "Last-Modified": "gisteren"}
    answer = ask(server.reply("/odd", headers=kind))
    assert isinstance(answer, Answer)
    assert (answer.content_type, answer.validators) == (None, Validators(None, "gisteren"))


def test_an_answer_that_breaks_off_is_not_complete(server: Server) -> None:
    cut = ask(server.reply("/short", FEED[:50], headers={"Content-Length": "5000"}))
    assert isinstance(cut, Answer)
    assert (cut.content, cut.complete) == (FEED[:50], False)
    packed = ask(server.reply("/cut", gzip.compress(FEED)[:-20], headers={"Content-Encoding": "gzip"}))
    assert isinstance(packed, Answer)
    assert not packed.complete


def test_redirects_are_followed_but_not_for_ever(server: Server) -> None:
    assert content(server.redirect("/moved", "/feed.xml", 301)) == FEED
    assert content(server.redirect("/here", server.url + "/feed.xml", 308)) == FEED
    assert problem(server.redirect("/loop", "/loop")) == "more than 5 redirects"
    assert server.asked.count(("/loop", server.asked[-1][1])) == 6


@pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://127.0.0.1/x", "data:,x", "", "//[::1"])
def test_a_redirect_leads_to_http_and_nowhere_else(server: Server, target: str) -> None:
    assert problem(server.redirect("/away", target)).startswith("a redirect to what is n")


def test_credentials_stay_where_they_were_given(server: Server, other: Server) -> None:
    def with_password(url: str) -> str:
        return url.replace("http://", "http://klant:geheim@")

    assert content(with_password(server.redirect("/moved", "/feed.xml"))) == FEED
    assert server.headers("Authorization") == ["Basic a2xhbnQ6Z2VoZWlt"] * 2
    assert content(with_password(server.redirect("/elsewhere", other.url + "/feed.xml"))) == FEED
    assert content(server.redirect("/brings", other.url.replace("http://", "http://x:y@") + "/feed.xml")) == FEED
    assert other.headers("Authorization") == [None, None]


def test_no_redirect_from_the_outside_to_the_inside(
    server: Server, other: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first server counts as one on the internet: what it redirects to may not be inside."""
    real = ipaddress.ip_address

    class Internet:
        is_global = True

    asked: list[str] = []

    def address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | Internet:
        asked.append(text)
        return Internet() if len(asked) == 1 else real(text)

    monkeypatch.setattr(ipaddress, "ip_address", address)
    url = server.redirect("/inside", other.url + "/feed.xml")
    assert problem(url) == "redirected to an internal address: not followed"
    assert other.asked == []


def test_no_redirect_from_https_to_http(secure: Server, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    trust_any_certificate(monkeypatch)
    url = secure.redirect("/down", server.url + "/feed.xml?token=geheim")
    assert problem(url) == (
        f"a redirect from https to http: not followed; if it is meant, poll {server.url}/feed.xml?token=…"
    )
    assert server.asked == []


def trust_any_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    connector = aiohttp.TCPConnector
    monkeypatch.setattr(aiohttp, "TCPConnector", lambda **options: connector(ssl=False, **options))


def test_a_certificate_that_nobody_vouches_for(secure: Server) -> None:
    assert problem(secure.url + "/feed.xml") == "its certificate is not trusted: self-signed certificate"


def test_what_is_said_of_a_server_that_does_not_serve(server: Server) -> None:
    assert problem(server.url.replace("http:", "https:") + "/feed.xml").startswith("no TLS connection")
    assert problem(server.reply("/empty", b"")) == "an empty answer"
    assert problem(server.reply("/cut", b"", headers={"Content-Length": "9"})).startswith("the answer broke off")
    assert (
        problem(server.reply("/br", headers={"Content-Encoding": "br"})) == "a content encoding that was not asked for"
    )
    assert problem(server.reply("/gz", headers={"Content-Encoding": "gzip"})) == "its compression is damaged"
    assert problem(server.reply("/hangs-up", hangs_up=True)) == "the server hung up without an answer"
    assert "does not speak HTTP" in problem(server.reply("/long", headers={"X": "a" * 60_000}))
    assert "nothing listens there" in problem(f"http://127.0.0.1:{unused_port()}/")
    assert problem("http://nergens.invalid/").startswith("no such host")


def unused_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.parametrize(
    ("status", "told", "wait"),
    [
        (404, "HTTP status 404 (Not Found)", 0),
        (500, "HTTP status 500 (Internal Server Error)", 0),
        (429, "HTTP status 429 (Too Many Requests)", 120),
        (503, "HTTP status 503 (Service Unavailable)", 120),
        (304, "HTTP status 304 (Not Modified)", 0),
        (599, "HTTP status 599", 0),
    ],
)
def test_what_is_said_of_a_status(server: Server, status: int, told: str, wait: float) -> None:
    assert ask(server.reply("/x", b"", status, {"Retry-After": "120"})) == Failed(told, wait)


def test_a_feed_that_is_gone_and_one_that_wants_a_password(server: Server) -> None:
    gone = ask(server.reply("/gone", b"", 410))
    assert isinstance(gone, Failed)
    assert gone.gone
    assert "NAME:PASSWORD@" in problem(server.reply("/closed", b"", 401))
