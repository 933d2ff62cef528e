"""What a version is to the ones before it, told by the agency's signal words."""

import re

from streams.contract.records import Change, Status
from streams.feeds.item import WireItem

_KILL = "vervalt|vervallen|(?:mandatory |bulletin )?kill|intrekking|ingetrokken|annulation|withdrawn|retraction"
_CORRECTION = (
    "correctie|correction|corrected|corr|rechtzetting|verbetering|rectificatie|rectificatif|rectification|"
    "rect|erratum|berichtigung|korrektur"
)
_URGENCY = "flash|flits|urgent|update|alert|bulletin"
_SEPARATOR = r"\s*(?:\(\d+\)|\d{1,2}(?=\s*[-–—:]))?\s*[\])*]*\s*(?:[-–—:|/]+|\.(?=\s|$))\s*"


def _signal(words: str) -> re.Pattern[str]:
    """The word at the start: in any case before a separator, or in capitals before anything but lower case."""
    return re.compile(
        rf"^[\[(*\s]*(?:(?i:{words})(?:{_SEPARATOR}|[\])*]*\s*$)"
        rf"|(?:{words.upper()})\b[\])*.\s]++(?![a-zß-öø-ÿ]))"
    )


_IS_KILL = _signal(_KILL)
_IS_CORRECTION = _signal(_CORRECTION)
_IS_URGENCY = _signal(_URGENCY)
# In a note the word may also stand further on, but then in capitals.
_CORRECTION_IN_NOTE = re.compile(rf"\b(?:{_CORRECTION.upper()})\b")


def change_of(item: WireItem) -> Change:
    """Kill and correction by status, note or headline; otherwise an update from the second version on."""
    headline, note = (item.headline or "").strip(), (item.note or "").strip()
    if item.status is Status.CANCELED or _IS_KILL.match(note) or _IS_KILL.match(headline):
        return Change.KILL
    if _IS_CORRECTION.match(note) or _CORRECTION_IN_NOTE.search(note) or _IS_CORRECTION.match(headline):
        return Change.CORRECTION
    return Change.UPDATE if item.version > 1 else Change.NEW


def without_signal(headline: str) -> str:
    """The headline without the signal words before it; a headline of nothing else is kept."""
    rest = headline
    for pattern in (_IS_URGENCY, _IS_KILL, _IS_CORRECTION, _IS_URGENCY):
        rest = pattern.sub("", rest, count=1)
    return rest.strip() or headline
