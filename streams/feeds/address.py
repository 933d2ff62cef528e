"""Addresses of feeds: what to ask, and what may be shown of them."""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, unquote_to_bytes, urlsplit, urlunsplit
from urllib.request import url2pathname

_PORTS = {"http": 80, "https": 443}
Origin = tuple[str, str, int]


class AddressError(ValueError):
    """No address of a feed. The message holds no part of it: a mistyped address shows its password as a host."""


@dataclass(frozen=True)
class Address:
    """A feed's address. Only `shown` and `name` are for the eye: `url` may hold a token, never a user name."""

    shown: str
    name: str
    url: str = field(default="", repr=False)
    authorization: str | None = field(default=None, repr=False)
    path: Path | None = None


def addresses(texts: Sequence[str], allow_file: bool = False) -> list[Address]:
    """The addresses of these texts, each shown in a way of its own. Raises AddressError, with the number."""
    return list(_numbered(texts, allow_file))


def _numbered(texts: Sequence[str], allow_file: bool) -> Iterator[Address]:
    times = Counter[str]()
    for number, text in enumerate(texts, start=1):
        try:
            address = parse(text.strip(), allow_file)
        except ValueError as error:
            why = error if isinstance(error, AddressError) else "not an address; write @ : / ? # in a password as %40 …"
            raise AddressError(f"address {number}: {why}") from None
        times[address.shown] += 1
        if times[address.shown] > 1:  # two queries differ in what is not shown
            shown = f"{address.shown} ({times[address.shown]})"
            address = Address(shown, address.name, address.url, address.authorization, address.path)
        yield address


def parse(text: str, allow_file: bool = False) -> Address:
    """An http or https address, a path, or where that is allowed a file: address. Raises ValueError."""
    parts = urlsplit(text)
    if not parts.scheme and not parts.netloc and text:
        return Address(text, Path(text).name, path=Path(text))
    if parts.scheme == "file":
        if not allow_file:
            raise AddressError("a file: address: read only with --allow-file")
        path = Path(url2pathname(parts.path))
        return Address(str(path), path.name, path=path)
    if parts.scheme not in _PORTS:
        raise AddressError("neither http: nor https:")
    if not parts.hostname or parts.port == 0:
        raise AddressError("it names no host")
    return Address(shown(text), parts.hostname, _plain(parts), _authorization(parts))


def origin(url: str) -> Origin:
    """Scheme, host and port. Raises ValueError."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)


def plain(url: str) -> str:
    """The address without user name, password and fragment. Raises ValueError."""
    return _plain(urlsplit(url))


def shown(url: str) -> str:
    """The address for the eye: no user name, no password, and of a query only the names (`?apikey=…`)."""
    parts = urlsplit(_plain(urlsplit(url)))
    query = "&".join(f"{name}=…" if found else "…" for name, found, _ in map(_pair, parts.query.split("&")))
    return urlunsplit(parts._replace(query=query if parts.query else ""))


def _pair(pair: str) -> tuple[str, str, str]:
    return pair.partition("=")


def _plain(parts: SplitResult) -> str:
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))


def _authorization(parts: SplitResult) -> str | None:
    """The header that user name and password make (RFC 7617), or None without."""
    user, there, _ = parts.netloc.rpartition("@")
    if not there:
        return None
    name, _, password = user.partition(":")
    return "Basic " + b64encode(unquote(name).encode() + b":" + unquote_to_bytes(password)).decode()
