"""`streams demo`: embedded broker, topics, worker and a sample wire, shown live in the terminal."""

import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.live import Live
from rich.text import Text

from streams.broker.admin import create_topics
from streams.broker.clients import consumer
from streams.broker.embedded import QUICK_GROUPS, embedded_broker, free_port
from streams.cli.supervise import WorkerProcess, worker_process
from streams.contract import codec
from streams.contract.dead_letters import PREFIX, REASON
from streams.contract.message import Message, clean_headers
from streams.contract.outcome import Ok
from streams.contract.records import EnrichedArticle
from streams.feeds.files import read_files
from streams.feeds.publish import Publisher
from streams.feeds.raw_item import RawItem
from streams.feeds.readers import read
from streams.outputs.render import STYLES, TONES, legend, panel
from streams.outputs.tally import Tally
from streams.settings import Settings

_ORIGIN = ("topic", "partition", "offset")
_PATIENCE = 120.0  # seconds without anything coming out


def demo(
    exit: Annotated[
        bool, typer.Option("--exit", help="End when the sample is through: 0 if all came out right.")
    ] = False,
    every: Annotated[float | None, typer.Option(min=0, help="Seconds between items; default 1, with --exit 0.")] = None,
) -> None:
    """A live wire on the screen: broker, topics, worker and sample wire in one process tree."""
    pause = every if every is not None else (0.0 if exit else 1.0)
    console = Console()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="streams-demo-")))
        broker = stack.enter_context(embedded_broker(folder / "broker.log"))
        env = _environment(broker, folder)
        settings = Settings(broker=broker, partitions=3, security_protocol="PLAINTEXT")
        create_topics(settings)
        console.print(f"broker [bold]{broker}[/] · metrics [bold]http://127.0.0.1:{env['STREAMS_WEB_PORT']}/metrics[/]")
        console.print(Text("loading the models …  colours: ", "dim") + legend())
        worker = stack.enter_context(worker_process(env, folder / "worker.log"))
        items = sample()
        tally = Tally(*_expected(items))
        _wait_until_ready(env["STREAMS_WEB_PORT"], worker)
        threading.Thread(target=_send, args=(console, settings, items, pause), daemon=True).start()
        right = _watch(console, settings, worker, tally, exit)
    if exit and not right:
        raise typer.Exit(1)


def sample() -> list[RawItem]:
    """The sample wire that comes with the package, in order."""
    with as_file(files("streams.feeds") / "sample") as folder:
        return [item for path in sorted(folder.iterdir()) for item in _one(path)]


def _one(path: Path) -> Iterator[RawItem]:
    source = "lln" if b"LLN" in path.read_bytes() else "npd"
    with path.open("rb") as stdin:
        yield from read_files([path], stdin, source=source)


def _environment(broker: str, folder: Path) -> dict[str, str]:
    return QUICK_GROUPS | {
        "STREAMS_BROKER": broker,
        "STREAMS_SECURITY_PROTOCOL": "PLAINTEXT",
        "STREAMS_WEB_PORT": str(free_port()),
        "STREAMS_DATADIR": str(folder / "data"),
        "STREAMS_SOURCES": '["npd","lln"]',
    }


def _expected(items: list[RawItem]) -> tuple[set[tuple[str, int]], int]:
    """What should come out: (id, version) of every readable item, and the number of the others."""
    outcomes = [read(item.payload, item.content_type) for item in items]
    readable = [outcome.value for outcome in outcomes if isinstance(outcome, Ok)]
    return {(item.id, item.version) for item in readable}, len(outcomes) - len(readable)


def _wait_until_ready(port: str, worker: WorkerProcess) -> None:
    """Returns once the worker has its models and partitions. Raises WorkerKeepsEndingError."""
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2)
            return
        except OSError:
            worker.keep_running()
            time.sleep(0.2)


def _send(console: Console, settings: Settings, items: list[RawItem], pause: float) -> None:
    def paced() -> Iterator[RawItem]:
        for item in items:
            yield RawItem(item.payload, item.content_type, item.source, item.language, item.origin)
            time.sleep(pause)

    with Publisher(settings) as publisher:
        for published in publisher.publish(paced(), ahead=1):
            if published.error:
                console.print(f"[red]not sent: {published.item.origin}: {published.error}[/]")


def _watch(console: Console, settings: Settings, worker: WorkerProcess, tally: Tally, exit: bool) -> bool:
    """Shows what comes out; returns whether all of it came out right once it is through (or on Ctrl-C)."""
    topics = settings.topics
    client = consumer(settings, [topics.enriched.name, topics.dead_letters.name])
    last, told = time.monotonic(), False
    try:
        with Live(_status(tally, worker), console=console, refresh_per_second=4) as live:
            while True:
                for records in client.poll(timeout_ms=200).values():
                    for record in records:
                        last = time.monotonic()
                        _show(console, tally, record, record.topic == topics.dead_letters.name)
                if worker.keep_running():
                    console.print(Text(f"the worker ended and was started again:\n{worker.last_lines()}", "red"))
                live.update(_status(tally, worker))
                if exit and (tally.through or time.monotonic() - last > _PATIENCE):
                    break
                if tally.complete and not told:
                    console.print(
                        Text(
                            f"The wire is through. Send your own: STREAMS_BROKER={settings.broker} "
                            "streams ingest files FILE…   Ctrl-C ends.",
                            "bold",
                        )
                    )
                    told = True
    except KeyboardInterrupt:
        pass
    finally:
        client.close()
    if not console.is_terminal:
        console.print()  # the last status line has no end of its own there
    _report(console, tally, worker)
    return tally.right


def _show(console: Console, tally: Tally, record: Any, dead: bool) -> None:
    message = Message(record.value, record.key, clean_headers(record.headers))
    if dead:
        reason = message.header(REASON) or "?"
        if not tally.add_dead_letter(reason, "/".join(message.header(PREFIX + n) or "?" for n in _ORIGIN)):
            return
        console.print(Text(f"✗ dead letter: {reason}, {len(record.value or b'')} bytes kept", "bold red"))
        return
    article = codec.decode(record.value, EnrichedArticle)
    if isinstance(article, Ok) and article.value.times.enriched:
        latency = (article.value.times.enriched - article.value.times.received).total_seconds()
        if tally.add(article.value, latency):
            console.print(panel(article.value))


def _status(tally: Tally, worker: WorkerProcess) -> Text:
    line = Text(f" {len(tally.seen)} of {len(tally.expected)} articles ", "bold reverse")
    line.append(f"  {tally.words} words  ")
    for kind, style in STYLES.items():
        line.append(f"{kind} {tally.entities[kind]} ", style)
    line.append("  ")
    for label, style in TONES.items():
        line.append(f"{label} {tally.sentiment[label]} ", style)
    line.append(f"  median {tally.median_latency():.2f} s  ")
    line.append(f"dead letters {len(tally.dead)}", "red" if tally.dead else "dim")
    if worker.restarts:
        line.append(f"  restarts {worker.restarts}", "red")
    return line


def _report(console: Console, tally: Tally, worker: WorkerProcess) -> None:
    if tally.right:
        console.print(
            f"[bold green]All {len(tally.expected)} readable articles came out enriched, "
            f"{tally.unreadable} malformed item as a dead letter.[/]"
        )
        return
    for identity, version in tally.missing():
        console.print(f"[red]not out: {identity} version {version}[/]")
    console.print(f"[red]dead letters: {len(tally.dead)}, expected {tally.unreadable}[/]")
    console.print(Text(worker.last_lines(), "dim"))
