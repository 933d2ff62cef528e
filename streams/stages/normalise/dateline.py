"""Place, date and agency at the start of a text: `BRUSSEL (NPD) - `, `Den Haag, 23 nov. – `."""

import re

from streams.contract.records import Dateline

_MONTHS = "jan|feb|maart|mrt|apr|mei|mai|may|juni?|juli?|aug|sep|okt|oct|nov|dec|févr|mars|avr|juin|juil|août|déc"
_WEEKDAYS = "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|ma|di|wo|do|vr|za|zo"
_DATE = (
    rf"(?:(?:{_WEEKDAYS})\b\.?(?:\s+|,\s+)?)?"
    rf"\d{{1,2}}(?:\s+(?:{_MONTHS})[a-zé]*\.?(?:\s+\d{{4}})?|[/.-]\d{{1,2}}(?:[/.-]\d{{2,4}})?)"
    rf"|(?:{_WEEKDAYS})\b\.?"
)
_PLACE = rf"(?!(?:{_WEEKDAYS})\b)['’]?[^\W\d_][\w '’./,-]{{1,58}}?"
_AGENCY = r"\([\w][\w ./&-]{1,38}\)"
_DASH = r"(?:-{1,3}|[–—=])"
_SEPARATOR = rf"\s*{_DASH}(?:\s+|$)|\s*[:|](?:\s+|$)"

_DATELINE = re.compile(
    rf"^(?:(?P<place>{_PLACE}),?(?=[\s(]))?(?:\s*(?P<date>{_DATE}),?(?![\w/]))?(?:\s*(?P<agency>{_AGENCY}))?"
    rf"(?P<separator>{_SEPARATOR}|(?<=\))\s+|$)",
    re.IGNORECASE,
)
_FIRST = 140  # characters; a dateline is no longer
_PLACE_WORDS = 6
_SMALL_WORDS = frozenset((
    "aan", "de", "den", "der", "het", "van", "op", "bij", "en", "in", "le", "la", "les", "sur", "am",
    "an", "of", "upon", "da", "do", "di", "du", "el", "al",
))  # fmt: skip
_NO_FIRST_WORDS = frozenset((  # what begins a sentence before a dash
    "op", "in", "sinds", "vanaf", "tot", "van", "voor", "na", "om", "ook", "maar", "en", "een", "volgens",
    "vandaag", "gisteren", "morgen",
))  # fmt: skip
# What a desk writes in capitals before a dash, whatever stands beside it: what kind of piece it is, of what
# section, how urgent. In Dutch, French and English.
_RUBRICS = frozenset((
    "achtergrond", "agenda", "alert", "analysis", "attentie", "binnenland", "blog", "breaking",
    "buitenland", "chronique", "column", "columns", "comment", "commentaire", "commentary", "correctie", "correction",
    "cultuur", "direct", "dossier", "dringend", "duiding", "economie", "edito", "editoriaal", "editorial", "éditorial",
    "embargo", "enquête", "entretien", "essay", "exclusief", "exclusive", "explainer", "factbox", "factcheck",
    "feature", "flash", "flits", "fotoreeks", "gesprek", "herhaling", "infographic", "kader", "kort", "live",
    "memoriam", "nabeschouwing", "necrologie", "opiniestuk", "opinion", "podcast", "politiek", "profiel", "profile",
    "quiz", "rechtzetting", "rectificatie", "rectificatif", "review", "spoed", "sport", "standpunt", "terugblik",
    "tribune", "uitslagen", "update", "urgent", "video", "voorbeschouwing", "voetbal", "vooruitblik", "weer",
    "wetenschap", "wielrennen",
))  # fmt: skip
_KIND_OF_PIECE = re.compile(  # also at the end of a word: `GASTCOLUMN`, `WEEKENDINTERVIEW`
    r"(?:analyses?|commentaar|commentaren|column|interviews?|opinies?|portrait|portret|recensie|reportages?|"
    r"overzicht|samenvatting|verslag|bericht)$"
)


def split_dateline(text: str, located: str | None = None) -> tuple[Dateline | None, str]:
    """The dateline at the start of a line of text, and the rest of the line.

    Place and date are given as written. `located` is the place that the feed itself names: it lets a
    place in lower case count that has neither date nor agency beside it.
    """
    found = _DATELINE.match(text[:_FIRST])
    if not found or not found[0].strip():
        return None, text
    rest = text[found.end() :]
    if not _is_dateline(found, rest, located):
        return None, text
    place = (found["place"] or "").strip(" ,-") or None
    return Dateline(place=place, date=found["date"]), rest.lstrip()


def _is_dateline(found: re.Match[str], rest: str, located: str | None) -> bool:
    place, separated = found["place"], bool(found["separator"].strip())
    begins = not rest or _begins_sentence(rest)
    if found["agency"] and not _is_agency(found["agency"]):
        return False
    if not place:  # `(Belga) De …`, `23 november 2025 – De …`
        return begins and bool(rest) and (bool(found["agency"]) or (separated and bool(found["date"])))
    if not _is_place(place):
        return False
    capitals = _without_s(place).isupper()
    if found["agency"]:
        return capitals or (begins and (separated or not rest))
    if not begins:
        return False
    if found["date"]:
        return separated or not rest
    if not separated or found["separator"].strip() == ":":
        return False
    return capitals or (located is not None and _same_place(place, located))


def _is_place(text: str) -> bool:
    words = re.split(r"[\s/,]+", text.strip(" ,"))
    if len(words) > _PLACE_WORDS or words[0].lower() in _NO_FIRST_WORDS or text.lower() in _SMALL_WORDS:
        return False
    if any(_is_rubric(word) for word in re.split(r"[\s/,.-]+", text.lower())):
        return False
    return all(_is_capitalised(word) or (number and word in _SMALL_WORDS) for number, word in enumerate(words))


def _is_rubric(word: str) -> bool:
    return word in _RUBRICS or bool(_KIND_OF_PIECE.search(word))


def _is_capitalised(word: str) -> bool:
    return _without_s(word)[:1].isupper() and not any(character.isdigit() for character in word)


def _without_s(place: str) -> str:
    return re.sub(r"^['’][sS]-", "", place)


def _is_agency(text: str) -> bool:
    """A name or initials in brackets, not a remark: `(Belga)`, `(ANP/RTR)`, not `(niet)`, not `(N-VA)`."""
    name = text.strip("() ")
    return name[0].isupper() and "-" not in name and "&" not in name


def _begins_sentence(text: str) -> bool:
    return not text.lstrip("\"'“”„‘’‚«» (")[:1].islower() or bool(re.match(r"['’]s ", text))


def _same_place(place: str, located: str) -> bool:
    ours, theirs = place.strip(" ,").casefold(), located.strip().casefold()
    return ours == theirs or theirs.startswith(f"{ours},")
