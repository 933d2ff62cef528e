"""What other tools say, read as spans of characters."""

from pathlib import Path

import pytest

from streams.models.training.comparisons import _TOOK, _frog_spans, frog

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


def test_a_frog_without_its_models_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what it leaves where it runs is not left where the evaluation was called."""
    program, called = tmp_path / "bin" / "frog", tmp_path / "called"
    program.parent.mkdir()
    called.mkdir()
    program.write_text("#!/bin/sh\n: > frog.1.debug\necho no configuration >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.chdir(called)
    tag = frog()
    assert tag
    with pytest.raises(RuntimeError, match="`frogdata`:\nno configuration"):
        tag([TEXT])
    assert not list(called.iterdir())
