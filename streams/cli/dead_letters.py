"""`streams dead-letters`: look at what could not be processed, and send it again."""

import json as json_lines
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from streams.contract.graph import stage_names
from streams.contract.outcome import Reason
from streams.outputs.dead_letters import Letter, read, read_at, retry
from streams.settings import Settings

app = typer.Typer(help="Dead letters: list them, show one, send them again.", no_args_is_help=True)

Stage = Annotated[str | None, typer.Option(help=f"Only those of this stage: {', '.join(stage_names())}.")]
Why = Annotated[Reason | None, typer.Option(help="Only those with this reason.")]
Limit = Annotated[int, typer.Option(min=0, help="So many at most, by partition and offset; 0 is all.")]


@dataclass
class Choice:
    """Which letters are wanted, and how many were not."""

    stage: str | None
    reason: Reason | None
    limit: int
    left: int = 0

    def __post_init__(self) -> None:
        if self.stage and self.stage not in stage_names():
            raise typer.BadParameter(f"no stage {self.stage}; the stages are {', '.join(stage_names())}")

    def of(self, letters: Iterable[Letter]) -> Iterator[Letter]:
        """The wanted ones."""
        return islice(self._matching(letters), self.limit or None)

    def _matching(self, letters: Iterable[Letter]) -> Iterator[Letter]:
        for letter in letters:
            if (self.stage in (None, letter.stage)) and (self.reason in (None, letter.reason)):
                yield letter
            else:
                self.left += 1


@app.command("list")
def list_(
    stage: Stage = None,
    reason: Why = None,
    limit: Limit = 0,
    json: Annotated[bool, typer.Option("--json", help="JSON Lines instead of a table.")] = False,
) -> None:
    """List the dead letters that are there, oldest of each partition first."""
    letters = Choice(stage, reason, limit).of(read(Settings()))
    if json:
        for letter in letters:
            print(json_lines.dumps(_facts(letter), ensure_ascii=False))
        return
    table = Table("place", "time", "stage", "reason", "key", "bytes", "problem")
    for letter in letters:
        facts = _facts(letter)
        time = f"{letter.message.timestamp:%Y-%m-%d %H:%M:%S}"
        cells = (letter.place, time, letter.stage, letter.reason, facts["key"], facts["bytes"], letter.problem)
        table.add_row(*(Text(_printable(str(cell)), overflow="ellipsis", no_wrap=True) for cell in cells))
    Console().print(table)
    print(f"{table.row_count} dead letters", file=sys.stderr)


@app.command("show")
def show(
    place: Annotated[str, typer.Argument(help="PARTITION-OFFSET, as the list has it: 3-42.")],
) -> None:
    """Show one: its headers on standard error, its payload, byte for byte, on standard output."""
    ((_, letter),) = read_at(Settings(), [place])
    if letter is None:
        raise ValueError(f"no dead letter at {place}")
    for name, value in (("key", letter.message.key or b""), *letter.message.headers):
        print(f"{_printable(name)}: {_printable(value.decode(errors='replace'))}", file=sys.stderr)
    sys.stdout.buffer.write(letter.message.value or b"")
    sys.stdout.buffer.flush()


@app.command("retry")
def retry_(
    places: Annotated[list[str] | None, typer.Argument(help="PARTITION-OFFSET of each to send again.")] = None,
    stage: Stage = None,
    reason: Why = None,
    limit: Limit = 0,
    everything: Annotated[bool, typer.Option("--all", help="All that are there.")] = False,
) -> None:
    """Send dead letters again, to the topic that their stage reads: value, key and headers as they were.

    Name places, or filters, or --all. A dead letter stays in its topic, so a second call sends it once more;
    whoever keeps the `ce_id`s it has seen is not troubled by that. Exit 1 when one was not sent.
    """
    if sum((bool(places), bool(stage or reason), everything)) != 1:
        raise typer.BadParameter("name places, or --stage and --reason, or --all: one of these")
    settings, choice = Settings(), Choice(stage, reason, limit)
    missing: list[str] = []
    letters = _at(settings, places, missing) if places else read(settings)
    sent = refused = 0
    for done in retry(settings, choice.of(letters)):
        if done.error:
            refused += 1
            print(f"{done.letter.place}: not sent: {_printable(done.error)}", file=sys.stderr)
        else:
            sent += 1
    for place in missing:
        print(f"{place}: no dead letter there", file=sys.stderr)
    left = f", {choice.left} left that do not match" if choice.left else ""
    print(f"{sent} dead letters sent again, {refused + len(missing)} not{left}", file=sys.stderr)
    if refused or missing:
        raise typer.Exit(1)


def _at(settings: Settings, places: list[str], missing: list[str]) -> Iterator[Letter]:
    for place, letter in read_at(settings, places):
        if letter:
            yield letter
        else:
            missing.append(place)


def _facts(letter: Letter) -> dict[str, str | int]:
    message = letter.message
    return {
        "partition": message.partition,
        "offset": message.offset,
        "time": message.timestamp.isoformat(),
        "stage": letter.stage,
        "reason": letter.reason,
        "problem": letter.problem,
        "topic": letter.topic,
        "key": (message.key or b"").decode(errors="replace"),
        "bytes": len(message.value or b""),
    }


def _printable(text: str) -> str:
    """Without what could steer a terminal: this is other people's text."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)
