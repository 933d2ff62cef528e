"""The spaCy component that tags entities with a bundled network."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc, Span

from streams.models.agreement import Mention, agreed_types, type_probabilities
from streams.models.decoding import best_tags, spans
from streams.models.labels import entity_type
from streams.models.network import Network
from streams.models.pieces import readable, segments
from streams.models.provenance import ModelInfo

READ: Final = "streams_read"
"""Where `doc.user_data` says how many characters were read."""


class EntityTagger:
    """Sets `doc.ents`: PER, ORG, LOC and MISC as CoNLL-2002 annotates them.

    A document goes through the network by itself, so that what is found depends on its text alone.
    """

    def __init__(self, threads: int = 1) -> None:
        self.threads = threads
        self._network: Network | None = None

    @property
    def network(self) -> Network:
        """The loaded network. Raises RuntimeError before `from_disk`."""
        if self._network is None:
            raise RuntimeError("streams_entities has no weights yet: load them with from_disk")
        return self._network

    @property
    def info(self) -> ModelInfo:
        """Name, version and digest of the weights."""
        return self.network.info

    def __call__(self, doc: Doc) -> Doc:
        network = self.network
        pieces = network.words.of_doc(doc)
        tokens = readable(pieces, len(doc.text))
        doc.user_data[READ] = doc[tokens].idx if tokens < len(doc) else len(doc.text)
        parts = segments(doc, [*pieces[:tokens], *[()] * (len(doc) - tokens)])
        mentions = []
        for part, scores in zip(parts, network.run([part.ids for part in parts]), strict=True):
            scores = scores[part.firsts]
            for first, end, _ in spans(best_tags(scores)):
                start, stop = part.tokens[first], part.tokens[end - 1] + 1
                name = doc[start:stop].text
                mentions.append(Mention(start, stop, name, type_probabilities(scores[first:end])))
        types = agreed_types(mentions)
        found = [Span(doc, m.start, m.end, label=label) for m, label in zip(mentions, types, strict=True)]
        doc.set_ents(found)
        return doc

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the weights into the folder `path`."""
        self.network.save(Path(path))

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> EntityTagger:
        """Read the weights from the folder `path`. Raises FileNotFoundError where they are not there."""
        self._network = Network(Path(path), self.threads)
        return self


@Language.factory("streams_entities", default_config={"threads": 1}, assigns=["doc.ents"])
def make_entities(nlp: Language, name: str, threads: int) -> EntityTagger:
    """The component, without weights. `threads`: cores that one article may use."""
    return EntityTagger(threads)


@Language.component("streams_label_mapper", requires=["doc.ents"], assigns=["doc.ents"])
def map_labels(doc: Doc) -> Doc:
    """Give the entities of another pipeline the four types of this package, and drop what is none of them."""
    kept = [(span, entity_type(span.label_)) for span in doc.ents]
    doc.set_ents([Span(doc, span.start, span.end, label=label) for span, label in kept if label])
    return doc
