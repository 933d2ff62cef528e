"""One Faust app, so one consumer group, per stage."""

from typing import Any

import faust

from streams.broker.security import connection_options
from streams.flow.assignor import LeanAssignor, worker_url
from streams.flow.codecs import take_any_snappy
from streams.flow.connections import close_dead_connections
from streams.flow.consumer import use_prompt_consumer
from streams.flow.fatal import end_on_fatal_errors
from streams.flow.membership import note_heartbeats
from streams.settings import Settings
from streams.surroundings import naming

_MARGIN = 5.0  # seconds
_PRODUCE_TIMEOUT = 15.0  # seconds at most; Faust waits 20 minutes for an answer on a connection that is dead


def make_app(stage: str, settings: Settings) -> faust.App:
    """The app of a stage, set up for at-least-once delivery with acknowledgements of our own.

    `stream_wait_empty` lets a graceful stop finish what was taken; `topic_disable_leader` and
    `topic_allow_declare` keep Faust from creating topics, which `streams topics` does. The buffer is small,
    since a rebalance and a graceful stop wait until it is worked off.
    """
    take_any_snappy()
    close_dead_connections()
    note_heartbeats()
    end_on_fatal_errors()
    with naming("STREAMS_DATADIR"):
        settings.datadir.mkdir(parents=True, exist_ok=True)
    largest = settings.topics.dead_letters.max_message_bytes
    app = faust.App(
        settings.group(stage),
        broker=[f"kafka://{host.strip()}" for host in settings.broker.split(",")],
        broker_credentials=_credentials(settings),
        datadir=settings.datadir / stage,
        store="memory://",
        web_enabled=False,
        canonical_url=worker_url(settings),
        topic_disable_leader=True,
        topic_allow_declare=False,
        table_standby_replicas=0,
        stream_wait_empty=True,
        stream_buffer_maxsize=2 * settings.batch_records,
        broker_commit_interval=settings.commit_interval,
        broker_session_timeout=settings.session_timeout,
        broker_heartbeat_interval=settings.heartbeat_interval,
        broker_rebalance_timeout=settings.rebalance_timeout,
        # A join is answered when the rebalance is over, and Faust has one limit for all that a consumer asks.
        broker_request_timeout=max(settings.session_timeout, settings.rebalance_timeout) + _MARGIN,
        broker_max_poll_records=settings.batch_records,
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=largest,
        consumer_metadata_max_age_ms=_milliseconds(settings.metadata_max_age),
        producer_acks=-1,
        producer_metadata_max_age_ms=_milliseconds(settings.metadata_max_age),
        producer_request_timeout=produce_timeout(settings),
        producer_max_request_size=largest,
        worker_redirect_stdouts=False,
        PartitionAssignor=LeanAssignor,
    )
    use_prompt_consumer(app)
    return app


def produce_timeout(settings: Settings) -> float:
    """Seconds after which a delivery without an answer is given up, to be tried again: within the session."""
    return min(_PRODUCE_TIMEOUT, settings.session_timeout / 2)


def _milliseconds(seconds: float) -> int:
    return int(1000 * seconds)


def raw_topic(app: faust.App, name: str, **options: Any) -> faust.TopicT:
    """A topic as bytes, also absent ones: Faust moves bytes, the codec is ours."""
    return app.topic(
        name,
        key_type=bytes,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",
        allow_empty=True,
        **options,
    )


def _credentials(settings: Settings) -> faust.SASLCredentials | faust.SSLCredentials | None:
    """TLS and SASL in Faust's own terms."""
    options = connection_options(settings)
    if settings.uses_sasl:
        return faust.SASLCredentials(
            username=options["sasl_plain_username"],
            password=options["sasl_plain_password"],
            mechanism=options["sasl_mechanism"],
            ssl_context=options.get("ssl_context"),
        )
    return faust.SSLCredentials(options["ssl_context"]) if settings.uses_tls else None
