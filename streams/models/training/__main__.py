"""`python -m streams.models.training train --data DIR` and `… eval --data DIR`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, no_args_is_help=True)
BUNDLED = Path(__file__).parent.parent / "nl"

Data = Annotated[Path, typer.Option(help="Folder with ner/ and sentiment/, as the model card lays it out.")]


class Part(StrEnum):
    """What can be trained by itself."""

    ENTITIES_ACCURATE = "entities-accurate"
    ENTITIES_FAST = "entities-fast"
    SENTIMENT = "sentiment"
    SPACY_CNN = "spacy-cnn"  # not bundled: to compare with


BUNDLED_PARTS = (Part.ENTITIES_ACCURATE, Part.ENTITIES_FAST, Part.SENTIMENT)


@app.command()
def train(
    data: Data,
    out: Annotated[Path, typer.Option(help="Where the folders of the models are written.")] = BUNDLED,
    version: Annotated[str, typer.Option(help="Version that the models will bear.")] = "0.0.0",
    folds: Annotated[int, typer.Option(min=1, max=5, help="Folds of five to cross-validate sentiment over.")] = 5,
    only: Annotated[list[Part] | None, typer.Option(help="Train this alone; may be given several times.")] = None,
) -> None:
    """Train the bundled models anew, with fixed seeds (three core-hours)."""
    from streams.models.training import build_cnn, build_entities, build_sentiment
    from streams.models.training.encoder import e5_path, read_e5

    e5, wanted = read_e5(e5_path()), only or BUNDLED_PARTS
    if Part.ENTITIES_ACCURATE in wanted:
        build_entities.build_accurate(e5, build_entities.dutch_vocabulary(e5, data), data, out, version)
    if Part.ENTITIES_FAST in wanted:
        build_entities.build_fast(e5, data, out, version)
    if Part.SENTIMENT in wanted:
        build_sentiment.build(e5, build_entities.dutch_vocabulary(e5, data), data, out, version, folds)
    if Part.SPACY_CNN in wanted:
        build_cnn.build(data)


@app.command(name="eval")
def evaluate(
    data: Data,
    test: Annotated[Path | None, typer.Option(help="Folder with ned.testb and sentiment.gold.csv, held out.")] = None,
    cases: Annotated[Path, typer.Option(help="Folder with the package's own test sentences.")] = Path("tests/cases"),
) -> None:
    """Print the table of figures of the bundled models."""
    from streams.models.training.evaluate import print_table

    print_table(data, test, cases)


if __name__ == "__main__":
    app()
