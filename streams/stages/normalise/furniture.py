"""What stands around an article and is no part of it: bylines, time stamps, links, signatures."""

import re
from collections.abc import Sequence

from streams.stages.normalise.lines import Form, Line

_MONTH = (
    r"(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|"
    r"jan|feb|mrt|apr|jun|jul|aug|sept?|okt|nov|dec)\.?"
)
_DAY = r"(?:maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|ma|di|wo|do|vr|za|zo)\.?,?\s+"
_CLOCK = r"(?:\s*[,|•·–-]?\s*(?:om\s+)?\d{1,2}[:.u]\d{2}(?:\s*u(?:ur)?\b)?)"
_STAMP = re.compile(
    rf"^(?:(?:gepubliceerd|bijgewerkt|laatste update|laatst bijgewerkt|update)(?:\s+op)?:?\s*)?"
    rf"(?:(?P<date>(?:{_DAY})?\d{{1,2}}\s+{_MONTH}(?:\s+\d{{4}})?){_CLOCK}?|(?:vandaag|gisteren){_CLOCK})$",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"^(?:door(?: onze)?|van onze|tekst:?|auteur:?)(?: [\w'’.&,/-]+){1,9}$", re.IGNORECASE)
_LINK = re.compile(
    r"^(?:lees (?:ook|meer|verder)|bekijk ook|kijk ook|luister ook|luister naar dit artikel|deel dit artikel|"
    r"advertentie$|foto(?:'s|’s)?:|beeld:|©)",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"(?P<sentence_end>^|[.!?…][\"'”’»“]?)\s*"
    r"(?:\((?:[A-Z][\w.]{1,11}(?:[/ ,]+[\w.]{2,12}){0,3}|[a-z]{2,4})\)|©\s*[\w ,./-]{2,60})\s*$"
)
_OPENING_LINES = 5
_LONGEST = 120


def without_furniture(lines: Sequence[Line], headline: str | None) -> tuple[list[Line], str | None]:
    """The lines of the article itself, and the date of its time stamp as written, if there is one."""
    kept: list[Line] = []
    date = None
    for number, line in enumerate(lines):
        if number < _OPENING_LINES:
            if headline and line.text.casefold() == headline.casefold():
                continue
            stamp = _STAMP.match(line.text)
            if stamp:
                date = date or stamp["date"]
                continue
            if _BYLINE.match(line.text):
                continue
        if not (len(line.text) <= _LONGEST and line.form is not Form.QUOTE and _LINK.match(line.text)):
            kept.append(line)
    return _without_signature(kept), date


def _without_signature(lines: list[Line]) -> list[Line]:
    """`(NPD/jdw)` or `© …` after the last sentence, or alone on the last line."""
    if not lines or lines[-1].form is Form.QUOTE:
        return lines
    last = lines[-1]
    text = _SIGNATURE.sub(lambda found: found["sentence_end"], last.text)
    return [*lines[:-1], Line(text, last.form, last.before)] if text else lines[:-1]
