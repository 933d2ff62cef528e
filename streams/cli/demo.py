"""`streams demo`: embedded broker, topics, worker and a sample wire, shown live in the terminal."""

import logging
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
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
from streams.broker.front import front
from streams.cli.called import called
from streams.cli.demo_view import next_steps, report, say, status
from streams.cli.signals import StopSignal, stop_signals
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
from streams.outputs.printable import printable
from streams.outputs.render import ALARM, QUIET, legend, panel
from streams.outputs.tally import Tally
from streams.settings import Settings
from streams.surroundings import as_environment

_ORIGIN = ("topic", "partition", "offset")
_LAST_WORDS = 5.0  # seconds that the sample's last item has to be sent
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
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # what goes wrong with the broker is told here
    try:
        with stop_signals(), ExitStack() as stack:
            right = _run(console, stack, exit, pause)
    except StopSignal as stop:
        raise typer.Exit(stop.status) from None
    except KeyboardInterrupt:
        say(console, Text("Stopped before the first article."))
        raise typer.Exit(130) from None
    if exit and not right:
        raise typer.Exit(1)


def _run(console: Console, stack: ExitStack, exit: bool, pause: float) -> bool:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="streams-demo-", ignore_cleanup_errors=True)))
    broker = f"127.0.0.1:{(port := free_port())}"
    behind = stack.enter_context(embedded_broker(folder / "broker.log", broker))
    stack.enter_context(front(port, int(behind.rsplit(":", 1)[1])))
    settings = _settings(broker, folder)
    create_topics(settings)
    page = f"http://{settings.web_host}:{settings.web_port}"
    say(console, Text.assemble("broker ", (broker, "bold"), " · metrics ", (f"{page}/metrics", "bold")))
    console.print(Text("loading the models …  colours: ", QUIET) + legend())
    worker = stack.enter_context(worker_process(as_environment(settings), folder / "worker.log"))
    items = sample()
    tally = Tally(*_expected(items))
    _wait_until_ready(page, worker)
    stack.enter_context(_sending(console, settings, items, pause))
    return _watch(console, settings, worker, tally, exit)


def sample() -> list[RawItem]:
    """The sample wire that comes with the package, in order."""
    with as_file(files("streams.feeds") / "sample") as folder:
        return [item for path in sorted(folder.iterdir()) for item in _one(path)]


def _one(path: Path) -> Iterator[RawItem]:
    source = "lln" if b"LLN" in path.read_bytes() else "npd"
    with path.open("rb") as stdin:
        yield from read_files([path], stdin, source=source)


def _settings(broker: str, folder: Path) -> Settings:
    """Those of the environment, but for what belongs to another broker."""
    quick: dict[str, Any] = {name.removeprefix("STREAMS_").lower(): value for name, value in QUICK_GROUPS.items()}
    secure: dict[str, Any] = {name: None for name in Settings.model_fields if name.startswith(("ssl_", "sasl_"))}
    secure |= {"sasl_mechanism": "PLAIN", "security_protocol": "PLAINTEXT"}
    own: dict[str, Any] = {"web_host": "127.0.0.1", "web_port": free_port(), "datadir": folder / "data"}
    return Settings(broker=broker, partitions=3, replication=1, sources=("npd", "lln"), **quick, **secure, **own)


def _expected(items: list[RawItem]) -> tuple[set[tuple[str, int]], set[bytes]]:
    """What should come out: (id, version) of every readable item, and the payloads of the others."""
    outcomes = [(item.payload, read(item.payload, item.content_type)) for item in items]
    readable = {(found.value.id, found.value.version) for _, found in outcomes if isinstance(found, Ok)}
    return readable, {payload for payload, found in outcomes if not isinstance(found, Ok)}


def _wait_until_ready(page: str, worker: WorkerProcess) -> None:
    """Returns once the worker has its models and partitions. Raises WorkerKeepsEndingError."""
    while True:
        try:
            urllib.request.urlopen(f"{page}/readyz", timeout=2)
            return
        except OSError:
            worker.keep_running()
            time.sleep(0.2)


@contextmanager
def _sending(console: Console, settings: Settings, items: list[RawItem], pause: float) -> Iterator[None]:
    """Sends the sample in a thread of its own; it ends before the broker does."""
    stop = threading.Event()

    def paced() -> Iterator[RawItem]:
        for item in items:
            if stop.is_set():
                return
            yield RawItem(item.payload, item.content_type, item.source, item.language, item.origin)
            stop.wait(pause)

    def send() -> None:
        with Publisher(settings) as publisher:
            for published in publisher.publish(paced(), ahead=1):
                if published.error:
                    console.print(Text(printable(f"not sent: {published.item.origin}: {published.error}"), ALARM))

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_LAST_WORDS)


def _watch(console: Console, settings: Settings, worker: WorkerProcess, tally: Tally, exit: bool) -> bool:
    """Shows what comes out; returns whether all of it came out right once it is through (or on Ctrl-C)."""
    topics = settings.topics
    client = consumer(settings, [topics.enriched.name, topics.dead_letters.name])
    last, told, stopped = time.monotonic(), False, False

    def line() -> Text:
        return status(tally, worker.restarts, console.width)

    try:
        with Live(line(), console=console, refresh_per_second=4, vertical_overflow="crop") as live:
            while True:
                for records in client.poll(timeout_ms=200).values():
                    for record in records:
                        last = time.monotonic()
                        _show(console, tally, record, record.topic == topics.dead_letters.name)
                if worker.keep_running():
                    ended = printable(worker.last_lines(), lines=True)
                    console.print(Text(f"the worker ended and was started again:\n{ended}", ALARM))
                live.update(line())
                if exit and (tally.through or time.monotonic() - last > _PATIENCE):
                    break
                if tally.complete and not told:
                    say(console, next_steps(settings, called()))
                    told = True
    except StopSignal:
        raise
    except KeyboardInterrupt:
        stopped = True
    finally:
        client.close()
    if not console.is_terminal:
        console.print()  # the last status line has no end of its own there
    console.print(report(tally, worker.last_lines(), stopped))
    return tally.right


def _show(console: Console, tally: Tally, record: Any, dead: bool) -> None:
    message = Message(record.value, record.key, clean_headers(record.headers))
    if dead:
        reason = message.header(REASON) or "?"
        origin = "/".join(message.header(PREFIX + n) or "?" for n in _ORIGIN)
        if not tally.add_dead_letter(reason, origin, message.value or b"", message.key):
            return
        kept = len(record.value or b"")
        console.print(Text(printable(f"✗ dead letter: {reason}, {kept} bytes kept"), f"bold {ALARM}"))
        return
    article = codec.decode(record.value, EnrichedArticle)
    if isinstance(article, Ok) and article.value.times.enriched:
        latency = (article.value.times.enriched - article.value.times.received).total_seconds()
        if tally.add(article.value, latency):
            console.print(panel(article.value))
