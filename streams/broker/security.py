"""Security on the wire: TLS and SASL from the settings, for every client alike, and why a broker refuses.

Secrets come from files, read when a client is made; they are in no environment variable, no log and no help.
"""

import asyncio
import errno
import socket
import ssl
from typing import Any

from aiokafka.conn import collect_hosts, create_conn
from aiokafka.errors import (
    IllegalSaslStateError,
    KafkaConnectionError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)
from aiokafka.protocol.metadata import MetadataRequest

from streams.settings import Settings
from streams.surroundings import naming

_TIMEOUT_MS = 5_000
_UNKNOWN, _REFUSED = "host name not known", "connection refused"
_NOBODY = (_UNKNOWN, _REFUSED)


class BrokerRefusedError(RuntimeError):
    """A broker is there and refuses: a wrong password, an unknown certificate. No waiting mends that."""


class _TurnedAwayError(Exception):
    """The broker told its versions, and hung up at the first question: it waits for a password first."""


def connection_options(settings: Settings) -> dict[str, Any]:
    """How to connect, in the words that kafka-python and aiokafka share. Holds the password: never log it.

    Raises ValueError for a certificate, a key or a password file that cannot be read or used.
    """
    options: dict[str, Any] = {"security_protocol": settings.security_protocol}
    if settings.uses_tls:
        options["ssl_context"] = _tls(settings)
    if settings.uses_sasl and settings.sasl_password_file:
        options["sasl_mechanism"] = settings.sasl_mechanism
        options["sasl_plain_username"] = settings.sasl_username
        with naming("STREAMS_SASL_PASSWORD_FILE"):
            options["sasl_plain_password"] = settings.sasl_password_file.read_text().rstrip("\r\n")
    return options


def check_access(settings: Settings) -> dict[str, str]:
    """Raises BrokerRefusedError where the brokers refuse; else tells of each broker that is away why, by `host:port`:
    nothing once one of them lets us in. Takes seconds where one does not answer at all."""
    refused, away = asyncio.run(_look_alone(settings))
    if refused:
        raise BrokerRefusedError(refused)
    return away


async def _look_alone(settings: Settings) -> tuple[str | None, dict[str, str]]:
    """In a loop that is for this alone: what its streams still hold when the garbage goes is not worth a traceback."""
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    return await _look(settings)


async def refusal(settings: Settings) -> str | None:
    """Why the brokers refuse, in a sentence; None when one of them lets us in, or none is there to ask.

    The client libraries try again without end, or until a time limit, and do not tell these two apart.
    """
    return (await _look(settings))[0]


async def _look(settings: Settings) -> tuple[str | None, dict[str, str]]:
    """Why the brokers refuse, and why those that are away are; neither when one of them lets us in."""
    options, refused, away = connection_options(settings), None, dict[str, str]()
    for host, port, _ in collect_hosts(settings.broker):
        try:
            await _knock(host, port, options)
            return None, {}
        except Exception as error:
            away[f"{host}:{port}"] = absent = _absence(error)
            why = _explain(error) or (None if absent in _NOBODY else await _misunderstood(host, port, settings))
            refused = refused or (why and f"the Kafka broker at {host}:{port} refuses: {why}")
    return refused, away


def _absence(error: Exception) -> str:
    """Why there is no broker to talk to, in a few words."""
    if isinstance(error, socket.gaierror):
        return _UNKNOWN
    # asyncio puts several addresses of one host, as of localhost, into one text.
    if isinstance(error, ConnectionRefusedError) or f"[Errno {errno.ECONNREFUSED}]" in str(error):
        return _REFUSED
    return "no answer" if isinstance(error, TimeoutError) else f"{type(error).__name__}"


async def _knock(host: str, port: int, options: dict[str, Any]) -> None:
    """Goes in and out again. Raises what the client library raises, or _TurnedAwayError."""
    connection = await create_conn(host, port, request_timeout_ms=_TIMEOUT_MS, **options)
    try:
        if "sasl_mechanism" not in options:
            await connection.send(MetadataRequest([]))
    except KafkaConnectionError as error:
        raise _TurnedAwayError from error
    finally:
        connection.close()


def _tls(settings: Settings) -> ssl.SSLContext:
    """Checks the broker's certificate and its host name; shows a certificate of our own where there is one."""
    try:
        context = ssl.create_default_context(cafile=settings.ssl_ca_file)
    except OSError as error:
        raise ValueError(f"STREAMS_SSL_CA_FILE: {settings.ssl_ca_file}: {error.strerror}") from None
    if settings.ssl_cert_file:
        try:
            # An empty password: without one, an encrypted key would have OpenSSL ask on the terminal.
            context.load_cert_chain(settings.ssl_cert_file, settings.ssl_key_file, password="")
        except OSError as error:
            files = f"{settings.ssl_cert_file}, {settings.ssl_key_file}"
            raise ValueError(f"STREAMS_SSL_CERT_FILE, STREAMS_SSL_KEY_FILE: {files}: {error.strerror}") from None
    return context


async def _misunderstood(host: str, port: int, settings: Settings) -> str | None:
    """Whether one of the two speaks TLS and the other does not: neither tells."""
    try:
        if settings.uses_tls:
            await _knock(host, port, {"security_protocol": "PLAINTEXT"})
        else:
            _, writer = await asyncio.wait_for(asyncio.open_connection(host, port, ssl=_trusting()), _TIMEOUT_MS / 1000)
            writer.close()
    except Exception as error:
        if not isinstance(error, _TurnedAwayError):
            return None
    return f"it {'does not speak' if settings.uses_tls else 'wants'} TLS; see STREAMS_SECURITY_PROTOCOL"


def _trusting() -> ssl.SSLContext:
    """To see whether there is TLS at all."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _explain(error: BaseException) -> str | None:
    """What to look at, if the broker said no; None for a broker that is away."""
    if isinstance(error, _TurnedAwayError):
        return "it wants a password; see STREAMS_SECURITY_PROTOCOL"
    if isinstance(error.__cause__, ssl.SSLError):  # with TLS 1.3 the broker says no after the handshake
        error = error.__cause__
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate does not hold ({error.verify_message}); see STREAMS_SSL_CA_FILE"
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return None  # hung up in the middle: it may be going down
    if isinstance(error, ssl.SSLError):
        return f"TLS failed ({error.reason}); see STREAMS_SSL_CERT_FILE and STREAMS_SSL_KEY_FILE"
    if isinstance(error, SaslAuthenticationFailed):
        return f"{error.args[0]}; see STREAMS_SASL_USERNAME and STREAMS_SASL_PASSWORD_FILE"
    if isinstance(error, UnsupportedSaslMechanismError | IllegalSaslStateError):
        return f"{type(error).__name__}; see STREAMS_SECURITY_PROTOCOL and STREAMS_SASL_MECHANISM"
    return None
