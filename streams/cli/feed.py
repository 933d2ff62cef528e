"""`streams ingest feed`: RSS and Atom feeds to `news.raw`, polled until interrupted."""

import signal
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from logging import getLogger
from typing import TYPE_CHECKING, Annotated

import typer

from streams.cli.options import DeclaredLanguage
from streams.cli.terminal import tell
from streams.settings import Settings
from streams.telemetry.logs import set_up_logging

if TYPE_CHECKING:
    from streams.feeds.poll import Polled

log = getLogger(__name__)
_REMINDER = 600.0  # seconds after which a feed is told of again although nothing changed


def feed(
    urls: Annotated[list[str], typer.Argument(help="Addresses (http, https) or paths of RSS or Atom feeds.")],
    every: Annotated[float, typer.Option(min=0, help="Seconds between polls; 0 polls once.")] = 60.0,
    source: Annotated[str | None, typer.Option(help="Name of the feed; default: the address's host.")] = None,
    language: DeclaredLanguage = None,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that an answer may take as a whole.")] = 30.0,
    max_bytes: Annotated[int, typer.Option(min=1, help="Bytes that an answer may have, also unpacked.")] = 20_000_000,
    allow_file: Annotated[bool, typer.Option("--allow-file", help="Take file: addresses, too.")] = False,
    metrics_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Serve metrics there, on STREAMS_WEB_HOST; default: not.")
    ] = None,
) -> None:
    """Poll RSS and Atom feeds and send entries that are new or changed, until interrupted.

    With --every 0, exit 1 when a feed was not read. A feed that fails is polled less and less often. User names and
    passwords go into the address (https://NAME:PASSWORD@…), and are not shown.
    """
    from streams.feeds.address import addresses
    from streams.feeds.answer import Limits
    from streams.feeds.poll import Options, poll
    from streams.feeds.publish import Publisher
    from streams.telemetry.feeds import DELIVERIES

    settings = Settings()
    set_up_logging(settings.log_level)
    feeds = addresses(urls, allow_file)
    watch = Watch({address.shown: State(source or address.name) for address in feeds})
    if metrics_port is not None:
        _serve(settings.web_host, metrics_port)
    options = Options(every, source, language, Limits(max_bytes, timeout))
    sent = refused = 0
    interrupted = False
    ended = signal.signal(signal.SIGTERM, signal.default_int_handler)  # what is on its way is confirmed or told
    try:
        with Publisher(settings) as publisher, closing(poll(feeds, options, watch.polled)) as items:
            # One at a time: the next entry may be hours away, and what became of this one is told now.
            for published in publisher.publish(items, ahead=1):
                DELIVERIES.labels("refused" if published.error else "ok").inc()
                if published.error:
                    refused += 1
                    tell(f"{published.item.origin}: not delivered: {published.error}")
                else:
                    sent += 1
    except KeyboardInterrupt:
        interrupted = True
    finally:
        signal.signal(signal.SIGTERM, ended)
    unread = 0 if interrupted else watch.unread
    tell(
        f"{sent} entries delivered to the broker, {refused} refused"
        + (f"; {unread} of {len(feeds)} feeds not read" if unread else "")
    )
    if refused or unread:
        raise typer.Exit(1)


def _serve(host: str, port: int) -> None:
    from prometheus_client import start_http_server

    from streams.telemetry.feeds import REGISTRY

    try:
        server, _ = start_http_server(port, host, REGISTRY)
    except OSError as error:
        raise ValueError(f"metrics on {host}:{port}: {error.strerror}; choose another --metrics-port") from error
    log.info("metrics on http://%s:%d/metrics", host, server.server_port)


@dataclass
class State:
    """How a feed is: when it was last read, had something new, and was told of (seconds of a steady clock)."""

    source: str
    read: float | None = None
    new: float | None = None
    failures: int = 0
    whole: bool = True
    told: float = field(default_factory=time.monotonic)


class Watch:
    """Tells on the log and in metrics what became of polls: at each failure and whenever something is new or changes.

    A quiet feed is told of every ten minutes, so that it differs from one that is not polled.
    """

    def __init__(self, feeds: dict[str, State]) -> None:
        from streams.telemetry.feeds import FeedLabels

        self._feeds = feeds
        self._labels = {shown: FeedLabels(state.source, shown) for shown, state in feeds.items()}
        for labels in self._labels.values():
            labels.start()

    @property
    def unread(self) -> int:
        """Feeds that were not read, not once."""
        return sum(state.read is None for state in self._feeds.values())

    def polled(self, polled: "Polled") -> None:
        """Takes note of a poll."""
        shown, now = polled.address.shown, time.monotonic()
        state = self._feeds[shown]
        if polled.problem:
            state.failures += 1
            self._labels[shown].polled("failed", 0)
            since = f"; last read {_minutes(now - state.read)} ago" if state.read is not None else "; never read"
            log.warning("%s: not read: %s%s", shown, polled.problem, since if state.failures > 1 else "")
            return
        self._labels[shown].polled("unchanged" if polled.entries is None else "read", polled.new)
        for line in _lines(polled, state, now):
            log.info("%s: %s", shown, line)
            state.told = now
        state.read, state.failures, state.whole = now, 0, polled.whole
        state.new = now if polled.new else state.new


def _lines(polled: "Polled", state: State, now: float) -> Iterator[str]:
    if state.failures:
        yield f"reads again, after {state.failures} polls that failed"
    if not polled.whole and state.whole:
        yield "malformed, or its answer broke off: read as far as may be"
    if polled.new or state.read is None:
        yield f"{polled.entries or 0} entries, {polled.new} new or changed"
    elif now - state.told > _REMINDER:
        yield "read, nothing new" + (f" for {_minutes(now - state.new)}" if state.new is not None else "")


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 60 else f"{seconds:.0f} s"
