"""A spaCy pipeline of the user's, in place of the bundled one: loaded, and looked at before any article is."""

from __future__ import annotations

from typing import Final

import spacy
from spacy.errors import Errors
from spacy.language import Language

from streams.models.labels import LABELS, entity_type

_NO_RECOGNISERS: Final = frozenset((  # spaCy's components that set no `doc.ents`
    "attribute_ruler", "curated_transformer", "doc_cleaner", "entity_linker", "lemmatizer", "merge_entities",
    "merge_noun_chunks", "merge_subtokens", "morphologizer", "parser", "senter", "sentencizer", "span_finder",
    "spancat", "spancat_singlelabel", "tagger", "textcat", "textcat_multilabel", "tok2vec", "token_splitter",
    "trainable_lemmatizer", "transformer",
))  # fmt: skip
_PROBE: Final = "Minister An Peeters is in Gent."


def load_package(package: str) -> Language:
    """The pipeline of this name or path, with sentences, and its labels mapped by `streams.models.labels`.

    In one line each: raises OSError for what is not there, ValueError for what is no pipeline, without a recogniser,
    or does not work.
    """
    try:
        nlp = spacy.load(package)
    except Exception as error:  # whatever a package does when it is taken for a pipeline
        if isinstance(error, OSError) and str(error) == Errors.E050.format(name=package):
            raise OSError(f"{package}: no installed package, and no folder, of this name") from error
        raise ValueError(f"{package}: no spaCy pipeline that loads: {_in_short(error)}") from error
    _check(nlp, package)
    if not {"parser", "senter", "sentencizer"} & set(nlp.pipe_names):
        nlp.add_pipe("sentencizer", first=True)
    nlp.add_pipe("streams_label_mapper", last=True)
    try:
        nlp(_PROBE)
    except Exception as error:  # components that were never trained load well, and fail on every text
        raise ValueError(f"{package}: fails on any text: {_in_short(error)}") from error
    return nlp


def _check(nlp: Language, package: str) -> None:
    finders = [name for name in nlp.pipe_names if nlp.get_pipe_meta(name).factory not in _NO_RECOGNISERS]
    if not finders:
        there = ", ".join(nlp.pipe_names) or "no component at all"
        raise ValueError(f"{package}: has no recogniser of entities (such as ner), only {there}")
    labels = {label for name in finders for label in nlp.pipe_labels.get(name, ())}
    if labels and not any(map(entity_type, labels)):
        known = ", ".join(label for label, kind in LABELS.items() if kind)
        raise ValueError(f"{package}: none of its labels ({', '.join(sorted(labels))}) is known; these are: {known}")


def _in_short(error: Exception) -> str:
    """On one line, without the pages that spaCy adds on what could be done."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}{'…' if len(text) > 200 else ''}"
