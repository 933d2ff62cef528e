"""Quix Streams 3: one application, a dataframe for each topic, at-least-once (its default)."""

from typing import Any

from quixstreams import Application
from quixstreams.models import Serializer

from streams.settings import Settings
from tests.bench.peers.work import Work, group, works


class OutgoingSerializer(Serializer):
    """What a stage made is bytes already."""

    def __call__(self, value: Any, ctx: Any) -> Any:
        """The value of an outgoing record."""
        return value.value


def main() -> None:
    """Runs until it is killed."""
    settings = Settings()
    app = Application(
        broker_address=settings.broker,
        consumer_group=group(settings),
        auto_offset_reset="earliest",
        auto_create_topics=False,
        consumer_extra_config={
            "session.timeout.ms": int(settings.session_timeout * 1000),
            "heartbeat.interval.ms": int(settings.heartbeat_interval * 1000),
        },
        loglevel="WARNING",
    )
    outputs = {t.name: app.topic(t.name, value_serializer=OutgoingSerializer()) for t in settings.topics}
    for topic, work in works(settings).items():
        sdf = app.dataframe(app.topic(topic, value_deserializer="bytes"))
        sdf = sdf.apply(_apply(work), metadata=True)
        sdf = sdf.set_headers(lambda out, key, timestamp, headers: list(out.headers))
        sdf.to_topic(lambda out, key, timestamp, headers: outputs[out.topic], key=lambda out: out.key)
    app.run()


def _apply(work: Work) -> Any:
    return lambda value, key, timestamp, headers: work(value, key, headers)


if __name__ == "__main__":
    main()
