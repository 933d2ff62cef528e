"""What other tools say, read as spans of characters."""

import pytest

from streams.models.training.comparisons import _TOOK, _frog_spans

TEXT = "De Gentse minister Jo Aers zag in Gent de Ronde van Nergens."
PLAIN = [
    ("De", "O"),
    ("Gentse", "B-LOC"),
    ("minister", "O"),
    ("Jo", "B-PER"),
    ("Aers", "I-PER"),
    ("zag", "O"),
    ("in", "O"),
    ("Gent", "B-LOC"),
]
PLAIN += [("de", "O"), ("Ronde", "B-EVE"), ("van", "I-EVE"), ("Nergens", "I-EVE"), (".", "O")]
SPEECH = {"Gentse": "ADJ(prenom,basis,met-e,stan)"}


@pytest.mark.parametrize("before", [3, 4], ids=["without compounds", "with a column for compounds"])
def test_frogs_columns(before: int) -> None:
    """Its events are MISC, and its adjectives of places; what it splits off a text is found again in order."""
    lines = [
        "\t".join([str(i), word, *[""] * (before - 1), SPEECH.get(word, "SPEC(deeleigen)"), "1.000000", tag, "", ""])
        for i, (word, tag) in enumerate(PLAIN, 1)
    ]
    found = _frog_spans(TEXT, "\n".join(lines) + "\n\n")
    assert [(TEXT[start:end], label) for start, end, label in found] == [
        ("Gentse", "MISC"),
        ("Jo Aers", "PER"),
        ("Gent", "LOC"),
        ("Ronde van Nergens", "MISC"),
    ]


def test_frogs_seconds() -> None:
    assert _TOOK.findall("frog-:Frogging in total took: 2 seconds, 31 milliseconds and 7 microseconds") == [
        ("2", "31", "7")
    ]
