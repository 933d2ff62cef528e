"""Serves /metrics, /healthz and /readyz on the worker's own event loop: if the loop hangs, they do too."""

import os
import socket
from collections.abc import Callable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Check = Callable[[], dict[str, str]]


async def serve(host: str, port: int, healthy: Check, ready: Check) -> web.AppRunner:
    """Starts the server; stop it with the runner's `cleanup()`.

    A check gives the problems by name; none means well. Raises OSError where it cannot listen there: the port is
    taken, or not for us.
    """

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    def probe(check: Check) -> Callable[[web.Request], object]:
        async def respond(_: web.Request) -> web.Response:
            problems = check()
            body = {"status": "fail" if problems else "ok", "problems": problems}
            return web.json_response(body, status=503 if problems else 200)

        return respond

    app = web.Application()
    app.router.add_get("/metrics", metrics)
    app.router.add_get("/healthz", probe(healthy))  # type: ignore[arg-type]
    app.router.add_get("/readyz", probe(ready))  # type: ignore[arg-type]
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        why = (
            error.strerror
            if isinstance(error, socket.gaierror) or not error.errno
            else os.strerror(error.errno).lower()
        )
        raise OSError(f"STREAMS_WEB_HOST, STREAMS_WEB_PORT: cannot listen on {host}:{port}: {why}") from error
    return runner
