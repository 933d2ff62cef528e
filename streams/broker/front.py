"""A front for the embedded broker, for clients on an older librdkafka, such as Debian 12's kcat (librdkafka 2.0.2).

Asked for its API versions in version 3, Tansu adds tagged fields, as it may. Those clients skip too few of their bytes
(mended by confluentinc/librdkafka pull request 4278) and give up with "Read underflow". Their question is answered
here as by a broker that does not know version 3 (KIP-511), whereupon they ask in version 0; all else goes through as
it is.
"""

import asyncio
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_API_VERSIONS = 18
_UNSUPPORTED_VERSION = 35
_LONGEST = 1_000  # bytes of a first request that is looked at
_CHUNK = 65_536


@contextmanager
def front(port: int, broker_port: int) -> Iterator[None]:
    """Listens on the loopback port while the context lasts, in a thread of its own. Raises OSError where it cannot."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(_listen(port, broker_port))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        asyncio.run_coroutine_threadsafe(_close(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _listen(port: int, broker_port: int) -> asyncio.Server:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            broker = await asyncio.open_connection("127.0.0.1", broker_port)
            await _serve(reader, writer, *broker)
        writer.close()

    return await asyncio.start_server(connected, "127.0.0.1", port)


async def _close(server: asyncio.Server) -> None:
    server.close()
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _serve(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    broker_reader: asyncio.StreamReader,
    broker_writer: asyncio.StreamWriter,
) -> None:
    head = await reader.readexactly(4)
    (size,) = struct.unpack(">i", head)
    body = await reader.readexactly(size) if 8 <= size <= _LONGEST else b""
    answer = _answer(body)
    if answer:
        writer.write(answer)
    else:
        broker_writer.write(head + body)
    ways = asyncio.create_task(_copy(reader, broker_writer)), asyncio.create_task(_copy(broker_reader, writer))
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        broker_writer.close()


def _answer(request: bytes) -> bytes | None:
    """To librdkafka's question for API versions in version 3 or later; None for anything else."""
    if len(request) < 8 or b"librdkafka" not in request:
        return None
    key, version, correlation = struct.unpack(">hhi", request[:8])
    if key != _API_VERSIONS or version < 3:
        return None
    # In version 0, as KIP-511 has it: the error, and one API: this one, in versions 0 to 2.
    answer = struct.pack(">ihihhh", correlation, _UNSUPPORTED_VERSION, 1, _API_VERSIONS, 0, 2)
    return struct.pack(">i", len(answer)) + answer


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()
