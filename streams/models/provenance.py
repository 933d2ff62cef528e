"""Which weights gave a result: name, version and digest of a model."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language


@dataclass(frozen=True)
class ModelInfo:
    """What is stamped on every event a model had a part in. `digest` is `sha256:` and 64 hexadecimal digits."""

    name: str
    version: str
    digest: str


def digest(files: Iterable[Path]) -> str:
    """One digest of the contents of `files`, in the order given."""
    together = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            together.update(hashlib.file_digest(file, "sha256").digest())
    return f"sha256:{together.hexdigest()}"


def pipeline_info(nlp: Language) -> ModelInfo:
    """Who a spaCy pipeline is: of the bundled component, or of any other from its `meta` and its files."""
    for _, component in nlp.pipeline:
        info = getattr(component, "info", None)
        if isinstance(info, ModelInfo):
            return info
    files = sorted(path for path in nlp.path.rglob("*") if path.is_file()) if nlp.path else []
    return ModelInfo(f"{nlp.meta['lang']}_{nlp.meta['name']}", nlp.meta["version"], digest(files))
