"""A web server for the tests of feeds."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.feeds.server import Server, serving


@pytest.fixture
def server() -> Iterator[Server]:
    """A server with a feed of one entry at /feed.xml."""
    with serving() as ours:
        ours.reply("/feed.xml")
        yield ours


@pytest.fixture
def other() -> Iterator[Server]:
    """Another one, on a port of its own."""
    with serving() as ours:
        ours.reply("/feed.xml")
        yield ours


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1, signed by itself, with its key."""
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    name = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    files = ("-keyout", str(path) + ".key", "-out", str(path))
    subprocess.run(["openssl", "req", "-x509", *key, *name, *files], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + Path(str(path) + ".key").read_bytes())
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[Server]:
    """A server that speaks TLS."""
    with serving(certificate) as ours:
        ours.reply("/feed.xml")
        yield ours
