"""Asks for a feed over HTTP, within a bound of bytes and of seconds as a whole."""

import asyncio
import ipaddress
import socket
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin
from urllib.request import getproxies, proxy_bypass

import aiohttp

from streams import __version__
from streams.feeds.address import Address, origin, plain, shown
from streams.feeds.answer import Answer, Failed, Limits, Unchanged, Validators
from streams.feeds.failures import in_words, refused, retry_after
from streams.feeds.unpack import UNDERSTOOD, DamagedError, TooLargeError, Unpacker

_REDIRECTS = 5
_REDIRECTING = (301, 302, 303, 307, 308)
_ASKED = {
    "User-Agent": f"streams/{__version__}",
    "Accept": "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1",
    "Accept-Encoding": UNDERSTOOD,
}


async def fetch(address: Address, validators: Validators, limits: Limits) -> Answer | Unchanged | Failed:
    """What the address gives now; whatever goes wrong is a value."""
    guard = _Guard()
    connector = aiohttp.TCPConnector(socket_factory=guard.socket, force_close=True)
    try:
        async with (
            asyncio.timeout(limits.seconds),
            aiohttp.ClientSession(connector=connector, auto_decompress=False, timeout=_NONE) as session,
        ):
            return await _follow(session, guard, address, validators, limits)
    except TimeoutError:
        return Failed(f"no whole answer within {limits.seconds:g} s")
    except Exception as error:
        return Failed("redirected to an internal address: not followed" if guard.refused else in_words(error))


_NONE = aiohttp.ClientTimeout()  # the limit is one for all, redirects included


class _Guard:
    """Makes the sockets, and so sees every address that a name led to: none may lead from the outside to the inside."""

    def __init__(self) -> None:
        self.internal, self.public_only, self.refused = False, False, False

    def socket(self, info: Any) -> socket.socket:
        """A socket for an address of `getaddrinfo`. Raises OSError for an internal one after a public one."""
        family, kind, protocol, _, where = info
        self.internal = not ipaddress.ip_address(where[0].partition("%")[0]).is_global
        if self.internal and self.public_only:
            self.refused = True
            raise OSError("an internal address")
        return socket.socket(family, kind, protocol)


async def _follow(
    session: aiohttp.ClientSession, guard: _Guard, address: Address, validators: Validators, limits: Limits
) -> Answer | Unchanged | Failed:
    url, headers = address.url, _ASKED | _conditions(validators)
    for _ in range(_REDIRECTS + 1):
        secret = {"Authorization": address.authorization} if address.authorization and _same(url, address.url) else {}
        async with session.get(url, headers=headers | secret, allow_redirects=False, proxy=_proxy(url)) as response:
            guard.public_only = guard.public_only or not guard.internal
            if response.status not in _REDIRECTING:
                return await _answer(response, url, validators, limits)
            target = _target(url, response.headers.get("Location", ""))
            if isinstance(target, Failed):
                return target
            url = target
    return Failed(f"more than {_REDIRECTS} redirects")


def _conditions(validators: Validators) -> dict[str, str]:
    asked = {"If-None-Match": validators.etag, "If-Modified-Since": validators.modified}
    return {name: value for name, value in asked.items() if value}


def _same(url: str, first: str) -> bool:
    """Whether what the first address was trusted with may go to this one: the same origin, or its encrypted twin."""
    (scheme, host, port), (first_scheme, first_host, first_port) = origin(url), origin(first)
    ports = (first_scheme, first_port, scheme, port)
    return host == first_host and ((scheme, port) == (first_scheme, first_port) or ports == ("http", 80, "https", 443))


def _target(url: str, location: str) -> str | Failed:
    """Where a redirect leads, without a user name that it may bring."""
    try:
        target = plain(urljoin(url, location.strip()))
        scheme, host, _ = origin(target)
    except ValueError:
        return Failed("a redirect to what is no address")
    if not location.strip() or not host or scheme not in ("http", "https"):
        return Failed("a redirect to what is neither http nor https: not followed")
    if scheme == "http" and origin(url)[0] == "https":
        return Failed(f"a redirect from https to http: not followed; if it is meant, poll {shown(target)}")
    return target


def _proxy(url: str) -> str | None:
    """The proxy that the environment names (https_proxy, no_proxy)."""
    scheme, host, _ = origin(url)
    return None if proxy_bypass(host) else getproxies().get(scheme)


async def _answer(
    response: aiohttp.ClientResponse, url: str, validators: Validators, limits: Limits
) -> Answer | Unchanged | Failed:
    if response.status == HTTPStatus.NOT_MODIFIED and validators != Validators():
        return Unchanged()
    if response.status >= 300:
        return refused(response.status, retry_after(response.headers.get("Retry-After", "")))
    headers, broke_off = response.headers, False
    try:
        unpacker = Unpacker(headers.get("Content-Encoding", ""), limits.max_bytes)
        async for piece in response.content.iter_any():
            unpacker.feed(piece)
    except aiohttp.ClientPayloadError:
        broke_off = True
    except TooLargeError:
        return Failed(f"more than {limits.max_bytes:,} bytes")
    except DamagedError as error:
        return Failed(str(error))
    if not unpacker.content:
        return Failed("the answer broke off before anything came" if broke_off else "an empty answer")
    return Answer(
        unpacker.content,
        url.partition("?")[0],
        _ascii(headers.get("Content-Type")),
        _ascii(headers.get("Content-Language")),
        Validators(_ascii(headers.get("ETag")), _ascii(headers.get("Last-Modified"))),
        unpacker.complete and not broke_off,
    )


def _ascii(header: str | None) -> str | None:
    """A header, or None for one that HTTP does not allow: it could not be sent back."""
    return header if header and header.isascii() else None
