"""Why a feed was not read, in words that hold nothing of its address and nothing that its server wrote."""

import socket
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp

from streams.feeds.answer import Failed

_LONGEST_WAIT = 24 * 3600.0  # seconds: no server may ask for more


def refused(status: int, wait: float = 0.0) -> Failed:
    """An answer with an HTTP status that is no success."""
    try:
        words = f"HTTP status {status} ({HTTPStatus(status).phrase})"
    except ValueError:
        words = f"HTTP status {status}"
    if status == HTTPStatus.GONE:
        return Failed(f"{words}: the feed has ended, it is not polled again", gone=True)
    if status == HTTPStatus.UNAUTHORIZED:
        return Failed(f"{words}: give user name and password in the address, https://NAME:PASSWORD@…")
    return Failed(words, wait if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE) else 0.0)


def retry_after(header: str) -> float:
    """Seconds that a `Retry-After` asks for (seconds or an HTTP date), a day at most; 0 for none that can be read."""
    header = header.strip()
    if header.isascii() and header.isdecimal():
        return min(float(header[:10]), _LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(header)
    except (ValueError, TypeError, OverflowError):
        return 0.0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max((until - datetime.now(UTC)).total_seconds(), 0.0), _LONGEST_WAIT)


def in_words(error: Exception) -> str:
    """What an exception of the connection means. Texts of exceptions are left out: they quote addresses and answers."""
    match error:
        case aiohttp.ClientConnectorCertificateError():
            inner = error.certificate_error
            reason = inner.verify_message if isinstance(inner, ssl.SSLCertVerificationError) else "not valid"
            return f"its certificate is not trusted: {reason}"
        case aiohttp.ClientConnectorSSLError():
            return "no TLS connection: what answers there does not speak it, or not the same version"
        case aiohttp.ClientProxyConnectionError() | aiohttp.ClientHttpProxyError():
            return "the proxy that the environment names does not connect"
        case aiohttp.ClientConnectorDNSError():
            return "no such host, or no name server answers"
        case aiohttp.ClientConnectorError():
            return _of_the_system(error.os_error)
        case aiohttp.ServerDisconnectedError():
            return "the server hung up without an answer"
        case aiohttp.ClientResponseError():
            return "what answers there does not speak HTTP, or its headers are too long"
        case socket.gaierror():
            return "no such host, or no name server answers"
        case ValueError():
            return "not an address that can be asked"
        case OSError():
            return _of_the_system(error)
        case _:
            return type(error).__name__


def _of_the_system(error: OSError) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "connection refused: nothing listens there"
    return error.strerror.split("[")[0].strip() if error.strerror else type(error).__name__
