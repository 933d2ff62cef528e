"""What the demo shows beside the articles: the line of its state, what to do next, and how it ended."""

from rich.console import Console
from rich.text import Text

from streams.outputs.render import ALARM, GOOD, QUIET, STYLES, TONES
from streams.outputs.tally import Tally
from streams.settings import Settings

_OWN = "GENT - Els Maes is blij met Ajax."


def status(tally: Tally, restarts: int, width: int) -> Text:
    """The state in one line of at most so many columns; what matters least is left out first."""
    own = len(tally.own) + len(tally.own_dead)
    parts = [  # in the order in which they stand, each with its rank
        (0, Text(f" {len(tally.seen)} of {len(tally.expected)} articles ", "bold reverse")),
        (1, Text(f"+ {own} of yours", "bold") if own else Text()),
        (2, Text(f"dead letters {tally.dead + len(tally.own_dead)}", ALARM if tally.dead else QUIET)),
        (1, Text(f"restarts {restarts}", ALARM) if restarts else Text()),
        (3, Text(f"median {tally.median_latency():.2f} s")),
        (4, Text(" ").join(Text(f"{label} {tally.sentiment[label]}", style) for label, style in TONES.items())),
        (5, Text(" ").join(Text(f"{kind} {tally.entities[kind]}", style) for kind, style in STYLES.items())),
        (6, Text(f"{tally.words} words")),
    ]
    shown = [(rank, part) for rank, part in parts if part]
    while len(shown) > 1 and len(_line(shown)) >= width:  # a full line would wrap on some terminals
        shown.remove(max(shown, key=lambda ranked: ranked[0]))
    line = _line(shown)
    line.no_wrap, line.overflow = True, "ellipsis"
    return line


def _line(parts: list[tuple[int, Text]]) -> Text:
    return Text("  ").join(part for _, part in parts)


def next_steps(settings: Settings, program: str) -> Text:
    """What to type in a second terminal, once the sample is through."""
    commands = {
        "an article of your own:": f"echo '{_OWN}' | {program} ingest files -",
        "what became a dead letter, and why:": f"{program} dead-letters list",
        "every article so far, with any Kafka client, such as kcat:": "kcat -b $STREAMS_BROKER -C -e -t news.enriched",
        "follow one person, here or in a program:": f"{program} subscribe --entity Peeters --json",
    }
    lines = [Text("The sample is through. Next, in a second terminal (Ctrl-C here ends the demo):", "bold")]
    lines.append(Text(f"  export STREAMS_BROKER={settings.broker}"))
    for what, command in commands.items():
        lines += [Text(f"  # {what}", QUIET), Text(f"  {command}")]
    lines.append(Text("Your own texts without a broker, and your own Kafka: README.md has both.", QUIET))
    return Text("\n").join(lines)


def report(tally: Tally, log: str, stopped: bool) -> Text:
    """How it ended; with the end of the worker's log only where something went wrong by itself."""
    own = f" And {len(tally.own)} of yours." if tally.own else ""
    if tally.right:
        text = (
            f"All {len(tally.expected)} readable articles came out enriched, "
            f"{len(tally.unreadable)} malformed item as a dead letter.{own}"
        )
        return Text(text, f"bold {GOOD}")
    if stopped and not tally.failed:
        return Text(f"Stopped: {len(tally.seen)} of {len(tally.expected)} articles had come out.{own}")
    lines = [f"not out: {identity} version {version}" for identity, version in tally.missing()]
    lines += [f"dead letter: {reason}, of {origin}" for origin, reason in tally.failed.items()]
    lines.append(f"dead letters: {tally.dead}, expected {len(tally.unreadable)}")
    return Text("\n").join([Text("\n".join(lines), ALARM), Text(log, QUIET)])


def say(console: Console, text: Text) -> None:
    """Prints what may be copied: lines are never broken by us."""
    console.print(text, soft_wrap=True)
