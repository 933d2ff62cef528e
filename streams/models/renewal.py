"""Keeps a pipeline's vocabulary from growing for ever.

A memory zone frees the words of an article, but not their places in spaCy's hash tables: these fill up and
double, some 40 bytes for every new word there ever was. So from time to time a pipeline gets a fresh vocabulary.
"""

from __future__ import annotations

from typing import Any, Final

from spacy.language import Language
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]  # compiled
from spacy.vocab import Vocab

MAX_WORDS: Final = 500_000
"""Words that a vocabulary takes in before it is renewed (a word counts again in each article): about 30 MB."""


def bound_vocabulary(nlp: Language, max_words: int = MAX_WORDS) -> None:
    """Renew the vocabulary of `nlp` once it has taken in `max_words` words; outside a memory zone, between texts.

    It takes a quarter of a second. Documents made before keep the old vocabulary. Strings, vectors and lookups
    are carried over, so what the components find stays the same. A tokenizer that is not spaCy's own is left alone.
    """
    if len(nlp.vocab) > max_words and type(nlp.tokenizer) is Tokenizer:
        vocab = _fresh(nlp.vocab)
        nlp.tokenizer = _on(vocab, nlp.tokenizer)
        nlp.vocab = vocab


def _fresh(vocab: Any) -> Vocab:
    fresh = Vocab(
        lex_attr_getters=vocab.lex_attr_getters,
        strings=list(vocab.strings),
        lookups=vocab.lookups,
        writing_system=vocab.writing_system,
        get_noun_chunks=vocab.get_noun_chunks,
    )
    fresh.vectors = vocab.vectors
    return fresh


def _on(vocab: Vocab, tokenizer: Tokenizer) -> Tokenizer:
    """The same rules on another vocabulary."""
    return Tokenizer(
        vocab,
        rules=tokenizer.rules,
        prefix_search=tokenizer.prefix_search,
        suffix_search=tokenizer.suffix_search,
        infix_finditer=tokenizer.infix_finditer,
        token_match=tokenizer.token_match,
        url_match=tokenizer.url_match,
        faster_heuristics=tokenizer.faster_heuristics,
    )
