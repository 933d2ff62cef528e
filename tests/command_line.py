"""Commands as documents and deployments have them, parsed by the program's own command line; nothing is run."""

import shlex
from collections.abc import Sequence
from typing import Any

import typer

from streams.cli import app

USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[1]  # Typer has click within, and does not export all of it


def parsed(arguments: Sequence[str]) -> str:
    """The command's full name. Raises USAGE_ERROR where it, an option or a value does not exist."""
    command: Any = typer.main.get_command(app)
    rest, path = list(arguments), ["streams"]
    while hasattr(command, "resolve_command"):
        name, command, rest = command.resolve_command(command.context_class(command), rest)
        path.append(name)
    command.make_context(" ".join(path), rest)
    return " ".join(path)


def commands_of(text: str) -> list[list[str]]:
    """Arguments of each `streams …` in shell blocks and between backquotes; placeholders in capitals are left out."""
    found = []
    fenced = False
    for line in text.replace("\\\n", " ").splitlines():
        if line.startswith("```"):
            fenced = not fenced
            continue
        pieces = [line] if fenced else line.split("`")[1::2]
        found += [shlex.split(piece, comments=True)[1:] for piece in pieces if piece.startswith("streams ")]
    return found
