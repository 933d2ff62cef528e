"""What Prometheus and Kubernetes ask of a worker."""

import asyncio
import socket
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from streams.telemetry.web import serve

STALLED = {"entities": "no progress for 300 s with 12 records waiting"}
UNASSIGNED = {"sentiment": "no partitions assigned"}


def ask(path: str, healthy: dict[str, str] | None = None, ready: dict[str, str] | None = None) -> tuple[int, str, Any]:
    """Status, content type and body of one request to a server with these problems."""

    async def request() -> tuple[int, str, Any]:
        runner = await serve("127.0.0.1", 0, lambda: healthy or {}, lambda: ready or {})
        port = runner.addresses[0][1]
        try:
            async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{port}{path}") as answer:
                json = "json" in answer.content_type
                return answer.status, answer.headers["Content-Type"], await (answer.json() if json else answer.text())
        finally:
            await runner.cleanup()

    return asyncio.run(request())


def test_metrics_are_in_prometheus_text_format() -> None:
    status, content_type, text = ask("/metrics")
    assert status == 200
    assert content_type.startswith("text/plain; version=")
    assert "news_stage_records" in {family.name for family in text_string_to_metric_families(text)}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_all_is_well(path: str) -> None:
    status, _, body = ask(path)
    assert (status, body) == (200, {"status": "ok", "problems": {}})


def test_health_and_readiness_are_told_apart() -> None:
    assert ask("/healthz", healthy=STALLED)[::2] == (503, {"status": "fail", "problems": STALLED})
    assert ask("/readyz", healthy=STALLED)[0] == 200
    assert ask("/readyz", ready=UNASSIGNED)[::2] == (503, {"status": "fail", "problems": UNASSIGNED})
    assert ask("/healthz", ready=UNASSIGNED)[0] == 200


def test_nothing_else_is_served() -> None:
    assert ask("/")[0] == 404


def test_a_port_that_is_taken_is_an_error() -> None:
    async def start(port: int) -> None:
        await serve("127.0.0.1", port, dict, dict)

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(OSError, match="address already in use"):
            asyncio.run(start(other.getsockname()[1]))
