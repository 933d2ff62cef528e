"""`streams dead-letters`: look at what could not be processed, and send it again."""

import json as json_lines
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Annotated

import typer

from streams.cli.tables import show_table
from streams.cli.terminal import tell, write_json, write_payload
from streams.contract.graph import stage_names
from streams.contract.outcome import Reason
from streams.outputs.dead_letters import Letter, read, read_at, retry
from streams.outputs.printable import printable
from streams.settings import Settings

app = typer.Typer(help="Dead letters: list them, show one, send them again.", no_args_is_help=True)

Stage = Annotated[str | None, typer.Option(help=f"Only those of this stage: {', '.join(stage_names())}.")]
Why = Annotated[Reason | None, typer.Option(help="Only those with this reason.")]
Limit = Annotated[int, typer.Option(min=0, help="So many at most, by partition and offset; 0 is all.")]


def _moment(value: str) -> datetime:
    """A moment, or how long ago; a moment without a zone is UTC, as the list shows it."""
    if ago := re.fullmatch(r"(\d+)([smhd])", value):
        unit = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}[ago[2]]
        try:
            return datetime.now(UTC) - timedelta(**{unit: int(ago[1])})
        except OverflowError:
            return datetime.min.replace(tzinfo=UTC)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise typer.BadParameter(f"{value} is no time; write 2h, 3d or 2026-11-30T08:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Since = Annotated[
    datetime | None,
    typer.Option(parser=_moment, metavar="TIME", help="Only those since then (UTC): 2h, 3d, or 2026-11-30T08:00."),
]


@dataclass
class Choice:
    """Which letters are wanted, and how many were not."""

    stage: str | None
    reason: Reason | None
    limit: int
    since: datetime | None = None
    again: bool = True  # also those that were sent again before
    left: int = 0
    before: int = 0

    def __post_init__(self) -> None:
        if self.stage and self.stage not in stage_names():
            raise typer.BadParameter(f"no stage {self.stage}; the stages are {', '.join(stage_names())}")

    def of(self, letters: Iterable[Letter]) -> Iterator[Letter]:
        """The wanted ones."""
        return islice(self._matching(letters), self.limit or None)

    def _matching(self, letters: Iterable[Letter]) -> Iterator[Letter]:
        for letter in letters:
            if not self._matches(letter):
                self.left += 1
            elif letter.retried and not self.again:
                self.before += 1
            else:
                yield letter

    def _matches(self, letter: Letter) -> bool:
        late = self.since is None or letter.message.timestamp >= self.since
        return late and self.stage in (None, letter.stage) and self.reason in (None, letter.reason)


@app.command("list")
def list_(
    stage: Stage = None,
    reason: Why = None,
    limit: Limit = 0,
    since: Since = None,
    json: Annotated[bool, typer.Option("--json", help="JSON Lines instead of a table.")] = False,
) -> None:
    """List the dead letters that are there, oldest of each partition first."""
    letters = Choice(stage, reason, limit, since).of(read(Settings()))
    if json:
        for letter in letters:
            write_json(json_lines.dumps(_facts(letter), ensure_ascii=False).encode())
        return
    rows = []
    for letter in letters:
        facts = _facts(letter)
        time = f"{letter.message.timestamp:%Y-%m-%d %H:%M:%S}"
        cells = (letter.place, time, letter.stage, letter.reason, facts["bytes"], facts["key"], letter.problem)
        rows.append([printable(str(cell)) for cell in cells])
    show_table(("place", "time", "stage", "reason", "bytes", "key", "problem"), rows, beside=5)
    print(f"{len(rows)} dead letters", file=sys.stderr)


@app.command("show")
def show(
    place: Annotated[str, typer.Argument(help="PARTITION-OFFSET, as the list has it: 3-42.")],
) -> None:
    """Show one: its headers on standard error, its payload, byte for byte, on standard output."""
    ((_, letter),) = read_at(Settings(), [place])
    if letter is None:
        raise ValueError(f"no dead letter at {place}")
    for name, value in (("key", letter.message.key or b""), *letter.message.headers):
        tell(f"{name}: {value.decode(errors='replace')}")
    write_payload(letter.message.value or b"")


@app.command("retry")
def retry_(
    places: Annotated[list[str] | None, typer.Argument(help="PARTITION-OFFSET of each to send again.")] = None,
    stage: Stage = None,
    reason: Why = None,
    limit: Limit = 0,
    since: Since = None,
    everything: Annotated[bool, typer.Option("--all", help="All that are there.")] = False,
) -> None:
    """Send dead letters again, to the topic that their stage reads: value, key and headers as they were.

    Name places, or filters, or --all. A dead letter stays in its topic, and that it was sent again is remembered:
    filters and --all pass it over, its place sends it once more. One that fails again is a new dead letter.
    Exit 1 when one was not sent.
    """
    if sum((bool(places), bool(stage or reason or since), everything)) != 1:
        raise typer.BadParameter("name places, or --stage, --reason and --since, or --all: one of these")
    settings, choice = Settings(), Choice(stage, reason, limit, since, again=bool(places))
    missing: list[str] = []
    letters = _at(settings, places, missing) if places else read(settings)
    sent = refused = 0
    for done in retry(settings, choice.of(letters)):
        if done.error:
            refused += 1
            tell(f"{done.letter.place}: not sent: {done.error}")
        else:
            sent += 1
    for place in missing:
        tell(f"{place}: no dead letter there")
    left = f", {choice.left} left that do not match" if choice.left else ""
    before = f", {choice.before} passed over that were sent again before" if choice.before else ""
    print(f"{sent} dead letters sent again, {refused + len(missing)} not{left}{before}", file=sys.stderr)
    if refused or missing:
        raise typer.Exit(1)


def _at(settings: Settings, places: list[str], missing: list[str]) -> Iterator[Letter]:
    for place, letter in read_at(settings, places):
        if letter:
            yield letter
        else:
            missing.append(place)


def _facts(letter: Letter) -> dict[str, str | int | None]:
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
        "retried": letter.retried,
    }
