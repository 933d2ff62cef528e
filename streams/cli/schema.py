"""`streams schema`: the contract as JSON Schema and AsyncAPI."""

import json
from typing import Annotated

import typer

from streams.contract.schemas import asyncapi, json_schemas
from streams.settings import Settings


def schema(
    record: Annotated[
        str | None, typer.Argument(help="article, tagged or enriched; none: the AsyncAPI document.")
    ] = None,
) -> None:
    """Print the JSON Schema of a record, or the AsyncAPI document of all topics."""
    schemas = json_schemas()
    if record is not None and record not in schemas:
        raise typer.BadParameter(f"no record {record!r}; there are {', '.join(schemas)}")
    document = asyncapi(Settings().topics) if record is None else schemas[record]
    print(json.dumps(document, indent=2, ensure_ascii=False))
