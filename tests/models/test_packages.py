"""Pipelines of the user's: those that cannot work are refused at the start, in one line that says why."""

from pathlib import Path

import pytest
import spacy

from streams.models import load_pipeline


def saved(folder: Path, *components: str, labels: tuple[str, ...] = (), trained: bool = True) -> str:
    """A Dutch pipeline on disk."""
    nlp = spacy.blank("nl")
    for name in components:
        pipe = nlp.add_pipe(name)
        for label in labels if name == "ner" else ():
            pipe.add_label(label)  # type: ignore[attr-defined]
    if trained:
        nlp.initialize()
    nlp.to_disk(folder)
    return str(folder)


def test_a_recogniser_of_ones_own_is_taken(tmp_path: Path) -> None:
    nlp = load_pipeline(package=saved(tmp_path / "own", "ner", labels=("PERSON",)))
    assert nlp.pipe_names == ["sentencizer", "ner", "streams_label_mapper"]


def test_a_ruler_is_a_recogniser(tmp_path: Path) -> None:
    nlp = spacy.blank("nl")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "GPE", "pattern": "Gent"}])  # type: ignore[attr-defined]
    nlp.to_disk(tmp_path / "rules")
    assert [(e.text, e.label_) for e in load_pipeline(package=str(tmp_path / "rules"))("In Gent.").ents] == [
        ("Gent", "LOC")
    ]


@pytest.mark.parametrize(
    ("package", "message"),
    [
        ("nl-nowhere", "nl-nowhere: no installed package, and no folder, of this name"),
        ("msgspec", "msgspec: no spaCy pipeline that loads: "),
        ("numpy", "numpy: no spaCy pipeline that loads: "),
        (str(Path(__file__).parent), "no spaCy pipeline that loads: "),
        (__file__, "no spaCy pipeline that loads: "),
    ],
    ids=["absent", "no load", "another load", "folder", "file"],
)
def test_what_is_no_pipeline_is_told_in_a_line(package: str, message: str) -> None:
    with pytest.raises((OSError, ValueError)) as raised:
        load_pipeline(package=package)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("components", "labels", "trained", "message"),
    [
        ((), (), True, "has no recogniser of entities (such as ner), only no component at all"),
        (("sentencizer", "token_splitter"), (), True, "such as ner), only sentencizer, token_splitter"),
        (("ner",), ("BLOEM", "DATE"), True, "none of its labels (BLOEM, DATE) is known; these are: PER, PERSON"),
        (("ner",), ("PER",), False, "fails on any text: ValueError: "),
    ],
    ids=["empty", "sentences alone", "strange labels", "untrained"],
)
def test_what_would_find_nothing_is_refused(
    tmp_path: Path, components: tuple[str, ...], labels: tuple[str, ...], trained: bool, message: str
) -> None:
    with pytest.raises(ValueError) as raised:
        load_pipeline(package=saved(tmp_path / "own", *components, labels=labels, trained=trained))
    assert message in str(raised.value)
