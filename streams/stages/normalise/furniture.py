"""What stands around an article and is no part of it: bylines, time stamps, links, signatures."""

import re
from collections.abc import Sequence

from streams.stages.normalise.lines import Form, Line, is_running_text
from streams.stages.normalise.pull_quotes import is_name

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
_DESK = re.compile(r"^(?:door|van) onze \w*(?:redact|correspondent|verslaggever|medewerker)[\w ]*$", re.IGNORECASE)
_BYLINE = re.compile(r"^(?:door:?|(?:tekst|auteur|redactie):)\s+(?P<names>.+)$", re.IGNORECASE)
_AND = re.compile(r"\s+en\s+|\s*[,&/]\s*")
_LINK = re.compile(
    r"^(?:lees (?:ook|meer|verder)|(?:bekijk|kijk|luister) ook|luister naar dit artikel|deel dit artikel|"
    r"(?:advertentie|deel|bewaar|reageer|leestijd:? \d+ min\w*|\d+ min\w*\.? leestijd)$|foto(?:'s|’s)?:|beeld:|©)",
    re.IGNORECASE,
)
_LINK_BELOW = re.compile(r"^(?:lees|bekijk|kijk|luister) ook:?$", re.IGNORECASE)
_SIGNATURE = re.compile(
    r"(?P<sentence_end>^|[.!?…][\"'”’»“]?)\s*"
    r"(?:\((?:[A-Z][\w.]{1,11}(?:[/ ,]+[\w.]{2,12}){0,3}|[a-z]{2,4}|[\w.]{2,8}(?:/[\w.]{2,8})+)\)"
    r"|©\s*[\w ,./-]{2,60})\s*$"
)
_OPENING_LINES = 12
_LONGEST = 120
_LONGEST_BYLINE = 300


def without_furniture(lines: Sequence[Line], headline: str | None) -> tuple[list[Line], str | None]:
    """The lines of the article itself, and the date of its time stamp as written, if there is one."""
    opening, rest = lines[:_OPENING_LINES], lines[_OPENING_LINES:]
    stamps = [_STAMP.match(line.text) for line in opening]
    dates = (stamp["date"] for stamp in stamps if stamp)
    lead = next((number for number, line in enumerate(opening) if is_running_text(line)), 0)

    def belongs(number: int, line: Line) -> bool:
        if stamps[number] or _is_byline(line.text) or (headline and line.text.casefold() == headline.casefold()):
            return False
        author = number < lead or any(stamps[max(number - 1, 0) : number + 3])  # above the lead, or by the stamp
        return not (author and is_name(line.text))

    kept = [line for number, line in enumerate(opening) if belongs(number, line)]
    return _without_signature(_without_links([*kept, *rest])), next(dates, None)


def _is_byline(text: str) -> bool:
    if len(text) > _LONGEST_BYLINE:
        return False
    found = _BYLINE.match(text)
    return bool(_DESK.match(text)) or bool(found and all(map(is_name, _AND.split(found["names"]))))


def _without_links(lines: list[Line]) -> list[Line]:
    """Without links to other articles: on a line with `Lees ook:`, or on the line below it."""
    kept = []
    below = False
    for line in lines:
        is_link = _is_link(line) or (below and not is_running_text(line))
        below = bool(_LINK_BELOW.match(line.text))
        if not is_link:
            kept.append(line)
    return kept


def _is_link(line: Line) -> bool:
    return len(line.text) <= _LONGEST and line.form is not Form.QUOTE and bool(_LINK.match(line.text))


def _without_signature(lines: list[Line]) -> list[Line]:
    """`(NPD/jdw)` or `© …` after the last sentence, or alone on the last line."""
    if not lines or lines[-1].form is Form.QUOTE:
        return lines
    last = lines[-1]
    text = _SIGNATURE.sub(lambda found: found["sentence_end"], last.text)
    return [*lines[:-1], Line(text, last.form, last.before)] if text else lines[:-1]
