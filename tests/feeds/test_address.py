"""What may be seen of an address, and what is none."""

import base64
from pathlib import Path

import pytest

from streams.feeds.address import AddressError, addresses, parse, shown


def test_user_and_password_go_into_a_header_and_are_seen_nowhere() -> None:
    address = parse("https://klant%40npd:ge%3Ah%25eim@nieuws.example:8443/rss?apikey=zeergeheim&n=20#boven")
    assert address.url == "https://nieuws.example:8443/rss?apikey=zeergeheim&n=20"
    assert address.authorization is not None
    assert base64.b64decode(address.authorization.removeprefix("Basic ")) == b"klant@npd:ge:h%eim"
    assert address.shown == "https://nieuws.example:8443/rss?apikey=…&n=…"
    assert address.name == "nieuws.example"
    for secret in ("klant", "heim", address.authorization):
        assert secret not in repr(address)


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("https://token@nieuws.example/rss", "https://nieuws.example/rss"),
        ("https://:geheim@nieuws.example/rss", "https://nieuws.example/rss"),
        ("https://a:b@c@nieuws.example/rss", "https://nieuws.example/rss"),
        ("https://nieuws.example/rss?geheim", "https://nieuws.example/rss?…"),
        ("https://nieuws.example/rss?a=1&geheim&b=", "https://nieuws.example/rss?a=…&…&b=…"),
        ("https://nieuws.example/feed/@lien", "https://nieuws.example/feed/@lien"),
        ("http://klant:geheim@[::1]:80/x", "http://[::1]:80/x"),
    ],
)
def test_what_is_shown(url: str, seen: str) -> None:
    assert shown(url) == seen


@pytest.mark.parametrize(
    "text",
    [
        "https://klant:ge/heim@nieuws.example/rss",
        "https://klant:ge?heim@nieuws.example/rss",
        "https://klant:ge#heim@nieuws.example/rss",
        "klant:geheim@nieuws.example/rss",
        "ftp://klant:geheim@nieuws.example/rss",
        "https://klant:geheim@",
        "https://klant:geheim@[::1/rss",
        "https://klant:geheim@nieuws.example:99999/rss",
    ],
)
def test_what_is_no_address_is_named_by_its_number_alone(text: str) -> None:
    with pytest.raises(AddressError) as raised:
        addresses(["https://nieuws.example", text])
    assert str(raised.value).startswith("address 2: ")
    assert "heim" not in str(raised.value)
    assert "klant" not in str(raised.value)


def test_a_path_is_a_file_and_a_file_address_only_where_that_is_allowed() -> None:
    assert parse("feeds/a.xml").path == Path("feeds/a.xml")
    assert parse("feeds/a.xml").name == "a.xml"
    with pytest.raises(AddressError, match="--allow-file"):
        parse("file:///etc/hostname")
    assert parse("file:///etc/host%20name", allow_file=True).path == Path("/etc/host name")


def test_addresses_that_look_alike_are_numbered() -> None:
    first, second = addresses(["https://nieuws.example/?id=1", "https://nieuws.example/?id=2"])
    assert (first.shown, second.shown) == ("https://nieuws.example/?id=…", "https://nieuws.example/?id=… (2)")
