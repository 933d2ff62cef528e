"""Kinds of input, each as long as is asked for: what nobody would write, and what somebody will send."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from itertools import count, islice
from typing import Final

from streams.contract.message import Message

Made = Callable[[int], Message]
"""A wire item of about so many bytes."""

PROSE: Final = (
    "De regering in Brussel heeft vrijdag een akkoord bereikt over de begroting van {0}. \"Dit is een goed begin\", "
    "zei minister An Peeters na afloop van het overleg. Volgens haar gaat het om een bedrag van {0} miljoen euro, "
    "waarvan de helft naar het onderwijs gaat. De oppositie is niet tevreden met de plannen.\n\n"
    "In Gent en Antwerpen kwamen gisteren {0} mensen op straat. De politie sprak van een rustige betoging, maar "
    "de vakbonden vinden dat er te weinig is gedaan. Volgende week wordt er opnieuw gepraat in het parlement.\n\n"
)  # fmt: skip

RUNS: Final = {
    "brackets": "(", "brackets both ways": ")(", "square brackets": "[", "straight quotes": '"', "apostrophes": "'",
    "curly quotes": "“”", "low quotes": "„", "guillemets": "«»", "backticks": "`", "commas": ",", "full stops": ".",
    "ellipses": "…", "exclamations": "!", "stops and brackets": ".)", "stops and quotes": '."', "questions": "?\"",
    "hyphens": "-", "dashes": "–", "slashes": "/", "underscores": "_", "asterisks": "*", "ampersands": "&",
    "at signs": "@", "hashes": "#", "colons": ":", "percents": "%", "euros": "€", "emoji": "😀",
    "families": "👨\u200d👩\u200d👧", "flags": "🇧🇪", "combining": "e\u0301", "marks alone": "\u0301",
    "marks by turns": "\u0301\u0323", "zero width": "a\u200d", "letters": "a", "capitals": "A", "Greek": "Ω",
    "Chinese": "中", "Arabic": "ع", "digits": "1", "digits with stops": "1.", "digits with commas": "1,",
    "initials": "A.", "small initials": "a.", "hyphenated": "a-", "capitals hyphenated": "Ab-", "apostrophised": "a'",
    "underscored": "a_", "addresses": "a@b.nl,", "links": "http://a.nl/", "units": "1km", "references": "&eacute;",
    "broken references": "&#", "smaller than": "<", "greater than": ">", "backslashes": "\\", "smileys": ":-)",
    "closing marks": "\"'”’", "possessives": "a's", "private use": "\ue000", "replacement": "\ufffd",
    "tildes": "~", "carets": "^", "pipes": "|", "bullets": "•", "copyright": "©", "superscripts": "²",
}  # fmt: skip
"""Without a space anywhere."""

WORDS: Final = {
    "spaces": " ", "hard spaces": "\xa0", "one letter": "a ", "one capital": "A ", "one word": "woord ",
    "shouted": "WOORD ", "names": "Jan Peeters ", "names and commas": "Jan Peeters, ", "short sentences": "Ja. ",
    "initials apart": "J. ", "stops apart": ". ", "brackets apart": "( ", "quotes apart": '" ', "emoji apart": "😀 ",
    "quotes": '"Dat is zo", zei An Peeters. ', "quotes side by side": '"Dat is nu zo" ',
    "quotes unclosed": '"Dat is ',
    "quotes nested": "\"Hij zei: 'ik zei: “nooit”'\" ", "single quotes": "'dat is' ", "cues": "zegt ",
    "sources": "volgens ", "roles": "de minister van ", "titles": "mr. ", "particles": "van der ",
    "clauses": "en dan, ", "introductions": "Peeters zegt: ", "pronouns": "hij zegt dat zij ",
    "abbreviations": "NAVO ", "compounds": "NAVO-top ", "in brackets": "NAVO (VN) ", "possessives apart": "Jans ",
    "parties": "Groen en N-VA ", "chambers": "Tweede Kamerlid ", "enumerations": "1. De ", "times": "12 mei 2026 ",
    "links apart": "www.a.nl ", "prices": "€ 1,2 ", "'s": "'s ", "questions apart": "Wat? ", "Greek words": "Ωμέγα ",
    "Chinese words": "中国 ", "marks apart": "e\u0301 ", "datelines": "GENT (Belga) - ", "mentions": "@jan #gent ",
}  # fmt: skip

LINES: Final = {
    "newlines": "\n", "lines": "a\n", "blank lines": "a\n\n", "lines of a stop": ".\n", "spaced lines": "a\n \n",
    "carriage returns": "a\r", "names on lines": "Jan Peeters\n", "bullets on lines": "- Jan\n",
    "asides": "Lees ook\n",
    "headings": "In het kort\nEen punt\n", "bylines": "Door Jan Peeters\n", "sentences on lines": "Hij zei ja.\n",
    "pull quotes": '"Zo is het nu eenmaal"\nJan Peeters\nminister\n\n',
    "pull quotes without marks": "Zo is het nu eenmaal hier\n\nJan Peeters\n\nminister van Werk\n\n",
    "tables": "1\t2\t3\n", "dashes on lines": "-\n", "stamps": "12 mei 2026 om 12:30\n",
}  # fmt: skip

MARKUP: Final = {
    "paragraphs": "<p>a</p>", "open paragraphs": "<p>a", "divisions": "<div>a", "bold": "<b>a",
    "closed bold": "<b>a</b>",
    "breaks": "a<br>", "items": "<li>a", "lists": "<ul><li>a</li></ul>", "nested lists": "<ul><li>",
    "tags open": "<a",
    "tags": "<a ", "ends": "</p>", "ends unknown": "</x>", "unknown tags": "<x>a", "comments": "<!--a-->",
    "comments open": "<!--", "sections": "<![CDATA[", "scripts": "<script>a</script>", "scripts open": "<script>",
    "tables of HTML": "<table><tr><td>a</td></tr></table>", "tables nested": "<table><tr><td>", "cells": "<td>a",
    "asides of HTML": "<aside><a>a</a></aside>", "asides nested": "<aside>", "figures": "<figure>a</figure>",
    "figures nested": "<figure>", "quotes of HTML": "<blockquote>a b c d</blockquote>",
    "quotes nested in HTML": "<blockquote>a",
    "classes": '<p class="quote">a b c d</p>', "links of HTML": '<a href="a">a</a>',
    "headings of HTML": "<h2>a</h2>a",
    "selects": "<select><option>a", "formatting": "<a><b><i>", "references of HTML": "&lt;", "bodies": "<body>",
    "forms": "<form>a</form>", "images": "<img src=a>", "svg": "<svg><g>", "templates": "<template>", "void": "<p/>",
    "marquees": "<marquee><applet>", "buttons": "<button>a",
}  # fmt: skip
"""As a body in HTML."""

HEADLINES: Final = {
    "headline": "Woord ", "headline of a tag": "a", "headline of brackets": "[", "headline of signals": "FLASH ",
    "headline of numbers": "(1) ", "headline of separators": "UPDATE 2-", "headline of asterisks": "*",
    "headline of spaces": "KILL  ", "headline of tags": "<a", "headline of quotes": '"a" ',
    "headline of dashes": "- ",
}  # fmt: skip

ELEMENTS: Final = {
    "author": "<author>{}</author>", "creator": "<dc:creator>{}</dc:creator>", "title": "<title>{}</title>",
    "date": "<pubDate>{}</pubDate>", "modified": "<dc:date>{}</dc:date>", "category": "<category>{}</category>",
    "description": "<description>{}</description>", "content": "<content:encoded>{}</content:encoded>",
    "identity": "<guid>{}</guid>", "link": "<link>{}</link>", "unknown": "<x>{}</x>",
    "language": "<language>{}</language>",
    "size": '<enclosure url="a" length="{}"/>', "point": "<georss:point>{}</georss:point>",
    "media": "<media:title>{}</media:title>",
    "duration": "<itunes:duration>{}</itunes:duration>", "editor": "<managingEditor>{}</managingEditor>",
}  # fmt: skip
"""One element of a feed with much in it."""

MANY: Final = {
    "categories": "<category>a</category>", "authors": "<author>a@b.nl (a)</author>",
    "links of an entry": "<link>a</link>",
    "enclosures": '<enclosure url="a"/>', "contents": "<content:encoded>a</content:encoded>",
    "unknown elements": "<x/>",
    "elements": "<x>", "titles of an entry": "<title>a</title>", "people": "<dc:creator>a</dc:creator>",
    "descriptions": "<description>a</description>", "media contents": '<media:content url="a"/>',
    "credits": "<media:credit>a</media:credit>", "thumbnails": '<media:thumbnail url="a"/>',
    "instructions": "<?a b?>",
    "sections of XML": "<![CDATA[a]]>", "references of XML": "&#233;", "entities of XML": "&eacute;",
    "html in XML": "&lt;p&gt;a", "tags of itunes": "<itunes:keywords>a,b</itunes:keywords>",
    "persons of Atom": "<a:contributor xmlns:a='http://www.w3.org/2005/Atom'><a:name>a</a:name></a:contributor>",
    "links of Atom": "<a:link xmlns:a='http://www.w3.org/2005/Atom' href='a'/>",
    "sources of RSS": "<source url='a'>a</source>",
    "guids": "<guid>a</guid>", "dates": "<pubDate>Mon, 30 Nov 2026 10:00:00 GMT</pubDate>",
}  # fmt: skip
"""Many elements in one entry of a feed."""


def _filled(unit: str, size: int) -> str:
    return unit * max(1, size // len(unit.encode()))


def _distinct(form: str) -> Callable[[int], str]:
    """Names that differ, in a form with a place for a word: `Aab`, `Aac`, …"""

    def make(size: int) -> str:
        words = (form.format(_word(number)) for number in count())
        return "".join(islice(words, max(1, size // len(form.format("Aaaa").encode()))))

    return make


def _word(number: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    tail = "".join(letters[number // 26**place % 26] for place in range(3))
    return letters[number // 26**3 % 26].upper() + tail


DISTINCT: Final = {
    "distinct words": "{0} ", "distinct names": "Jan {0}, ", "distinct surnames": "{0} Peeters. ",
    "distinct names shared": "{0} De Wit zei. De Wit lacht. ", "distinct abbreviations": "Raad {0} ({0}) ",
    "distinct compounds": "{0}-top ", "distinct possessives": "{0}'s plan ",
    "distinct quotes": '"Zo is {0}", zei {0}. ',
    "distinct lines": "{0}\n", "distinct sentences": "{0} lacht. ", "distinct roles": "minister {0} Smit, ",
    "attributes": "{0}=1 ", "categories that differ": "<category>{0}</category>",
    "distinct initials and names": "J. Wit, Jan {0} Wit, J.{0}. Wit, ",
    "distinct brackets": "{0} Raad ({0}), ", "distinct initials": "J. {0}, J.P. {0}, ",
}  # fmt: skip


def text(body: str, headline: str = "Kop", kind: str = "body_text", **fields: str) -> Message:
    """A ninjs item with this body."""
    item = {"uri": "urn:growth", "language": "nl", "headline": headline, kind: body, **fields}
    return Message(json.dumps(item, ensure_ascii=False).encode(), headers=(("content-type", b"application/json"),))


def html_of(body: str) -> Message:
    """A ninjs item with this body in HTML."""
    return text(body, kind="body_html")


def entry(inside: str) -> Message:
    """An RSS item with this in it."""
    spaces = " ".join(
        f'xmlns:{name}="{address}"'
        for name, address in (
            ("dc", "http://purl.org/dc/elements/1.1/"), ("content", "http://purl.org/rss/1.0/modules/content/"),
            ("media", "http://search.yahoo.com/mrss/"), ("itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"),
            ("georss", "http://www.georss.org/georss"),
        )
    )  # fmt: skip
    item = f"<item><guid>x</guid><title>t</title>{inside}</item>"
    return Message(f"<rss version='2.0' {spaces}><channel>{item}</channel></rss>".encode())


def prose(size: int) -> Message:
    """Ordinary prose: what the others are measured against."""
    number = max(1, size // len(PROSE.encode()))
    return text("".join(PROSE.format(2000 + at % 50) for at in range(number)), "Akkoord over de begroting")


def _plain(body: str) -> Message:
    return Message(body.encode(), headers=(("content-type", b"text/plain"), ("language", b"nl")))


def _halves(body: str) -> Message:
    half = len(body) // 2
    return html_of(f"<blockquote>{body[:half]}</blockquote><p>{body[half:]}</p>")


PLACES: Final[Mapping[str, Callable[[str], Message]]] = {
    "plain": _plain,
    "HTML": lambda body: html_of(f"<p>{body}</p>"),
    "headline": lambda body: text("Een zin.", body),
    "note": lambda body: text("Een zin.", ednote=body),
    "quoted": _halves,
}
"""Where else than in a body of plain text a text may stand."""

FILLINGS: Final = {"letters": "a", "spaces": " a", "digits": "1", "brackets": "a@b(", "commas": "1, ", "dashes": "1-"}


def _of(place: Callable[[str], Message], fill: Callable[[int], str]) -> Made:
    return lambda size: place(fill(size))


def _units(units: Mapping[str, str]) -> dict[str, Callable[[int], str]]:
    return {name: partial(_filled, unit) for name, unit in units.items()}


def kinds() -> dict[str, Made]:
    """The kinds that CI grows, by name."""
    texts = _units(RUNS | WORDS | LINES) | {name: _distinct(form) for name, form in DISTINCT.items()}
    made = {name: _of(text, fill) for name, fill in texts.items()}
    made |= {name: _of(html_of, fill) for name, fill in _units(MARKUP).items()}
    made |= {name: _of(partial(text, "Een zin."), fill) for name, fill in _units(HEADLINES).items()}
    made |= {name: _of(entry, fill) for name, fill in _units(MANY).items()}
    made["attributes"] = _of(lambda body: html_of(f"<p {body}>a</p>"), _distinct(DISTINCT["attributes"]))
    made["attributes with brackets"] = _of(lambda body: html_of(f"<p {body}>a</p>"), _distinct("<{0} "))
    made["attributes of an end"] = _of(lambda body: html_of(f"<p>a</p {body}>"), _distinct("{0} "))
    made["values with brackets"] = _of(html_of, partial(_filled, '<div a="<">'))
    made["values without end"] = _of(html_of, partial(_filled, "<a b="))
    made["formatting that differs"] = _of(html_of, _distinct("<b a={0}><p>x"))
    made["paragraphs that differ"] = _of(html_of, _distinct("<p>{0} lacht.</p>"))
    made["categories that differ"] = _of(entry, _distinct(DISTINCT["categories that differ"]))
    for name, form in ELEMENTS.items():
        for filling, unit in FILLINGS.items():
            made[f"{name} of {filling}"] = _of(partial(_element, form), partial(_filled, unit))
    return made


def more_kinds() -> dict[str, Made]:
    """The texts in all other places, for the long form."""
    texts = _units(RUNS | WORDS | LINES) | {name: _distinct(form) for name, form in DISTINCT.items()}
    return {f"{name}, {where}": _of(place, fill) for where, place in PLACES.items() for name, fill in texts.items()}


def _element(form: str, inside: str) -> Message:
    return entry(form.format(inside))
