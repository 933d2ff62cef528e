"""A web server on loopback that serves feeds, good and bad."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


def rss(*entries: tuple[str, str], language: str = "nl") -> bytes:
    """A feed of (id, title), the newest first as feeds have it."""
    items = "".join(
        f"<item><guid>{identity}</guid><title>{title}</title><link>https://nieuws.example/{identity}</link>"
        f"<description>&lt;p&gt;{title}, zegt de brandweer.&lt;/p&gt;</description>"
        "<pubDate>Mon, 02 Mar 2026 09:30:00 +0100</pubDate></item>"
        for identity, title in entries
    )
    head = f"<title>Nieuws</title><language>{language}</language>"
    return f"<rss version='2.0'><channel>{head}{items}</channel></rss>".encode()


FEED = rss(("1", "Brand in Gent"))


@dataclass
class Reply:
    """What is answered: all at once, or in `pieces` with a `pause` (seconds) before each; or nothing at all."""

    body: bytes = FEED
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/rss+xml"})
    pieces: Callable[[], Iterator[bytes]] | None = None
    pause: float = 0.0
    hangs_up: bool = False


@dataclass
class Server:
    """Replies by path; with `etag` it says 304 to who knows it. `asked` is (path, headers) of each request."""

    url: str = ""
    replies: dict[str, Reply] = field(default_factory=dict)
    etag: str | None = None
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    port: int = 0

    def reply(self, path: str, *args: Any, **kwargs: Any) -> str:
        """Sets what a path replies, and gives its address."""
        self.replies[path] = Reply(*args, **kwargs)
        return self.url + path

    def redirect(self, path: str, target: str, status: int = 302) -> str:
        """Has a path lead elsewhere, and gives its address."""
        return self.reply(path, b"", status, {"Location": target})

    def headers(self, name: str) -> list[str | None]:
        """A header of all requests."""
        return [headers.get(name) for _, headers in self.asked]


@contextmanager
def serving(certificate: Path | None = None) -> Iterator[Server]:
    """A server while the context lasts; with TLS where it has a certificate."""
    ours, ended = Server(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            ours.asked.append((self.path, dict(self.headers)))
            reply = ours.replies.get(path, Reply(b"niet hier", 404))
            if reply.hangs_up:
                ended.wait(reply.pause)
                return
            unchanged = ours.etag is not None and self.headers["If-None-Match"] == ours.etag
            self.send_response(304 if unchanged else reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if ours.etag and not unchanged:
                self.send_header("ETag", ours.etag)
            self.end_headers()
            try:
                for piece in () if unchanged else reply.pieces() if reply.pieces else (reply.body,):
                    if ended.wait(reply.pause):
                        return
                    self.wfile.write(piece)
            except OSError:
                pass  # the other side has had enough

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """Quiet: whoever does not like the certificate hangs up."""

    http = Quiet(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        http.socket = context.wrap_socket(http.socket, server_side=True)
    ours.port = http.server_address[1]
    ours.url = f"{'https' if certificate else 'http'}://127.0.0.1:{ours.port}"
    threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield ours
    finally:
        ended.set()
        http.shutdown()
        http.server_close()


def drip() -> Iterator[bytes]:
    """A feed byte by byte."""
    return (bytes([byte]) for byte in FEED * 10)


def endless() -> Iterator[bytes]:
    """A feed that never ends, for a minute."""
    until = time.monotonic() + 60
    yield b"<rss version='2.0'><channel><title>"
    while time.monotonic() < until:
        yield b"a" * 100_000
