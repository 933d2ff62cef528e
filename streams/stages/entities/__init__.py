"""Entities of an article: the recogniser's names joined, typed, named, linked and weighed; then its quotes."""

import msgspec
from spacy.language import Language

from streams.contract.outcome import Ok, Outcome
from streams.contract.records import Article, Block, Change, Entity, TaggedArticle
from streams.stages.entities.assemble import assemble
from streams.stages.entities.bounds import bounded
from streams.stages.entities.chambers import with_chambers
from streams.stages.entities.common import lower_case_words, without_common_words
from streams.stages.entities.compounds import compounds_in_text, well_known, without_compounds
from streams.stages.entities.definitions import defined_in_brackets, without_bracketed_persons
from streams.stages.entities.gazetteer import Gazetteer
from streams.stages.entities.genitives import without_genitives
from streams.stages.entities.joining import join
from streams.stages.entities.missed import missed
from streams.stages.entities.parties import with_parties
from streams.stages.entities.recognise import RawSpan, counted_blocks, found_names, recognised
from streams.stages.entities.spans import merged
from streams.stages.quotes import find_quotes
from streams.stages.reading import MOST_WORDS, read_until

__all__ = ["Gazetteer", "TagEntities", "entities_of"]


class TagEntities:
    """The stage `entities`. `nlp` is a spaCy pipeline whose `doc.ents` are PER, ORG, LOC and MISC.

    It reads the first `most_words` words, and fewer of a long text that is all names and marks; names that it finds
    there are sought in the rest as well. Spans with other labels are left out: `streams.models.load_pipeline` maps
    those of other pipelines.
    """

    def __init__(self, nlp: Language, gazetteer: Gazetteer | None = None, most_words: int = MOST_WORDS) -> None:
        self._nlp = nlp
        self._gazetteer = gazetteer
        self._most_words = most_words

    def __call__(self, article: Article) -> Outcome[TaggedArticle]:
        """The article with entities and quotes; with none if it is skipped or killed."""
        fields = msgspec.structs.asdict(article)
        if article.skipped or article.change is Change.KILL:
            return Ok(TaggedArticle(**fields, entities=(), quotes=()))
        end = read_until(article.text, self._most_words)
        spans, end = recognised(self._nlp, article.text[:end])
        entities = entities_of(article.text, article.blocks, spans, self._gazetteer)
        quotes = find_quotes(article.text, article.blocks, entities)
        return Ok(bounded(TaggedArticle(**fields, entities=entities, quotes=quotes), len(article.text) - end))


def entities_of(
    text: str, blocks: tuple[Block, ...], spans: list[RawSpan], gazetteer: Gazetteer | None = None
) -> tuple[Entity, ...]:
    """The entities of a text, from the recogniser's spans (start, end, label)."""
    counted = counted_blocks(text, blocks)
    known = well_known(gazetteer)
    lower = lower_case_words(text)
    names = with_chambers(text, counted, found_names(text, counted, spans))
    names = without_common_words(text, counted, names, lower)
    names = without_genitives(text, without_compounds(names, known))
    names = with_parties(text, counted, names)
    names = without_bracketed_persons(text, names)
    names = merged(names, defined_in_brackets(text, names))
    names = merged(names, compounds_in_text(text, counted, known))
    entities = join(text, names, gazetteer)
    further = missed(text, counted, entities, lower)
    return assemble(text, counted, entities, further, gazetteer)
