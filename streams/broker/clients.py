"""kafka-python clients, set up from the settings: producers wait for all replicas, consumers are read by hand.

All raise BrokerUnreachableError where no broker answers, and BrokerRefusedError where one says no.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient

from streams.broker.security import BrokerRefusedError, connection_options, refusal
from streams.settings import Settings

_TIMEOUT_MS = 10_000
_DAY_MS = 24 * 60 * 60 * 1000


class BrokerUnreachableError(RuntimeError):
    """No broker answered; says which and what to do."""


def admin(settings: Settings) -> KafkaAdminClient:
    """An admin client."""
    return _connect(KafkaAdminClient, settings)


def producer(settings: Settings) -> KafkaProducer:
    """A producer whose acknowledgement means: on all in-sync replicas.

    Not idempotent: the embedded broker does not know the request, and a repeat is harmless (`ce_id`).
    With one request in flight a retry cannot overtake the record after it. A broker that is away is waited
    for, a day long.
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


def consumer(settings: Settings, topics: Sequence[str] = (), **options: Any) -> KafkaConsumer:
    """A consumer without a group unless `group_id` is given, from the beginning."""
    defaults = {"group_id": None, "auto_offset_reset": "earliest", "enable_auto_commit": False}
    return _connect(KafkaConsumer, settings, *topics, **(defaults | options))


def _connect(kind: Any, settings: Settings, *args: Any, **options: Any) -> Any:
    servers = [server.strip() for server in settings.broker.split(",")]
    secure = connection_options(settings)
    if settings.uses_tls or settings.uses_sasl:
        refused = asyncio.run(refusal(settings))
        if refused:
            raise BrokerRefusedError(refused)
    try:
        return kind(*args, bootstrap_servers=servers, bootstrap_timeout_ms=_TIMEOUT_MS, **secure, **options)
    except Exception as error:  # kafka-python has several kinds for "nobody there"
        raise BrokerUnreachableError(
            f"no Kafka broker at {settings.broker} ({type(error).__name__}): start one, or set STREAMS_BROKER"
        ) from error
