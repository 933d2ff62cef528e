"""One RSS item or Atom entry, alone or in its feed."""

from datetime import UTC, datetime

import pytest

from streams.contract.outcome import DeadLetter, Ok, Reason
from streams.feeds.item import BodyFormat, WireItem
from streams.feeds.syndication import read_syndication

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><language>nl-be</language>
<item><title>Griep &amp; co in België</title><link>https://example.org/1</link><guid>urn:x:1</guid>
<pubDate>Mon, 23 Nov 2026 12:30:00 +0100</pubDate>
<description>Kort</description>
<content:encoded><![CDATA[<p>Lang</p>]]></content:encoded></item></channel></rss>"""

ATOM = """<entry xmlns="http://www.w3.org/2005/Atom" xml:lang="nl-NL"><id>urn:x:2</id><title>Kop</title>
<updated>2026-11-23T11:30:00Z</updated><summary>Kort</summary>
<content type="html">&lt;p&gt;Caf&amp;eacute;&lt;/p&gt;</content></entry>"""


def item_of(xml: str) -> WireItem:
    outcome = read_syndication(xml.encode())
    assert isinstance(outcome, Ok), outcome
    return outcome.value


def test_rss() -> None:
    assert item_of(RSS) == WireItem(
        id="urn:x:1",
        headline="Griep & co in België",
        body="<p>Lang</p>",
        body_format=BodyFormat.HTML,
        language="nl-be",
        published=datetime(2026, 11, 23, 11, 30, tzinfo=UTC),
    )


def test_atom() -> None:
    item = item_of(ATOM)
    assert (item.id, item.headline, item.body, item.language) == ("urn:x:2", "Kop", "<p>Caf&eacute;</p>", "nl-NL")
    assert item.published == datetime(2026, 11, 23, 11, 30, tzinfo=UTC)


def test_a_bare_item_with_a_link_alone() -> None:
    item = item_of("<item><title>Kop</title><link>https://example.org/2</link></item>")
    assert (item.id, item.headline, item.body) == ("https://example.org/2", "Kop", None)


def test_an_entity_of_html_is_common_and_harmless() -> None:
    assert item_of("<item><guid>g</guid><title>6,1&nbsp;procent</title></item>").headline == "6,1\xa0procent"


def test_the_encoding_is_the_one_declared() -> None:
    xml = '<?xml version="1.0" encoding="iso-8859-1"?><item><guid>g</guid><title>Reünie</title></item>'
    outcome = read_syndication(xml.encode("cp1252"))
    assert isinstance(outcome, Ok)
    assert outcome.value.headline == "Reünie"


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"<item><title>Kop</title></item>", Reason.WRONG_FIELD),
        (b"<rss><channel><item><guid>a</guid></item><item><guid>b</guid></item></channel></rss>", Reason.WRONG_FIELD),
        (b"<item><guid>g</guid><title>Kop</title><description>afgebr", Reason.NOT_PARSED),
        (b"<", Reason.NOT_PARSED),
        (b"/etc/hostname", Reason.NOT_PARSED),
        (b"<item><guid>g</guid><title>Kop &#xD800;</title></item>", Reason.NOT_PARSED),
        (b"<item><guid>g</guid><title>Kop &#0; &#x110000;</title></item>", Reason.NOT_PARSED),
        (b"<item><guid>g</guid><title>&nbsp; &#" + b"9" * 5_000 + b";</title></item>", Reason.NOT_PARSED),
        (b"<item><guid>g\x00</guid><title>Kop</title></item>", Reason.NOT_PARSED),
        (b"<?x encoding='" + b"'" * 5_000 + b"<item/>", Reason.NOT_PARSED),
        (b"<newsItem/>", Reason.UNKNOWN_FORMAT),
        (RSS.encode("cp1252"), Reason.WRONG_ENCODING),
        (b'<?xml version="1.0" encoding="x-none"?><item/>', Reason.WRONG_ENCODING),
    ],
)
def test_what_is_no_entry(payload: bytes, reason: Reason) -> None:
    outcome = read_syndication(payload)
    assert isinstance(outcome, DeadLetter), outcome
    assert outcome.reason is reason


@pytest.mark.parametrize("prolog", ["<?style x?>", "<!--\n\n-->\n", "<!DOCTYPE rss [\n\n\n]>", "<!DOCTYPE rss>"])
def test_what_stands_before_the_root_is_of_no_account(prolog: str) -> None:
    outcome = read_syndication(f"{prolog}<item><guid>g</guid><title>Kop</title></item>".encode())
    assert isinstance(outcome, Ok)
    assert outcome.value.headline == "Kop"


def test_authors_and_categories_are_passed_over() -> None:
    entry = "<author>jan@npd.example (Jan)</author><category>politiek</category><category>politiek</category>"
    outcome = read_syndication(f"<item><guid>g</guid>{entry}<title>Kop</title></item>".encode())
    assert isinstance(outcome, Ok)
    assert outcome.value.headline == "Kop"
