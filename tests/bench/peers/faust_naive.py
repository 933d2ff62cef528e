"""Faust as its tutorial has it: `@app.agent`, `async for event in stream`, `await topic.send(...)`."""

from typing import Any

import faust

from streams.settings import Settings
from tests.bench.peers.work import Work, group, works


def main() -> None:
    """Runs until it is killed."""
    settings = Settings()
    app = faust.App(
        group(settings),
        broker=f"kafka://{settings.broker}",
        value_serializer="raw",
        web_enabled=False,
        datadir=settings.datadir,
        topic_disable_leader=True,
        topic_allow_declare=False,
        broker_session_timeout=settings.session_timeout,
        broker_heartbeat_interval=settings.heartbeat_interval,
        consumer_max_fetch_size=settings.topics.dead_letters.max_message_bytes,
        producer_max_request_size=settings.topics.dead_letters.max_message_bytes,
    )
    outputs = {t.name: _topic(app, t.name) for t in settings.topics}
    for topic, work in works(settings).items():
        _add_agent(app, _topic(app, topic), work, outputs)
    faust.Worker(app, loglevel="WARNING").execute_from_commandline()


def _topic(app: faust.App, name: str) -> Any:
    return app.topic(name, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")


def _add_agent(app: faust.App, topic: Any, work: Work, outputs: dict[str, Any]) -> None:
    @app.agent(topic, name=f"agent-{topic}")
    async def process(stream: Any) -> None:
        async for event in stream.events():
            headers = event.headers.items() if isinstance(event.headers, dict) else event.headers
            out = work(event.value, event.message.key, headers)
            await outputs[out.topic].send(key=out.key, value=out.value, headers=list(out.headers))


if __name__ == "__main__":
    main()
