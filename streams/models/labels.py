"""Entity labels: the four of CoNLL-2002, and what other pipelines' labels are among them."""

from __future__ import annotations

from typing import Final

ENTITY_TYPES: Final = ("PER", "ORG", "LOC", "MISC")

TAGS: Final = ("O", *(f"{position}-{label}" for label in ENTITY_TYPES for position in "BI"))
"""The tags a tagger chooses from, in the order of its outputs: O, B-PER, I-PER, B-ORG, ..."""

LABELS: Final[dict[str, str | None]] = {
    "PER": "PER", "PERSON": "PER", "PERSOON": "PER",
    "ORG": "ORG", "ORGANIZATION": "ORG", "ORGANISATION": "ORG", "ORGANISATIE": "ORG", "CORPORATION": "ORG",
    "LOC": "LOC", "LOCATION": "LOC", "GPE": "LOC", "FAC": "LOC", "FACILITY": "LOC", "LOCATIE": "LOC",
    "MISC": "MISC", "NORP": "MISC", "EVENT": "MISC", "PRODUCT": "MISC", "WORK_OF_ART": "MISC",
    "LAW": "MISC", "LANGUAGE": "MISC", "MISCELLANEOUS": "MISC", "EVE": "MISC", "PRO": "MISC",
    "DATE": None, "TIME": None, "PERCENT": None, "MONEY": None, "QUANTITY": None, "ORDINAL": None,
    "CARDINAL": None,
}  # fmt: skip
"""Labels of OntoNotes (spaCy's own pipelines), CoNLL, SoNaR and Wikipedia sets; None: no entity here."""


def entity_type(label: str) -> str | None:
    """PER, ORG, LOC or MISC for another pipeline's label; None for one that is no entity here, or unknown."""
    return LABELS.get(label.upper())
