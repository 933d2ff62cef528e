"""What a version is to the ones before it, told by the agency's signal words."""

import re

from streams.contract.records import Change, Status
from streams.feeds.item import WireItem

_KILL = "vervalt|(?:mandatory |bulletin )?kill|annulation|withdrawn|retraction"
_WITHDRAWN = "vervallen|intrekking|ingetrokken"  # what laws and licences are too: a headline needs brackets for it
_CORRECTION = (
    "correctie|correction|corrected|corr|rechtzetting|verbetering|rectificatie|rectificatif|rectification|"
    "rect|erratum|berichtigung|korrektur"
)
_URGENCY = "flash|flits|urgent|update|alert|bulletin"
_WRITTEN_NORMALLY = r"(?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ])"
# A hyphen or slash without a space belongs to a word (kill-team), except in CORRECTED-Shares and UPDATE 2-EU.
_HYPHEN = rf"(?<=\s)[-/]+|[-/]+(?=\s|$)|(?<=\d)-(?!\d)|(?<=[A-Z])-{_WRITTEN_NORMALLY}"
_NUMBER = r"\(\d+\)\s*+|\d{1,2}(?=\s*[-–—:])\s*+"
_SEPARATOR = rf"\s*+(?:{_NUMBER})?[\])*]*+\s*+(?:[–—:|][-–—:|/]*|{_HYPHEN}|\.(?=\s|$))\s*"


def _marked(words: str) -> str:
    """The words in any case before a separator, or as all that there is."""
    return rf"[\[(*\s]*(?i:{words})(?:\s+(?i:{words}))*(?:{_SEPARATOR}|[\])*]*+\s*+$)"


def _in_brackets(words: str) -> str:
    """The words in capitals between brackets or asterisks."""
    return rf"[\[(*]+\s*(?:{words.upper()})(?:\s+\d{{1,2}})?\s*[\])*]+(?:{_SEPARATOR}|\s*)"


def _in_capitals(words: str) -> str:
    """The words in capitals before anything but lower case."""
    return rf"[\[(*\s]*(?:{words.upper()})\b[\])*.\s]++(?![a-zß-öø-ÿ])"


def _start(*forms: str) -> re.Pattern[str]:
    return re.compile(rf"^(?:{'|'.join(forms)})")


def _in_any_form(words: str) -> re.Pattern[str]:
    return _start(_marked(words), _in_brackets(words), _in_capitals(words))


# Where the agency speaks to the desk, any form will do.
_NOTED_KILL = _in_any_form(f"{_KILL}|{_WITHDRAWN}")
_NOTED_CORRECTION = _in_any_form(_CORRECTION)
_URGENT = _in_any_form(_URGENCY)
# A headline alone must be plain about it: a false kill takes a live article away. VERVALT needs no separator before
# a headline in ordinary writing, since nobody but an agency begins one so.
_HEADED_KILL = _start(_marked(_KILL), _in_brackets(f"{_KILL}|{_WITHDRAWN}"), rf"VERVALT\s+{_WRITTEN_NORMALLY}")
_HEADED_CORRECTION = _start(_marked(_CORRECTION), _in_brackets(_CORRECTION))
# In a note the word may also stand further on, but then in capitals.
_CORRECTION_IN_NOTE = re.compile(rf"\b(?:{_CORRECTION.upper()})\b")


def change_of(item: WireItem) -> Change:
    """Kill and correction by status, note or a plain headline; otherwise an update from the second version on."""
    headline, note = (item.headline or "").strip(), (item.note or "").strip()
    if item.status is Status.CANCELED or _NOTED_KILL.match(note) or _HEADED_KILL.match(headline):
        return Change.KILL
    if _NOTED_CORRECTION.match(note) or _CORRECTION_IN_NOTE.search(note) or _HEADED_CORRECTION.match(headline):
        return Change.CORRECTION
    return Change.UPDATE if item.version > 1 else Change.NEW


def without_signal(headline: str, change: Change) -> str:
    """The headline without the signal words before it; a headline of nothing else is kept.

    What the change is known to be from status or note, its word may say in capitals alone.
    """
    kill = _NOTED_KILL if change is Change.KILL else _HEADED_KILL
    correction = _NOTED_CORRECTION if change is Change.CORRECTION else _HEADED_CORRECTION
    rest = headline
    for pattern in (_URGENT, kill, correction, _URGENT):
        rest = pattern.sub("", rest, count=1)
    return rest.strip() or headline
