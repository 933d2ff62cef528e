"""kafka-python clients, set up from the settings: producers wait for all replicas, consumers are read by hand.

All raise BrokerUnreachableError where no broker answers, and BrokerRefusedError where one says no.
"""

import logging
import time
from collections.abc import Iterable, Sequence
from typing import Any

from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaTimeoutError

from streams.broker.security import check_access, connection_options
from streams.settings import Settings

log = logging.getLogger(__name__)
_CLOSING = 5.0  # seconds that a producer has for what is left
SILENCE = 15.0  # seconds after which a client that waits asks whether it is still let in
_TIMEOUT_MS = 10_000
_PATIENCE_MS = 2_000  # that a broker has which is just starting
_PAUSE = 0.2  # seconds
_RECONNECT_MS = 1_000  # as Kafka's own clients; kafka-python's 30 s hold for a producer's metadata too, see `producer`
_DAY_MS = 24 * 60 * 60 * 1000


class BrokerUnreachableError(RuntimeError):
    """No broker answered; says which and what to do."""


class MissingTopicError(ValueError):
    """A topic is not there; says which and what to do."""


def check_topic(settings: Settings, name: str, existing: Iterable[str]) -> None:
    """Raises MissingTopicError where the topic is not among those that exist for us."""
    if name not in existing:
        raise MissingTopicError(
            f"no topic {name} on {settings.broker}, or none that this user may see: `streams topics` creates it"
        )


def admin(settings: Settings) -> KafkaAdminClient:
    """An admin client."""
    return _connect(KafkaAdminClient, settings)


def producer(settings: Settings) -> KafkaProducer:
    """A producer whose acknowledgement means: on all in-sync replicas.

    Not idempotent: the embedded broker does not know the request, and a repeat is harmless (`ce_id`).
    With one request in flight a retry cannot overtake the record after it. A broker that is away is waited
    for, a day long.

    kafka-python 3.0.12 asks for metadata on no connection that has all the requests it may have in flight, here one
    (`KafkaConnectionManager.least_loaded_node`). While a broker is dead all others are busy waiting for its copies, and
    it tries again after a time that doubles up to the longest for reconnecting: with the default a producer kept to a
    leader that was gone for 43 s.
    """
    return _connect(
        KafkaProducer,
        settings,
        acks="all",
        enable_idempotence=False,
        max_in_flight_requests_per_connection=1,
        delivery_timeout_ms=_DAY_MS,
        linger_ms=5,
        max_request_size=settings.topics.dead_letters.max_message_bytes,
    )


def close_producer(client: KafkaProducer) -> None:
    """Closes a producer; what a broker that is away does not take within seconds is given up."""
    try:
        client.close(timeout=_CLOSING)
    except KafkaTimeoutError:  # it goes on by itself, and would say so at the process's end
        client._sender.force_close()
        client.close(timeout=_CLOSING)


def consumer(settings: Settings, topics: Sequence[str] = (), **options: Any) -> KafkaConsumer:
    """A consumer without a group unless `group_id` is given, from the beginning.

    Of transactions it reads what is committed: the topics may be copies that a mirror writes in transactions.
    """
    defaults = {
        "group_id": None,
        "auto_offset_reset": "earliest",
        "enable_auto_commit": False,
        "isolation_level": "read_committed",
    }
    return _connect(KafkaConsumer, settings, *topics, **(defaults | options))


def delivery_error(sent: Any, settings: Settings) -> str | None:
    """What became of a record: None once the broker has it, else what went wrong, in words.

    `sent` is the producer's future, or the exception that sending raised. A broker that is away is waited
    for; raises BrokerRefusedError when it refuses meanwhile.
    """
    while not isinstance(sent, Exception):
        try:
            sent.get(timeout=SILENCE)
            return None
        except Exception as error:
            if sent.is_done:
                sent = error
                break
        log.warning("no answer from %s, waiting", settings.broker)
        check_access(settings)
    return f"{type(sent).__name__}: {sent}"


def _connect(kind: Any, settings: Settings, *args: Any, **options: Any) -> Any:
    servers = [server.strip() for server in settings.broker.split(",")]
    secure = connection_options(settings)
    end = time.monotonic() + _PATIENCE_MS / 1000
    while away := check_access(settings):
        if time.monotonic() > end:
            where = ", ".join(f"{server} ({why})" for server, why in sorted(away.items()))
            raise BrokerUnreachableError(f"no Kafka broker at {where}: start one, or set STREAMS_BROKER")
        time.sleep(_PAUSE)
    limits = {
        "bootstrap_timeout_ms": _TIMEOUT_MS,
        "reconnect_backoff_max_ms": _RECONNECT_MS,
        "metadata_max_age_ms": int(1000 * settings.metadata_max_age),
    }
    try:
        return kind(*args, bootstrap_servers=servers, **limits, **secure, **options)
    except Exception as error:  # kafka-python has several kinds for "nobody there"
        raise BrokerUnreachableError(
            f"no Kafka broker at {settings.broker} ({type(error).__name__}): start one, or set STREAMS_BROKER"
        ) from error
