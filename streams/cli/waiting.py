"""A worker before its broker answers: alive, so that nobody restarts it, but not ready."""

import asyncio
import logging
import signal

from streams.broker.admin import missing_topics
from streams.broker.clients import BrokerUnreachableError
from streams.flow.open_files import check_files
from streams.settings import Settings
from streams.telemetry.web import serve

log = logging.getLogger(__name__)
_FIRST_PAUSE = 1.0  # seconds


class StoppedError(Exception):
    """SIGTERM or SIGINT came while the broker was waited for."""


def wait_for_topics(settings: Settings) -> None:
    """Waits for the broker as long as it takes, and serves metrics and health meanwhile.

    Raises ValueError for topics that it does not have (the operator's to create), BrokerRefusedError,
    OSError where the port is taken, and StoppedError.
    """
    try:
        missing = asyncio.run(_serve_and_wait(settings))
    except asyncio.CancelledError:
        raise StoppedError from None
    if missing:
        hidden = ", or the worker's user lacks DESCRIBE" if settings.uses_sasl or settings.uses_tls else ""
        raise ValueError(f"no topic {', '.join(missing)} on {settings.broker}{hidden}: run `streams topics` first")


async def _serve_and_wait(settings: Settings) -> list[str]:
    not_ready = {"broker": f"no answer from {settings.broker} yet"}
    server = await serve(settings.web_host, settings.web_port, healthy=dict, ready=lambda: not_ready)
    waiting = asyncio.ensure_future(_missing(settings))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, waiting.cancel)
    try:
        return await waiting
    finally:
        await server.cleanup()


async def _missing(settings: Settings) -> list[str]:
    pause = _FIRST_PAUSE
    while True:
        try:
            return await asyncio.to_thread(missing_topics, settings)
        except BrokerUnreachableError as error:
            check_files()
            log.warning("%s; trying again in %.3g s", error, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, settings.delivery_backoff_max)
