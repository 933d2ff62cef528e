"""What asking for a feed gave."""

from dataclasses import dataclass

from msgspec import Struct


@dataclass(frozen=True)
class Limits:
    """Of one answer: bytes, as received and as unpacked, and seconds from the first look-up to the last byte."""

    max_bytes: int = 20_000_000
    seconds: float = 30.0


class Validators(Struct, frozen=True):
    """What a server knows its answer by (RFC 9110, 8.8)."""

    etag: str | None = None
    modified: str | None = None


class Answer(Struct, frozen=True):
    """A feed as received. Relative addresses in it go by `base`; `complete` says that nothing broke off."""

    content: bytes
    base: str = ""
    content_type: str | None = None
    language: str | None = None
    validators: Validators = Validators()
    complete: bool = True


class Unchanged:
    """The server says that nothing changed since the validators."""


@dataclass(frozen=True)
class Failed:
    """A poll that read nothing, and why. `wait`: seconds that the server asks for; `gone`: it says not to ask again."""

    problem: str
    wait: float = 0.0
    gone: bool = False
